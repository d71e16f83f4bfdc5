"""Masks of a folder of images: found, read as whole numbers, written in the form they came in.

A mask's values are names of classes, so none is ever computed with: a palette keeps its numbers,
and a colour that stands for a class is packed into one number and unpacked again.
"""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from data.images.decoding import FORMATS, PIXEL_LIMIT
from foundation.errors import InputError

SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N")
STORED = {"1": bool, "I;16": np.uint16}  # all others: uint8


@dataclasses.dataclass(frozen=True)
class Mask:
    """One mask.

    Args:
      values: int32 (height, width).
      mode: Pillow's: 1, L, P, RGB or I;16.
      palette: of mode P, as Pillow's `getpalette` gives it.
    """

    values: np.ndarray
    mode: str
    palette: tuple[int, ...] | None = None


def find_masks(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """The mask of each image: the file of the same relative path, whatever its suffix.

    Args:
      folder: of all masks.
      names: of the images, inside their folder, with "/".

    Returns: name -> path.
    Raises: InputError naming the first image without a mask, or with two.
    """
    if not folder.is_dir():
        kind = "is a file" if folder.exists() else "does not exist"
        raise InputError(f"--masks {folder} {kind}", "a folder of masks", "check the path")
    listed: dict[Path, dict[str, list[Path]]] = {}  # a folder -> stem -> its files
    masks = {}
    for name in names:
        image = folder / name
        if image.parent not in listed:
            listed[image.parent] = _by_stem(image.parent)
        candidates = listed[image.parent].get(image.stem, [])
        if image in candidates:
            masks[name] = image
        elif len(candidates) == 1:
            masks[name] = candidates[0]
        else:
            found = " and ".join(path.name for path in candidates) or "nothing"
            raise InputError(
                f"image {name}: {found} in {image.parent} as its mask",
                f"one file {image.stem}.*, such as {image.stem}.png",
                "remove all but one" if candidates else "add the mask",
            )
    return masks


def _by_stem(folder: Path) -> dict[str, list[Path]]:
    """The files of one folder by their names without suffix; none if there is no such folder."""
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and not path.name.startswith("."):
            files.setdefault(path.stem, []).append(path)
    return files


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
    values = np.array(image).astype(np.int32)
    if image.mode in ("1", "L"):
        return Mask(values, image.mode)
    if image.mode == "P":
        return Mask(values, "P", tuple(image.getpalette()))
    if image.mode in SIXTEEN_BITS:
        return Mask(values, "I;16")
    if image.mode == "RGB":
        red, green, blue = np.moveaxis(values, 2, 0)
        return Mask(red << 16 | green << 8 | blue, "RGB")
    raise InputError(
        f"mask {path} has the mode {image.mode}",
        "class numbers: a grey, palette, black-and-white, 16-bit or RGB image",
        "store it in one of these forms",
    )


def mask_picture(mask: Mask) -> Image.Image:
    """A mask as a picture of its own mode, with the same numbers or colours."""
    values = mask.values
    if mask.mode == "RGB":
        values = np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], axis=-1)
    picture = Image.fromarray(values.astype(STORED.get(mask.mode, np.uint8)))
    if mask.mode == "P":
        picture.putpalette(mask.palette)  # the numbers stay, the mode becomes P
    return picture
