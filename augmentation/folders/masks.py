"""Masks of a folder of images: found, read as whole numbers, written in the form they came in.

A mask's values are names of classes, so none is ever computed with: a palette keeps its numbers,
and a colour that stands for a class is packed into one number and unpacked again.
"""

import dataclasses
from pathlib import Path

import numpy as np
from PIL import Image

from data.images.decoding import Unusable, load, opened, turned
from data.images.resizing import MOST_PIXELS
from foundation.errors import InputError

BYTES = ("LA", "RGB", "RGBA")  # colours, and how opaque they are: one number for all
STORED = {"1": bool, **dict.fromkeys(("L", "P", *BYTES), np.uint8)}  # all others: 16 bits
SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N")


@dataclasses.dataclass(frozen=True)
class Mask:
    """The class numbers of an image's pixels, and the form in which they are stored."""

    values: np.ndarray  # int32 (height, width)
    mode: str  # Pillow's: 1, L, P, LA, RGB, RGBA or I;16
    palette: list[int] | None = None  # of mode P, as Pillow's `getpalette` gives it
    reasons: tuple[str, ...] = ()  # what was changed on the way


def find_masks(folder: Path, names: list[str], suffix: str = "") -> list[Path]:
    """The mask of each image: the file of the same relative path, whatever its suffix.

    Args:
      suffix: what the name of a mask has behind that of its image, such as "_mask".

    Raises: InputError naming the first image without a mask, or with two.
    """
    if not folder.is_dir():
        kind = "is a file" if folder.exists() else "does not exist"
        raise InputError(f"--masks {folder} {kind}", "a folder of masks", "check the path")
    images = [path.with_stem(path.stem + suffix) for path in map(folder.joinpath, names)]
    by_stem: dict[Path, list[Path]] = {}
    for parent in {image.parent for image in images if image.parent.is_dir()}:
        for path in sorted(parent.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                by_stem.setdefault(path.with_suffix(""), []).append(path)
    masks = []
    for name, image in zip(names, images, strict=True):
        candidates = by_stem.get(image.with_suffix(""), [])
        if image not in candidates and len(candidates) != 1:
            found = " and ".join(path.name for path in candidates) or "nothing"
            received = f"image {name}: {found} in {image.parent} as its mask"
            mend = "remove all but one" if candidates else "add the mask"
            raise InputError(received, f"one file {image.stem}.*, such as {image.stem}.png", mend)
        masks.append(image if image in candidates else candidates[0])
    return masks


def read_mask(
    path: Path,
    most_pixels: int = MOST_PIXELS,
    shown: tuple[int, int] | None = None,
    orientation: int = 1,
) -> Mask:
    """The class numbers of a mask's pixels; in `decoding_threads`.

    Args:
      shown: (height, width) of its image, upright.
      orientation: by which EXIF turned that. If the mask's file says nothing of it, the size says
        whether the mask lies on the image as it is shown or as it is stored.

    Raises: InputError if it is no image, has no whole numbers up to 65535, or does not fit.
    """
    try:
        with opened(path, most_pixels) as (image, warned):
            own, turn, reasons = load(image, warned)
            if own == 1 < orientation and image.size == shown:  # the two sides are exchanged
                turn, reasons = orientation, [*reasons, "turned as EXIF turns its image"]
            image = turned(image, turn)
            values = np.array(image)
    except Unusable as reason:
        mend = "mend it or remove its image"
        raise InputError(f"mask {path}: {reason}", "an image", mend) from None
    mode = "I;16" if image.mode in SIXTEEN_BITS else image.mode
    with np.errstate(invalid="ignore"):  # NaN is no number
        if mode in ("I", "F") and np.array_equal(values, values.astype(np.uint16)):
            mode, reasons = "I;16", [*reasons, "32 bits stored as 16"]
    if mode not in (*STORED, "I;16"):
        received = f"mask {path} has the mode {mode}"
        expected = "class numbers from 0 to 65535, or colours"
        raise InputError(received, expected, "store it in one of these forms")
    (height, width), (image_height, image_width) = values.shape[:2], shown or values.shape[:2]
    if (height, width) != (image_height, image_width):
        received = f"mask {path} is {width} x {height}, its image is {image_width} x {image_height}"
        raise InputError(received, "a mask as large as its image", "mend it or remove its image")
    if own == 1 < orientation and (orientation < 5 or height == width):
        received = f"EXIF turns the image of mask {path} (orientation {orientation}), not the mask"
        expected = "images that are stored upright, or whose size shows how masks lie"
        raise InputError(received, expected, "store the images upright, without the EXIF tag")
    if mode in BYTES:
        weights = 1 << 8 * np.arange(len(mode))[::-1].astype(np.uint32)
        values = (values * weights).sum(axis=-1, dtype=np.uint32)
    return Mask(values.astype(np.int32), mode, image.getpalette(), tuple(reasons))


def mask_picture(mask: Mask) -> Image.Image:
    """A mask as a picture of its own mode, with the same numbers or colours."""
    values = mask.values
    if mask.mode in BYTES:
        shifts = 8 * np.arange(len(mask.mode))[::-1]
        values = values[..., np.newaxis] >> shifts & 255
    picture = Image.fromarray(values.astype(STORED.get(mask.mode, np.uint16)))
    if mask.mode == "P":
        picture.putpalette(mask.palette)  # the numbers stay, the mode becomes P
    return picture
