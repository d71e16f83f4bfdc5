"""What the geometric transforms have in common: fields, and masks and boxes in step."""

import abc
import dataclasses

import tensorflow as tf

from augmentation.core.batch import Size, size_of
from augmentation.core.boxes import Boxes, clip_boxes, move_boxes
from augmentation.core.fields import option
from augmentation.core.transform import Drawn, Transform
from augmentation.core.warp import FILLS, sample_images, sample_masks

GROUP = "geometry"
VISIBILITY = "a box of which a smaller share than this is left in the image is dropped, in [0, 1]"


@dataclasses.dataclass(frozen=True)
class _Geometric(Transform, abc.ABC):
    """Base of all that may show what lies outside the image: what stands there instead."""

    group = GROUP
    fill: str = option(
        "constant",
        "outside the image: constant (fill_value), reflect (mirrored) or edge (goes on)",
        choices=FILLS,
    )
    fill_value: int = option(0, "grey level outside, in [0, 255]", low=0, high=255)
    mask_fill: int = option(0, "class number outside, in masks", low=0, high=255)
    min_visibility: float = option(0.1, VISIBILITY, low=0.0, high=1.0)


@dataclasses.dataclass(frozen=True)
class _PointMap(_Geometric):
    """Base of those of which a formula says where points, and so the corners of boxes, go."""

    @abc.abstractmethod
    def move(
        self, drawn: Drawn, size: Size, x: tf.Tensor, y: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Where points go, float64 (count, ...); 0 is the border of the first pixel."""

    def boxes(self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size) -> Boxes:
        moved = move_boxes(boxes, lambda x, y: self.move(drawn, size, x, y))
        return clip_boxes(moved, labels, self.size_after(size), self.min_visibility)


@dataclasses.dataclass(frozen=True)
class _Warp(_Geometric):
    """Base of those that move pixels by fractions; a subclass says where each comes from."""

    @abc.abstractmethod
    def positions(self, drawn: Drawn, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
        """Where each pixel comes from: y and x, int32, broadcast to (count, rows, columns), in
        1/256 pixel; 0 is the middle of the first pixel.
        """

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        y, x = self.positions(drawn, size_of(images))
        return sample_images(images, y, x, self.fill, self.fill_value)

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        y, x = self.positions(drawn, size_of(masks))
        return sample_masks(masks, y, x, self.fill, self.mask_fill)
