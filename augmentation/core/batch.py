"""What a recipe works on: images and all that must stay in step with them."""

from typing import NamedTuple

import tensorflow as tf

from foundation.errors import InputError

WHOLE = (tf.uint8, tf.int32, tf.int64)
EXPECTED = {  # dtypes, ranks, meaning
    "images": ((tf.uint8,), (4,), "0 to 255, (count, height, width, channels)"),
    "labels": ((*WHOLE, tf.float32), (1, 2), "(count,), or float32 (count, classes)"),
    "masks": ((tf.uint8, tf.int32), (3,), "class numbers, (count, height, width)"),
    "boxes": ((tf.float32,), (3,), "pixels, (count, most, 4)"),
    "box_labels": ((tf.int32,), (2,), "class numbers, (count, most)"),
}
CONVERT = "convert them"


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


def check_batch(batch: Batch) -> Batch:
    """Arrays become tensors, and what no transform can take is refused; see `check_kinds`."""
    batch = batch.map(tf.convert_to_tensor)
    check_kinds(batch)
    return batch


def check_kinds(batch: Batch) -> None:
    """Refuse dtypes and shapes that no transform can take, of tensors or of their specs.

    Raises: InputError naming the part, what it is, and what is expected.
    """
    for name, part in zip(Batch._fields, batch, strict=True):
        if part is None:
            continue
        dtypes, ranks, meaning = EXPECTED[name]
        if part.dtype not in dtypes:
            wanted = " or ".join(dtype.name for dtype in dtypes)
            raise InputError(f"{name} of dtype {part.dtype.name}", f"{wanted}: {meaning}", CONVERT)
        if part.shape.rank not in ranks:
            raise InputError(f"{name} of shape {part.shape}", meaning, CONVERT)
    if batch.images.shape[-1] not in (1, 3):
        raise InputError(
            f"images of {batch.images.shape[-1]} channels",
            "1 (grey) or 3 (colour), known beforehand",
            CONVERT,
        )
    labels = batch.labels
    if labels is not None and (labels.shape.rank == 2) != (labels.dtype == tf.float32):
        raise InputError(
            f"labels {labels.dtype.name} of shape {labels.shape}",
            "whole numbers (count,), or float32 (count, classes)",
            CONVERT,
        )
    if (batch.boxes is None) != (batch.box_labels is None):
        raise InputError("boxes or box_labels alone", "both", "give every box a label")


def expand(values: tf.Tensor, like: tf.Tensor) -> tf.Tensor:
    """(count,) as (count, 1, ..., 1), to stand beside `like`."""
    return tf.reshape(values, [-1] + [1] * (like.shape.rank - 1))
