"""No image twice: exact duplicates, within a split and across splits, found by their pixels."""

import hashlib

import numpy as np

from data.images.dataset import Change, ImageSplit


def pixel_digest(pixels: np.ndarray) -> bytes:
    """A hash of one image's shape and values: equal for equal images, whatever file held them."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels))
    return digest.digest()


def find_duplicates(
    paths: list[str], digests: list[bytes], labels: list[int | None], ranks: list[int]
) -> dict[int, Change]:
    """Choose which images to drop so that none remains twice.

    Of equal images the one with the lowest rank stays, the first of these if there are several.
    Equal images with different labels all go: nobody can say which label is right.

    Args:
      paths: name of each image, for the reasons.
      digests: `pixel_digest` of each image.
      labels: class of each image, or None.
      ranks: preference of each image's split; test before validation before training, because a
        test set that loses an image is no longer comparable, a training set is.

    Returns: index of each image to drop -> the Change that says why.
    """
    groups: dict[bytes, list[int]] = {}
    for index, digest in enumerate(digests):
        groups.setdefault(digest, []).append(index)
    dropped = {}
    for group in groups.values():
        if len(group) == 1:
            continue
        if len({labels[index] for index in group}) > 1:
            for index in group:
                other = next(i for i in group if labels[i] != labels[index])
                reason = f"same pixels under two labels: {paths[other]}"
                dropped[index] = Change(paths[index], "dropped", reason)
            continue
        kept = min(group, key=lambda index: (ranks[index], index))
        for index in group:
            if index != kept:
                reason = f"duplicate: same pixels as {paths[kept]}"
                dropped[index] = Change(paths[index], "dropped", reason)
    return dropped


def remove_overlap(
    train: ImageSplit, validation: ImageSplit, test: ImageSplit
) -> tuple[ImageSplit, ImageSplit, ImageSplit, list[Change]]:
    """Drop from a published data set what would leak: training images that are also test images.

    Test images all stay, so that figures compare with the literature; so do repetitions within one
    split.

    Returns: (train, validation, test, changes).
    """
    changes = []
    seen = {pixel_digest(pixels): f"test[{index}]" for index, pixels in enumerate(test.images)}
    kept_splits = [test]
    for name, split in (("validation", validation), ("train", train)):
        digests = [pixel_digest(pixels) for pixels in split.images]
        overlap = np.array([digest in seen for digest in digests], bool)
        for index in np.flatnonzero(overlap):
            reason = f"duplicate: same pixels as {seen[digests[index]]}"
            changes.append(Change(f"{name}[{index}]", "dropped", reason))
        kept_splits.append(split.take(np.flatnonzero(~overlap)) if overlap.any() else split)
        for index, digest in enumerate(digests):
            seen.setdefault(digest, f"{name}[{index}]")
    test, validation, train = kept_splits
    return train, validation, test, changes
