"""`folder:PATH`: a user's own images, read in parallel and cleaned."""

import functools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from data.images.assembly import assemble
from data.images.dataset import Change, ImageDataset
from data.images.decoding import DecodedImage, Unusable, decode_image, decoding_threads, judged
from data.images.folder_layout import ImageFile, check_something_left, find_files
from data.images.resizing import AS_IT_IS, Form
from foundation.errors import InputError
from foundation.progress import counted

BYTES_LIMIT = 8 * 2**30  # pixels beyond that do not fit into most computers' memory


class FolderImages(NamedTuple):
    """All readable images of a folder, before anything is dropped or split."""

    images: np.ndarray  # uint8, shape (count, height, width, channels)
    labels: np.ndarray | None  # int64, shape (count,)
    files: list[ImageFile]  # of each image
    class_names: tuple[str, ...]  # of each label; () without
    changes: list[Change]  # every file that was left out or changed, and why


def load_folder(path: str, form: Form = AS_IT_IS, quiet: bool = False) -> ImageDataset:
    """Read, clean and split a folder of images.

    Args: see `read_image_folder`.
    Raises: InputError as `read_image_folder`, or if too few images are left for three splits.
    """
    found = read_image_folder(path, form, quiet)
    names, splits = [file.name for file in found.files], [file.split for file in found.files]
    known = found.labels, names, splits, found.class_names, found.changes
    return assemble(f"folder:{path}", found.images, *known)


def read_image_folder(path: str, form: Form = AS_IT_IS, quiet: bool = False) -> FolderImages:
    """Read a folder of images.

    The images are grey, with one channel, only if every one of them is, or is asked to be; else all
    are colour. Without `form.image_size` all must have one size.

    Raises: InputError if the folder is missing or empty, if a class has no readable image, or if
      sizes differ.
    """
    root = Path(path).expanduser()  # no shell expands ~ after a colon
    layout = find_files(root, form.mask_suffix)
    kept, decoded, changes = [], [], []
    with decoding_threads() as pool:
        form = judged((file.path for file in layout.files), form, pool)
        decode = functools.partial(_decode_or_reason, form=form)
        results = zip(layout.files, pool.map(decode, layout.files), strict=True)
        for file, result in counted(results, len(layout.files), "reading image", quiet):
            if isinstance(result, Unusable):
                changes.append(Change(file.name, "dropped", str(result)))
                continue
            changes += [Change(file.name, "changed", reason) for reason in result.reasons]
            kept.append(file)
            decoded.append(result)
            _check_size(kept, decoded, len(layout.files))
    check_something_left(root, layout, kept, changes)
    images, channel_changes = _one_channel_count(kept, decoded)
    labels = np.array([file.label for file in kept], np.int64) if layout.class_names else None
    masks = [Change(file.name, "dropped", "a mask, by its name") for file in layout.masks]
    changes = layout.changes + masks + changes + channel_changes
    return FolderImages(images, labels, kept, layout.class_names, changes)


def _decode_or_reason(file: ImageFile, form: Form) -> DecodedImage | Unusable:
    """An exception would end `pool.map`; as a value it is one more result."""
    try:
        return decode_image(file.path, form)
    except Unusable as reason:
        return reason


def _check_size(kept: list[ImageFile], images: list[DecodedImage], count: int) -> None:
    """Refuse two sizes, and more pixels than memory, as soon as they show."""
    height, width, _ = images[0].pixels.shape
    new_height, new_width, _ = images[-1].pixels.shape
    if (new_height, new_width) != (height, width):
        raise InputError(
            f"{kept[0].name} is {width} x {height}, {kept[-1].name} is {new_width} x {new_height}",
            "images of one size",
            "add --image-size N, such as --image-size 32",
        )
    needed = images[-1].pixels.size * count
    if needed > BYTES_LIMIT:
        received = f"{count:,} images of {width} x {height} pixels need {needed / 2**30:.1f} GiB"
        expected = f"at most {BYTES_LIMIT / 2**30:.0f} GiB"
        raise InputError(received, expected, "add --image-size N, such as --image-size 32")


def _one_channel_count(
    files: list[ImageFile], decoded: list[DecodedImage]
) -> tuple[np.ndarray, list[Change]]:
    """Stack the images: uint8, shape (count, height, width, 1) if all are grey, else (..., 3)."""
    channels = max(image.pixels.shape[2] for image in decoded)
    height, width, _ = decoded[0].pixels.shape
    images = np.empty((len(decoded), height, width, channels), np.uint8)
    changes = []
    for index, (file, image) in enumerate(zip(files, decoded, strict=True)):
        images[index] = image.pixels  # (height, width, 1) is repeated over three channels
        if image.stored_channels < channels:
            changes.append(Change(file.name, "changed", "grey repeated in three channels"))
        elif image.stored_channels > channels:
            changes.append(Change(file.name, "changed", "three equal channels stored as one"))
    return images, changes
