"""Files of more than 8 bits: their values, and the range that becomes [0, 255]."""

import re
import sys

import numpy as np
from PIL import Image

from data.images.resizing import Form

WHOLE_TOPS, FLOAT_TOPS = [2**bits - 1 for bits in (8, 10, 12, 14, 16)], [1, 255]


def sixteen_bit_colour(image: Image.Image) -> str:
    """The raw mode of a file of 16 bits a colour, not yet loaded; "" of all others.

    Pillow has no such mode: it reads the high bytes without a word, and only the raw mode tells.
    """
    found = re.search("(RGB|LA).?;16[BLN]", " ".join(str(tile.args) for tile in image.tile))
    return found[0] if found else ""


def colour_values(image: Image.Image, again: Image.Image, raw: str) -> np.ndarray:
    """Colours of 16 bits, uint16 (height, width, channels).

    Args: the image, loaded; the same, not loaded, for the low bytes; its raw mode.
    """
    # In the other order of bytes Pillow takes the low ones for the high; grey with transparency it
    # knows in one order only, so that is read as the four bytes that it is.
    other = "L" if raw[-1] == "B" or (raw[-1] == "N" and sys.byteorder == "big") else "B"
    swapped = "RGBA" if raw == "LA;16B" else raw[:-1] + other
    again.tile = [
        tile._replace(args=(swapped, *tile.args[1:]) if type(tile.args) is tuple else swapped)
        for tile in again.tile
    ]
    again.load()
    high, low = np.asarray(image), np.asarray(again)
    if raw == "LA;16B":
        high, low = low[..., [0, 0, 0, 2]], low[..., [1, 1, 1, 3]]
    return high.astype(np.uint16) * 256 + low


def usual_top(values: np.ndarray) -> float | None:
    """The usual end of a range that begins at 0 and holds these values; None: there is none."""
    low, high = values[..., :3].min(), values[..., :3].max()
    tops = FLOAT_TOPS if values.dtype.kind == "f" else WHOLE_TOPS
    return next((top for top in tops if low >= 0 and high <= top), None)


def eight_bits(values: np.ndarray, form: Form) -> tuple[Image.Image, str]:
    """Values of any range to [0, 255], rounded; Pillow's own `convert("L")` clips at 255.

    Returns: (the image, what was done). Raises: ValueError for an unknown range.
    """
    low, high = values[..., :3].min(), values[..., :3].max()
    bottom, top = form.ends or (0, usual_top(values))
    is_float, is_grey = values.dtype.kind == "f", values.shape[2] == 1
    if form.tops and not form.levels and top is not None:
        top = form.tops[is_float]
    if top is None or not np.isfinite([low, high]).all():
        raise ValueError(f"unknown range: {low:g} to {high:g} (say --levels LOW,HIGH)")
    scaled = (np.clip(values.astype(np.float64), bottom, top) - bottom) * (255 / (top - bottom))
    scaled[..., 3:] = values[..., 3:] / 257  # how opaque it is has no other range
    kind = f"{'floating-point' if is_float else '16-bit'} {'grey' if is_grey else 'colour'}"
    cut = ", cut off there" if low < bottom or high > top else ""
    pixels = np.rint(scaled[..., 0] if is_grey else scaled).astype(np.uint8)
    reason = f"{kind} scaled to 8 bits, levels {bottom:g} to {top:g}{cut}"
    return Image.fromarray(pixels), reason
