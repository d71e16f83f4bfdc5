"""A first look at every image and mask of a folder, before anything is written.

What cannot be read is known before the classes are counted, a mask that is missing or of another
size before the work begins, and images of one size can be augmented together.
"""

import dataclasses
from pathlib import Path

import numpy as np

from augmentation.folders.masks import find_masks, read_mask
from data.images.dataset import Change
from data.images.decoding import Unusable, decode_image, decoding_threads
from data.images.folder_layout import ImageFile, check_something_left, find_files
from foundation.errors import InputError
from foundation.files import sha256_of_file
from foundation.progress import counted


@dataclasses.dataclass(frozen=True)
class SourceImage:
    """A readable image, and its mask if there is one."""

    index: int  # its place among all files of the folder; what is drawn for it depends on this
    path: Path
    name: str  # its path inside the folder, with "/"
    augmented: bool  # False for what is held out, to choose or to test with
    shape: tuple[int, int, int]  # 3 channels if the file stores colours, even if all are grey
    sha256: str  # of the bytes of its file
    mask: Path | None = None
    mask_sha256: str = ""


def read_sources(
    root: Path, masks: Path | None = None, workers: int = 1, quiet: bool = False
) -> tuple[list[SourceImage], list[Change]]:
    """Decode every image and mask once.

    Args:
      root: a folder as `folder:PATH` names it, see data.images.folder; sizes may differ.
      masks: the folder of masks, or None.
      workers: files read at a time.
      quiet: no counter on the terminal.

    Returns: all readable images, in order, and what was dropped or changed on the way.
    Raises: InputError if the folder is missing or empty, or a class has no readable image; if a
      mask is missing, unreadable or of another size than its image.
    """
    layout = find_files(root)
    files = sorted(layout.files, key=lambda file: file.path.relative_to(root).parts)
    images, kept, changes = [], [], []
    with decoding_threads(workers) as pool:
        looks = zip(files, pool.map(_look, range(len(files)), files), strict=True)
        for file, (source, reasons) in counted(looks, len(files), "reading image", quiet):
            action = "dropped" if source is None else "changed"
            changes += [Change(file.name, action, reason) for reason in reasons]
            if source is not None:
                images.append(source)
                kept.append(file)
        check_something_left(root, layout, kept, changes)
        if masks is not None:
            found = find_masks(masks, [source.name for source in images])
            looks = pool.map(_with_mask, images, found)
            images = list(counted(looks, len(images), "reading mask", quiet))
    return images, layout.changes + changes


def decode(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """One image: uint8 (height, width, channels), and what was changed on the way.

    A file that stores colours gives three channels, even if every pixel is grey: a folder is to
    come out as it went in.

    Raises: Unusable with the reason.
    """
    image = decode_image(path)
    pixels = image.pixels
    if pixels.shape[2] < image.stored_channels:
        pixels = np.repeat(pixels, image.stored_channels, axis=2)
    return pixels, image.reasons


def _look(index: int, file: ImageFile) -> tuple[SourceImage | None, tuple[str, ...]]:
    """Decode one file: what it is, and what was changed; or None, and why it is unusable."""
    try:
        pixels, reasons = decode(file.path)
    except Unusable as reason:
        return None, (str(reason),)
    augmented = file.split in ("", "train")
    sha256 = sha256_of_file(file.path)
    return SourceImage(index, file.path, file.name, augmented, pixels.shape, sha256), reasons


def _with_mask(source: SourceImage, mask: Path) -> SourceImage:
    """The source with its mask, which is read to be sure that it fits."""
    size = read_mask(mask).values.shape
    if size != source.shape[:2]:
        (height, width), (image_height, image_width, _) = size, source.shape
        raise InputError(
            f"mask {mask} is {width} x {height}, image {source.name} is "
            f"{image_width} x {image_height}",
            "a mask as large as its image",
            "mend it or remove its image",
        )
    return dataclasses.replace(source, mask=mask, mask_sha256=sha256_of_file(mask))
