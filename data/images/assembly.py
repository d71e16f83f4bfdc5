"""From a heap of images to a data set: duplicates dropped, splits completed, counts checked."""

import numpy as np

from data.images.dataset import Change, ImageDataset, ImageSplit
from data.images.duplicates import find_duplicates, pixel_digest
from data.splits import stratified_draw
from foundation.errors import InputError

# Of equal images in two splits the test image stays, then the validation image.
RANKS = {"test": 0, "validation": 1, "train": 2, "": 2}
HELD_OUT_SHARE = 0.1
MINIMUM_PER_SPLIT = 2  # with one image no spread, distance or distribution can be measured
MINIMUM_PER_CLASS = 3  # to be drawn from: one may go to test and one to validation


def assemble(
    name: str,
    images: np.ndarray,
    labels: np.ndarray | None,
    paths: list[str],
    splits: list[str],
    class_names: tuple[str, ...],
    changes: list[Change],
) -> ImageDataset:
    """Drop duplicates, then draw the splits that are missing; always the same ones.

    Args:
      name: of the data set.
      images: uint8, shape (count, height, width, channels).
      labels: int64, shape (count,), or None.
      paths: what to call each image in `changes`.
      splits: of each image: "train", "validation", "test"; all "" to draw 80/10/10. Without test
        or validation images, a stratified tenth of train becomes that split.
      class_names: name of each label.
      changes: what was done to the images before.

    Raises: InputError if a split has fewer than 2 images or a class none to train on.
    """
    strata = np.zeros(len(images), np.int64) if labels is None else labels
    dropped = find_duplicates(
        paths,
        [pixel_digest(pixels) for pixels in images],
        strata.tolist(),
        [RANKS[split] for split in splits],
    )
    split_of = np.array(["train" if split == "" else split for split in splits], object)
    split_of[list(dropped)] = "dropped"
    missing = [split for split in ("test", "validation") if split not in splits]
    if labels is not None:
        needed = MINIMUM_PER_CLASS if missing else 1
        _check_class_counts(name, labels, split_of, class_names, needed)
    held_out = max(round(HELD_OUT_SHARE * np.count_nonzero(split_of == "train")), MINIMUM_PER_SPLIT)
    for split in missing:
        train = np.flatnonzero(split_of == "train")
        split_of[train[stratified_draw(strata[train], min(held_out, len(train)))]] = split
    parts = {}
    for split in ("train", "validation", "test"):
        indices = np.flatnonzero(split_of == split)
        if len(indices) < MINIMUM_PER_SPLIT:
            raise InputError(
                f"{name} leaves {len(indices)} images for {split} "
                f"({len(images)} readable, {len(dropped)} of them dropped as duplicates)",
                f"at least {MINIMUM_PER_SPLIT} each for train, validation and test",
                "add images",
            )
        parts[split] = ImageSplit(images[indices], None if labels is None else labels[indices])
    changes = changes + [dropped[index] for index in sorted(dropped)]
    return ImageDataset(name, **parts, class_names=class_names, changes=tuple(changes))


def _check_class_counts(
    name: str,
    labels: np.ndarray,
    split_of: np.ndarray,
    class_names: tuple[str, ...],
    needed: int,
) -> None:
    """Refuse a class with too few images for training: a generator would invent what it holds."""
    train_counts = np.bincount(labels[split_of == "train"], minlength=len(class_names))
    for label in np.flatnonzero(train_counts < needed):
        raise InputError(
            f"{name}: class {class_names[label]!r} has {train_counts[label]} different images "
            "to train on and to draw splits from",
            f"at least {needed}",
            "add images of this class or remove it",
        )
