"""One image file to 8-bit pixels: what its format hides is brought out, and told.

Files come from anywhere, so the list of formats is short, the number of pixels is checked in the
header before anything is decoded, and a file cut short is refused rather than filled up with grey.
"""

import concurrent.futures
import contextlib
import dataclasses
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from data.images.resizing import transform_image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
PIXEL_LIMIT = 25_000_000  # a 24-megapixel photograph; Pillow itself warns at 89 million only
AT_MOST = f"at most {PIXEL_LIMIT:,}"
EXIF_ORIENTATION = 0x0112


class Unusable(Exception):
    """This file gives no image; the text is the reason."""


@dataclasses.dataclass(frozen=True)
class DecodedImage:
    """One image: one channel if it is grey, however its file stores it, else three."""

    pixels: np.ndarray  # uint8 in [0, 255], shape (height, width, channels)
    stored_channels: int  # 1 or 3
    reasons: tuple[str, ...]  # what was changed on the way


@contextlib.contextmanager
def decoding_threads(workers: int | None = None) -> Iterator[concurrent.futures.Executor]:
    """Threads for `decode_image`; after an error or Ctrl-C nothing more is begun.

    What Pillow only warns of makes a file unusable meanwhile: that is set once, here, because the
    filters of warnings belong to all threads.
    """
    Image.init()  # otherwise every thread would import Pillow's formats
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        pool = concurrent.futures.ThreadPoolExecutor(workers)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def decode_image(path: Path, image_size: int | None = None, denoise: bool = False) -> DecodedImage:
    """Read one file; in `decoding_threads`, where Pillow's warnings are errors.

    Args:
      path: the file.
      image_size, denoise: see `transform_image`.

    Raises: Unusable with the reason why the file gives no image.
    """
    image, reasons = _open(path, image_size)
    image, mode_reasons = _to_grey_or_colour(image)
    stored_channels = len(image.getbands())
    image, transform_reasons = transform_image(image, image_size, denoise)
    pixels = np.asarray(image).reshape(image.height, image.width, -1)
    if pixels.shape[2] == 3 and (pixels == pixels[..., :1]).all():
        pixels = pixels[..., :1]
    return DecodedImage(
        np.array(pixels), stored_channels, tuple(reasons + mode_reasons + transform_reasons)
    )


def _open(path: Path, image_size: int | None) -> tuple[Image.Image, list[str]]:
    """Open, check and decode; first frame, upright."""
    reasons = []
    try:
        if path.stat().st_size == 0:
            raise Unusable("empty file")
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise Unusable(f"too many pixels: {image.width} x {image.height}, {AT_MOST}")
            if getattr(image, "is_animated", False):
                image.seek(0)
                reasons.append("several frames: only the first used")
            if _stores_sixteen_bit_colour(image):
                reasons.append("16-bit colour reduced to 8 bits")
            if image_size is not None:
                # A JPEG decoder can shrink while it decodes, many times faster; twice the wanted
                # size leaves the antialiasing to `transform_image`. Other formats ignore this.
                image.draft(None, (2 * image_size, 2 * image_size))
            image.load()
            if image.getexif().get(EXIF_ORIENTATION, 1) in range(2, 9):
                reasons.append("EXIF orientation applied")
            return ImageOps.exif_transpose(image), reasons
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable(f"too many pixels: more than Pillow opens, {AT_MOST}") from None
    except Image.UnidentifiedImageError:
        raise Unusable(f"not an image: none of {', '.join(FORMATS)}") from None
    except Exception as error:
        # Pillow's decoders raise OSError, SyntaxError, ValueError, struct.error and others for
        # damaged files, and each such file must be listed, not end the run.
        raise Unusable(f"unreadable: {' '.join(str(error).split())[:200]}") from None


def _stores_sixteen_bit_colour(image: Image.Image) -> bool:
    """Pillow reads 16-bit colour by its high bytes without a word; only the raw mode tells."""
    if image.mode not in ("RGB", "RGBA", "LA"):
        return False
    raw_modes = [tile.args[0] if isinstance(tile.args, tuple) else tile.args for tile in image.tile]
    return any(";16" in str(raw_mode) for raw_mode in raw_modes)


def _to_grey_or_colour(image: Image.Image) -> tuple[Image.Image, list[str]]:
    """Any of Pillow's modes to L or RGB, with values in [0, 255]."""
    if image.mode.startswith(("I", "F")):  # I;16 and its kin
        return _scaled(image)
    if image.has_transparency_data:
        return _on_white(image)
    if image.mode in ("L", "RGB"):
        return image, []
    if image.mode == "1":
        return image.convert("L"), ["black and white stored as 8-bit grey"]
    if image.mode == "P":
        return image.convert("RGB"), ["palette replaced by its colours"]
    if image.mode in ("CMYK", "YCbCr"):
        return image.convert("RGB"), [f"{image.mode} converted to RGB"]
    raise Unusable(f"unsupported mode: {image.mode}")


def _on_white(image: Image.Image) -> tuple[Image.Image, list[str]]:
    """Put what is transparent on white: under it a file may hold any colour, usually black."""
    reasons = ["palette replaced by its colours"] if image.mode in ("P", "PA") else []
    grey = image.mode in ("1", "L", "LA")
    layers = image.convert("RGBA")
    if layers.getextrema()[3] == (255, 255):
        reasons.append("alpha channel removed, it was opaque throughout")
    else:
        reasons.append("transparency composited on white")
    white = Image.new("RGBA", layers.size, "white")
    return Image.alpha_composite(white, layers).convert("L" if grey else "RGB"), reasons


def _scaled(image: Image.Image) -> tuple[Image.Image, list[str]]:
    """Integers in [0, 65535], floats in [0, 1] or [0, 255] to [0, 255], rounded.

    Pillow's own `convert("L")` clips everything above 255.
    """
    values = np.asarray(image).astype(np.float64)
    kind, largest, range_ = "16-bit", 65_535, "32-bit integers outside [0, 65535]"
    if image.mode == "F":
        kind, largest = "floating-point", 1 if values.max() <= 1 else 255
        range_ = "floating-point values outside [0, 1] and [0, 255]"
    if not (values.min() >= 0 and values.max() <= largest):  # of NaN, too
        raise Unusable(f"unknown range: {range_}")
    scaled = np.rint(values * (255 / largest)).astype(np.uint8)
    return Image.fromarray(scaled), [f"{kind} grey scaled to 8 bits"]
