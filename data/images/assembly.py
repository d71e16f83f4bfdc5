"""From images to splits that share none: duplicates go, splits that are missing are drawn."""

import hashlib
from collections.abc import Sequence

import numpy as np

from data.images.dataset import Change, ImageDataset, ImageSplit
from data.images.resizing import transform_array
from data.splits import MINIMUM_PER_CLASS, stratified_draw
from foundation.errors import InputError

# Of equal images in two splits the test image stays, then the validation image: a test set that
# loses an image is no longer comparable, a training set is.
RANKS = {"test": 0, "validation": 1, "train": 2, "": 2}
HELD_OUT_SHARE = 0.1
MINIMUM_PER_SPLIT = 2  # with one image no spread, distance or distribution can be measured


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
    digests = [pixel_digest(pixels) for pixels in images]
    dropped = find_duplicates(paths, digests, strata.tolist(), [RANKS[each] for each in splits])
    split_of = np.array(["train" if split == "" else split for split in splits], object)
    split_of[list(dropped)] = "dropped"
    missing = [split for split in ("test", "validation") if split not in splits]
    # A class with too few images to train on is refused: a generator would invent what it holds.
    needed = MINIMUM_PER_CLASS if missing else 1
    train_counts = np.bincount(strata[split_of == "train"], minlength=len(class_names))
    for label in np.flatnonzero(train_counts < needed) if class_names else ():
        raise InputError(
            f"{name}: class {class_names[label]!r} has {train_counts[label]} different images "
            "to train on and to draw splits from",
            f"at least {needed}",
            "add images of this class or remove it",
        )
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


def published(
    name: str,
    arrays: Sequence[np.ndarray],
    validation_count: int,
    class_names: tuple[str, ...],
    image_size: int | None,
    denoise: bool,
) -> ImageDataset:
    """A data set in its published splits; the end of its training set validates.

    What would leak is dropped: training images that are also test or validation images, validation
    images that are also test images. Test images all stay, so that figures compare with the
    literature; so do repetitions within one split.

    Args:
      arrays: training images uint8 (count, height, width[, channels]) in [0, 255], training labels
        (count,) or (count, 1), test images, test labels.
      validation_count: how many of the last training images validate.
      class_names: name of each label.
      image_size, denoise: see `data.images.load.load_images`.
    """
    train_images, train_labels, test_images, test_labels = arrays
    boundary = len(train_images) - validation_count
    given = {
        "train": (train_images[:boundary], train_labels[:boundary]),
        "validation": (train_images[boundary:], train_labels[boundary:]),
        "test": (test_images, test_labels),
    }
    splits, changes = {}, []
    for split, (images, labels) in given.items():
        images = images.reshape(*images.shape[:3], -1)  # grey: (count, height, width, 1)
        images, reasons = transform_array(images, image_size, denoise)
        splits[split] = ImageSplit(images, labels.reshape(-1).astype(np.int64))
        changes += [
            Change(f"{split}[{index}]", "changed", reason)
            for reason in reasons
            for index in range(len(images))
        ]
    seen: dict[bytes, str] = {}
    for split in ("test", "validation", "train"):
        digests = [pixel_digest(pixels) for pixels in splits[split].images]
        leaks = np.array([digest in seen for digest in digests], bool)
        for index in np.flatnonzero(leaks):
            reason = f"duplicate: same pixels as {seen[digests[index]]}"
            changes.append(Change(f"{split}[{index}]", "dropped", reason))
        if leaks.any():
            splits[split] = splits[split].take(np.flatnonzero(~leaks))
        for index, digest in enumerate(digests):
            seen.setdefault(digest, f"{split}[{index}]")
    return ImageDataset(name, **splits, class_names=class_names, changes=tuple(changes))


def pixel_digest(pixels: np.ndarray) -> bytes:
    """A hash of one image's shape and values: equal for equal images, whatever file held them."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels))
    return digest.digest()


def find_duplicates(
    paths: list[str], digests: list[bytes], labels: list[int], ranks: list[int]
) -> dict[int, Change]:
    """Choose which images to drop so that none remains twice.

    Of equal images the one with the lowest rank stays, the first of these if there are several.
    Equal images with different labels all go: nobody can say which label is right.

    Args: of each image its name, `pixel_digest`, class, and the rank of its split.
    Returns: index of each image to drop -> the Change that says why.
    """
    groups: dict[bytes, list[int]] = {}
    for index, digest in enumerate(digests):
        groups.setdefault(digest, []).append(index)
    dropped = {}
    for group in groups.values():
        kept = min(group, key=lambda index: (ranks[index], index))
        contradictory = len({labels[index] for index in group}) > 1
        for index in group:
            if contradictory:
                other = next(each for each in group if labels[each] != labels[index])
                reason = f"same pixels under two labels: {paths[other]}"
            elif index != kept:
                reason = f"duplicate: same pixels as {paths[kept]}"
            else:
                continue
            dropped[index] = Change(paths[index], "dropped", reason)
    return dropped
