"""What a recipe works on: images and all that must stay in step with them."""

from typing import NamedTuple

import tensorflow as tf


class Batch(NamedTuple):
    """Images with their targets; what there is not is None.

    images: uint8 (count, height, width, channels), 1 or 3 channels.
    labels: int64 (count,), or float32 (count, classes) whose rows sum to 1 (after mixing).
    masks: uint8 or int32 (count, height, width): class numbers, never blended.
    boxes: float32 (count, most, 4): x_min, y_min, x_max, y_max in pixels; the image covers
      [0, width] x [0, height], so the box of one pixel (x, y) is x, y, x + 1, y + 1.
    box_labels: int32 (count, most); -1: there is no box here.
    """

    images: tf.Tensor
    labels: tf.Tensor | None = None
    masks: tf.Tensor | None = None
    boxes: tf.Tensor | None = None
    box_labels: tf.Tensor | None = None

    def map(self, function) -> "Batch":
        """`function` applied to everything that is there."""
        return Batch(*[None if part is None else function(part) for part in self])


def choose(chosen: tf.Tensor, yes: Batch, no: Batch) -> Batch:
    """For each image the one batch or the other; `chosen` is bool (count,)."""
    return Batch(
        *[
            None if a is None else tf.where(expand(chosen, a), a, b)
            for a, b in zip(yes, no, strict=True)
        ]
    )


def expand(values: tf.Tensor, like: tf.Tensor) -> tf.Tensor:
    """(count,) as (count, 1, ..., 1), to stand beside `like`."""
    return tf.reshape(values, [-1] + [1] * (like.shape.rank - 1))
