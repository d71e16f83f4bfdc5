"""Mirror images and quarter turns: pixels change places and keep their values."""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from augmentation.core.boxes import Boxes
from augmentation.core.fields import option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size, Transform
from augmentation.core.warp import frame, take_pixels
from augmentation.transforms.geometry.base import GROUP

SHARE = "share of the images that are flipped, in [0, 1]"


def flip_left_right(values: tf.Tensor) -> tf.Tensor:
    """Images (count, height, width, channels) or masks (count, height, width), any type."""
    return tf.reverse(values, axis=[2])


def flip_up_down(values: tf.Tensor) -> tf.Tensor:
    """Images (count, height, width, channels) or masks (count, height, width), any type."""
    return tf.reverse(values, axis=[1])


def rotate_quarters(values: tf.Tensor, turns: tf.Tensor) -> tf.Tensor:
    """Turn by quarters, counter-clockwise.

    Args:
      values: images (count, height, width, channels) or masks (count, height, width), any type.
      turns: int32 (count,), 0 to 3; only 0 and 2 where height and width differ.

    Returns: the same shape.
    """
    values = tf.convert_to_tensor(values)
    height, width = frame(values)
    y = tf.range(height)[tf.newaxis, :, tf.newaxis]
    x = tf.range(width)[tf.newaxis, tf.newaxis, :]
    turns = turns[:, tf.newaxis, tf.newaxis]
    odd = tf.bitwise.bitwise_and(turns, 1) == 1
    # half a turn is a mirror on both axes; a quarter: the row that comes is the column that went
    flipped_y, flipped_x = turns >= 2, (turns == 1) | (turns == 2)
    from_y, from_x = tf.where(odd, x, y), tf.where(odd, y, x)
    from_y = tf.where(flipped_y, height - 1 - from_y, from_y)
    from_x = tf.where(flipped_x, width - 1 - from_x, from_x)
    return take_pixels(values, from_y, from_x, fill="edge")


@dataclasses.dataclass(frozen=True)
class HorizontalFlip(Transform):
    """Left becomes right; half of the images unless said otherwise."""

    probability: float = option(0.5, SHARE, low=0.0, high=1.0)

    group: ClassVar[str] = GROUP

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return flip_left_right(images)

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return flip_left_right(masks)

    def boxes(self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size) -> Boxes:
        return _mirrored(boxes, labels, tf.cast(size.width, tf.float32), 0), labels


@dataclasses.dataclass(frozen=True)
class VerticalFlip(Transform):
    """The top becomes the bottom; half of the images unless said otherwise."""

    probability: float = option(0.5, SHARE, low=0.0, high=1.0)

    group: ClassVar[str] = GROUP

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return flip_up_down(images)

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return flip_up_down(masks)

    def boxes(self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size) -> Boxes:
        return _mirrored(boxes, labels, tf.cast(size.height, tf.float32), 1), labels


@dataclasses.dataclass(frozen=True)
class Rotate90(Transform):
    """No, a quarter, half or three quarters of a turn, each as likely as the others.

    Images that are not square keep their shape: they are turned by no or half a turn.
    """

    group: ClassVar[str] = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        square = tf.equal(size.height, size.width)
        turns = draws.integers(0, 4)
        return {"turns": tf.where(square, turns, tf.bitwise.bitwise_and(turns, 2))}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return rotate_quarters(images, drawn["turns"])

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return rotate_quarters(masks, drawn["turns"])

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


def _mirrored(boxes: tf.Tensor, labels: tf.Tensor, length: tf.Tensor, axis: int) -> tf.Tensor:
    """Boxes seen in a mirror; `axis` 0: x, 1: y; `length`: of the image on that axis."""
    parts = tf.unstack(boxes, axis=-1)
    parts[axis], parts[axis + 2] = length - parts[axis + 2], length - parts[axis]
    return tf.where((labels >= 0)[..., tf.newaxis], tf.stack(parts, axis=-1), boxes)
