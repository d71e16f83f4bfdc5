"""What a recipe works on: images and all that must stay in step with them."""

from collections.abc import Callable
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
TO_WHOLE = (  # what image_dataset_from_directory gives, what keras.Input expects by default
    "write dataset.unbatch().map(lambda image, label: (tf.cast(image, tf.uint8), label)) if they "
    'are in [0, 255], and keras.Input(shape, dtype="uint8") before a RecipeLayer'
)


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

    def map(self, function: Callable, *others: "Batch") -> "Batch":
        """`function` applied to everything that is there, beside the same of other batches."""
        together = zip(self, *others, strict=True)
        return Batch(*[None if parts[0] is None else function(*parts) for parts in together])


NAMES = {"image": "images", "label": "labels", "mask": "masks"}  # as data sets often say
NAMES |= {name: name for name in Batch._fields}


class Size(NamedTuple):
    """Of the images of a batch; height and width are tensors where they differ between calls."""

    height: int | tf.Tensor
    width: int | tf.Tensor
    channels: int


def size_of(values: tf.Tensor) -> Size:
    """Of images or masks; static where known: then shapes stay known behind it."""
    dynamic = tf.shape(values)
    _, height, width, *channels = values.shape
    return Size(
        dynamic[1] if height is None else height,
        dynamic[2] if width is None else width,
        channels[0] if channels else 1,
    )


def expand(values: tf.Tensor, like: tf.Tensor) -> tf.Tensor:
    """(count,) as (count, 1, ..., 1), to stand beside `like`."""
    return tf.reshape(values, [-1] + [1] * (like.shape.rank - 1))


def checked(batch: Batch) -> Batch:
    """The batch of tensors, or of their specs, unless no transform can take it.

    Raises: InputError naming the part, what it is, and what is expected.
    """
    for name, part in zip(Batch._fields, batch, strict=True):
        if part is None:
            continue
        dtypes, ranks, meaning = EXPECTED[name]
        mend = TO_WHOLE if name == "images" else CONVERT
        if part.dtype not in dtypes:
            wanted = " or ".join(dtype.name for dtype in dtypes)
            raise InputError(f"{name} of dtype {part.dtype.name}", f"{wanted}: {meaning}", mend)
        if part.shape.rank not in ranks:
            raise InputError(f"{name} of shape {part.shape}", meaning, mend)
    channels, labels = batch.images.shape[-1], batch.labels
    if channels not in (1, 3):
        known = "1 (grey) or 3 (colour), known beforehand"
        raise InputError(f"images of {channels} channels", known, CONVERT)
    if labels is not None and (labels.shape.rank == 2) != (labels.dtype == tf.float32):
        received = f"labels {labels.dtype.name} of shape {labels.shape}"
        raise InputError(received, "whole numbers (count,), or float32 (count, classes)", CONVERT)
    if (batch.boxes is None) != (batch.box_labels is None):
        raise InputError("boxes or box_labels alone", "both", "give every box a label")
    return batch


def with_checked_boxes(batch: Batch) -> Batch:
    """The batch, unless a box that is there (label 0 or more) cannot be one in pixels.

    Raises: InputError; in a graph, when it runs, tf.errors.InvalidArgumentError with its words.
    """
    if batch.boxes is None:
        return batch
    x_min, y_min, x_max, y_max = tf.unstack(batch.boxes, axis=-1)
    wrong = {
        "boxes without area or reversed": ~((x_max > x_min) & (y_max > y_min)),
        "boxes within [0, 1]": tf.reduce_all((batch.boxes >= 0) & (batch.boxes <= 1), axis=-1),
    }
    asserted = []
    for received, boxes in wrong.items():
        good = tf.reduce_all(~boxes | (batch.box_labels < 0))
        error = InputError(received, "x_min, y_min, x_max, y_max in pixels", "convert or mend them")
        if not tf.executing_eagerly():
            asserted.append(tf.debugging.Assert(good, [str(error)]))
        elif not good:
            raise error
    with tf.control_dependencies(asserted):
        return batch._replace(boxes=tf.identity(batch.boxes))


def named_parts(sample: object) -> dict[str, object]:
    """The parts of a sample that transforms know, by their names in Batch.

    Args:
      sample: images; (images, labels, ...); or a dict with keys out of NAMES and others.

    Raises: InputError for another structure, or without images.
    """
    if isinstance(sample, dict):
        parts = {NAMES[key]: value for key, value in sample.items() if key in NAMES}
        if "images" not in parts:
            received = f"a sample with the keys {', '.join(map(str, sample))}"
            raise InputError(received, "the key images (or image)", "rename that of the images")
        return parts
    if not isinstance(sample, tuple | list):
        return {"images": sample}
    if not sample or isinstance(sample[0], tuple | list | dict):
        received = f"a sample that is a {type(sample).__name__} without an image in front"
        expected = "(image, label, ...), or a dict with the key images"
        raise InputError(received, expected, "map it to one of these")
    return dict(zip(("images", "labels"), sample, strict=False))


def to_batch(sample: object) -> tuple[Batch, Callable[[Batch], object]]:
    """A sample's Batch, and the function that puts a changed Batch back into its structure.

    What transforms do not know (a third part, other keys) comes back as it is.
    """
    batch = Batch(**named_parts(sample))

    def restore(changed: Batch) -> object:
        if isinstance(sample, dict):
            return sample | {k: getattr(changed, NAMES[k]) for k in sample if k in NAMES}
        if isinstance(sample, tuple | list):
            make = getattr(type(sample), "_make", type(sample))  # a named tuple takes no list
            return make([*(changed.images, changed.labels)[: len(sample)], *sample[2:]])
        return changed.images

    return batch, restore
