"""Masks of a folder of images: found, read as whole numbers, written in the form they came in.

A mask's values are names of classes, so none is ever computed with: a palette keeps its numbers,
and a colour that stands for a class is packed into one number and unpacked again.
"""

import dataclasses
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from data.images.decoding import FORMATS, PIXEL_LIMIT
from foundation.errors import InputError

STORED = {"1": bool, "L": np.uint8, "P": np.uint8, "RGB": np.uint8}  # all others: 16 bits
SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N")


@dataclasses.dataclass(frozen=True)
class Mask:
    """The class numbers of an image's pixels, and the form in which they are stored."""

    values: np.ndarray  # int32 (height, width)
    mode: str  # Pillow's: 1, L, P, RGB or I;16
    palette: list[int] | None = None  # of mode P, as Pillow's `getpalette` gives it


def find_masks(folder: Path, names: list[str]) -> list[Path]:
    """The mask of each image: the file of the same relative path, whatever its suffix.

    Raises: InputError naming the first image without a mask, or with two.
    """
    if not folder.is_dir():
        kind = "is a file" if folder.exists() else "does not exist"
        raise InputError(f"--masks {folder} {kind}", "a folder of masks", "check the path")
    images = [folder / name for name in names]
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
            raise InputError(
                f"image {name}: {found} in {image.parent} as its mask",
                f"one file {image.stem}.*, such as {image.stem}.png",
                "remove all but one" if candidates else "add the mask",
            )
        masks.append(image if image in candidates else candidates[0])
    return masks


def read_mask(path: Path) -> Mask:
    """The class numbers of a mask's pixels.

    Raises: InputError if it is no image, or its mode has no whole numbers.
    """
    try:
        with Image.open(path, formats=FORMATS) as opened:
            if opened.width * opened.height > PIXEL_LIMIT:
                raise ValueError(f"{opened.width} x {opened.height} are too many pixels")
            image = ImageOps.exif_transpose(opened)
            image.load()
    except Exception as error:  # Pillow's decoders raise errors of many types
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"mask {path}: {reason}", "an image", "mend it or remove its image"
        ) from None
    mode = "I;16" if image.mode in SIXTEEN_BITS else image.mode
    if mode not in (*STORED, "I;16"):
        raise InputError(
            f"mask {path} has the mode {mode}",
            "class numbers: a grey, palette, black-and-white, 16-bit or RGB image",
            "store it in one of these forms",
        )
    values = np.array(image).astype(np.int32)
    if mode == "RGB":
        values = values @ np.array([1 << 16, 1 << 8, 1], np.int32)
    return Mask(values, mode, image.getpalette())


def mask_picture(mask: Mask) -> Image.Image:
    """A mask as a picture of its own mode, with the same numbers or colours."""
    values = mask.values
    if mask.mode == "RGB":
        values = np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], axis=-1)
    picture = Image.fromarray(values.astype(STORED.get(mask.mode, np.uint16)))
    if mask.mode == "P":
        picture.putpalette(mask.palette)  # the numbers stay, the mode becomes P
    return picture
