"""Mirror images and quarter turns: pixels change places and keep their values."""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from augmentation.core.batch import Size, size_of
from augmentation.core.boxes import Boxes
from augmentation.core.fields import option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Transform
from augmentation.core.warp import take_pixels
from augmentation.transforms.geometry.base import GROUP


@dataclasses.dataclass(frozen=True)
class _Flip(Transform):
    """Base: mirrors one axis of the images."""

    group = GROUP
    axis: ClassVar[int]  # 1: of the rows, 2: of the columns
    probability: float = option(
        0.5, "share of the images that are flipped, in [0, 1]", low=0.0, high=1.0
    )

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return tf.reverse(images, axis=[self.axis])

    masks = images  # of any rank

    def boxes(self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size) -> Boxes:
        length, first = tf.cast(size[self.axis - 1], tf.float32), 2 - self.axis
        parts = tf.unstack(boxes, axis=-1)
        parts[first], parts[first + 2] = length - parts[first + 2], length - parts[first]
        there = (labels >= 0)[..., tf.newaxis]
        return tf.where(there, tf.stack(parts, axis=-1), boxes), labels


@dataclasses.dataclass(frozen=True)
class HorizontalFlip(_Flip):
    """Left becomes right; half of the images unless said otherwise."""

    axis = 2


@dataclasses.dataclass(frozen=True)
class VerticalFlip(_Flip):
    """The top becomes the bottom; half of the images unless said otherwise."""

    axis = 1


@dataclasses.dataclass(frozen=True)
class Rotate90(Transform):
    """No, a quarter, half or three quarters of a turn, each as likely as the others.

    Images that are not square keep their shape: they are turned by no or half a turn.
    """

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        square = tf.equal(size.height, size.width)
        turns = draws.integers(0, 4)
        return {"turns": tf.where(square, turns, turns & 2)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        height, width, _ = size_of(images)
        y = tf.range(height)[tf.newaxis, :, tf.newaxis]
        x = tf.range(width)[tf.newaxis, tf.newaxis, :]
        turns = drawn["turns"][:, tf.newaxis, tf.newaxis]
        odd = turns % 2 == 1
        # half a turn mirrors both axes; a quarter: the row that comes is the column that went
        flipped_y, flipped_x = turns >= 2, (turns == 1) | (turns == 2)
        from_y, from_x = tf.where(odd, x, y), tf.where(odd, y, x)
        from_y = tf.where(flipped_y, height - 1 - from_y, from_y)
        from_x = tf.where(flipped_x, width - 1 - from_x, from_x)
        return take_pixels(images, from_y, from_x, fill="edge")

    masks = images  # of any rank

    def boxes(self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size) -> Boxes:
        turns = drawn["turns"][:, tf.newaxis, tf.newaxis]
        width, height = tf.cast(size.width, tf.float32), tf.cast(size.height, tf.float32)
        x_min, y_min, x_max, y_max = tf.unstack(boxes, axis=-1)
        quarter = tf.stack([y_min, width - x_max, y_max, width - x_min], axis=-1)
        half = tf.stack([width - x_max, height - y_max, width - x_min, height - y_min], axis=-1)
        three = tf.stack([height - y_max, x_min, height - y_min, x_max], axis=-1)
        turned = tf.where(turns == 1, quarter, tf.where(turns == 2, half, three))
        there = (labels >= 0)[..., tf.newaxis]
        return tf.where(there & (turns > 0), turned, boxes), labels
