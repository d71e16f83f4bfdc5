"""The shapes in which users hold samples, and the Batch that transforms work on."""

from collections.abc import Callable

from augmentation.core.batch import Batch
from foundation.errors import InputError

# as Batch names them, and as data sets often do
NAMES = {
    "images": "images",
    "image": "images",
    "labels": "labels",
    "label": "labels",
    "masks": "masks",
    "mask": "masks",
    "boxes": "boxes",
    "box_labels": "box_labels",
}


def named_parts(sample: object) -> dict[str, object]:
    """The parts of a sample that transforms know, by their names in Batch.

    Args:
      sample: images; (images, labels, ...); or a dict with keys out of NAMES and others.

    Raises: InputError for another structure, or without images.
    """
    if isinstance(sample, dict):
        parts = {NAMES[key]: value for key, value in sample.items() if key in NAMES}
        if "images" not in parts:
            raise InputError(
                f"a sample with the keys {', '.join(map(str, sample))}",
                "the key images (or image)",
                "rename the key of the images",
            )
        return parts
    if isinstance(sample, tuple | list):
        if not sample or isinstance(sample[0], tuple | list | dict):
            raise InputError(
                f"a sample that is a {type(sample).__name__} without an image in front",
                "(image, label, ...), or a dict with the key images",
                "map it to one of these",
            )
        return dict(zip(("images", "labels"), sample, strict=False))
    return {"images": sample}


def to_batch(sample: object) -> tuple[Batch, Callable[[Batch], object]]:
    """A sample's Batch, and the function that puts a changed Batch back into its structure.

    What transforms do not know (a third part, other keys) comes back as it is.
    """
    batch = Batch(**named_parts(sample))

    def restore(changed: Batch) -> object:
        if isinstance(sample, dict):
            known = {k: getattr(changed, NAMES[k]) for k in sample if k in NAMES}
            return {**sample, **known}
        if isinstance(sample, tuple | list):
            changed_parts = (changed.images, changed.labels)[: len(sample)]
            make = getattr(type(sample), "_make", type(sample))  # a named tuple takes no list
            return make([*changed_parts, *sample[2:]])
        return changed.images

    return batch, restore
