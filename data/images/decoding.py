"""One image file to 8-bit pixels: what its format hides is brought out, and told.

Files come from anywhere, so the list of formats is short, the number of pixels is checked in the
header before anything is decoded, and a file cut short is refused rather than filled up with grey.
What Pillow only warns of (a damaged tag, wrong counts of frames) is told, and the image is kept.
"""

import concurrent.futures
import contextlib
import dataclasses
import re
import threading
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from data.images.levels import colour_values, eight_bits, sixteen_bit_colour, usual_top
from data.images.resizing import AS_IT_IS, Form, transform_image

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "AVIF", "JPEG2000", "ICO", "TGA")
TGA_SUFFIXES = (".tga", ".icb", ".vda", ".vst")  # nothing in such a file says what it is
NOT_READ = re.compile(  # how files of other formats begin
    rb"(?s)(?P<HEIC>.{4}ftyp(he|mi|ms))|(?P<PSD>8BPS)|(?P<FITS>SIMPLE  =)|(?P<DICOM>.{128}DICM)"
    rb"|(?P<PDF>%PDF)|(?P<SVG>\s*<(\?xml|svg))|(?P<JXL>\xff\x0a|\0\0\0\x0cJXL )|(?P<EXR>v/1\x01)"
)
LARGE = 16_000_000  # pixels; of such images one is in memory at a time
BLOCK = 2**26  # bytes; smaller pieces of images are not given back to the system by every thread
EXIF_ORIENTATION = 0x0112
TURNS = (  # that make an image of orientation 2, 3, ... upright
    *("FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE"),
    *("ROTATE_270", "TRANSVERSE", "ROTATE_90"),
)

_one_large, _warned = threading.Lock(), threading.local()


class Unusable(Exception):
    """This file gives no image; the text is the reason."""


@dataclasses.dataclass(frozen=True)
class DecodedImage:
    """One image: one channel if it is grey, however its file stores it, else three."""

    pixels: np.ndarray  # uint8 in [0, 255], shape (height, width, channels), upright
    stored_channels: int  # 1 or 3
    reasons: tuple[str, ...]  # what was changed on the way
    orientation: int = 1  # what EXIF says, from 1 to 8


@contextlib.contextmanager
def decoding_threads(workers: int | None = None) -> Iterator[concurrent.futures.Executor]:
    """Threads for `decode_image`; after an error or Ctrl-C nothing more is begun.

    What concerns all threads is set once, here: each hears what Pillow warns of in its own file,
    and only `opened` limits the number of pixels.
    """
    Image.init()  # otherwise every thread would import Pillow's formats
    Image.core.set_block_size(BLOCK)
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        usual = warnings.showwarning

        def show(message, category, *where):
            heard = getattr(_warned, "texts", None)
            usual(message, category, *where) if heard is None else heard.append(str(message))

        warnings.showwarning = show
        pool = concurrent.futures.ThreadPoolExecutor(workers)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
            Image.MAX_IMAGE_PIXELS = limit


@contextlib.contextmanager
def opened(path: Path, most_pixels: int) -> Iterator[tuple[Image.Image, list[str]]]:
    """A file whose header is right, not yet decoded, and a list that gets Pillow's warnings.

    Raises: Unusable for whatever goes wrong in the block, too: Pillow's decoders raise OSError,
      SyntaxError, ValueError, struct.error and others, and each such file must be listed, not end
      the run.
    """
    _warned.texts = []
    try:
        if path.stat().st_size == 0:
            raise Unusable("empty file")
        # A path would do, but Pillow maps such files into memory and scrambles turned TIFF images.
        with open(path, "rb") as file, Image.open(file, formats=_formats(path)) as image:
            pixels = image.width * image.height
            if pixels > most_pixels:
                size = f"{image.width} x {image.height}, at most {most_pixels:,}"
                raise Unusable(f"too many pixels: {size} (--max-pixels N, or --image-size)")
            with _one_large if pixels > LARGE else contextlib.nullcontext():
                yield image, _warned.texts
    except Unusable:
        raise
    except Image.UnidentifiedImageError:
        with open(path, "rb") as file:
            known = NOT_READ.match(file.read(132))
        if known:
            name = next(name for name, found in known.groupdict().items() if found is not None)
            raise Unusable(f"format not read: {name} (save it as PNG, TIFF or JPEG)") from None
        raise Unusable(f"not an image: none of {', '.join(FORMATS)}") from None
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        raise Unusable(text if "unknown range" in text else f"unreadable: {text}") from None
    finally:
        _warned.texts = None


def load(image: Image.Image, warned: list[str]) -> tuple[int, int, list[str]]:
    """Decode what `opened` gave, the first frame.

    Returns: (EXIF orientation; the same, but 1 where Pillow has turned the image; what to tell).
    """
    reasons = []
    if getattr(image, "is_animated", False):
        image.seek(0)
        reasons.append("several frames: only the first used")
    if image.format == "TIFF":  # loading turns it and forgets the tag
        orientation, turn = _orientation(image, warned), 1
        image.load()
    else:
        image.load()
        orientation = turn = _orientation(image, warned)
    reasons += [f"metadata damaged: {' '.join(each.split())[:100]}" for each in warned[:1]]
    return orientation, turn, reasons + ["EXIF orientation applied"] * (orientation > 1)


def turned(image: Image.Image, turn: int) -> Image.Image:
    """The image upright."""
    return image.transpose(Image.Transpose[TURNS[turn - 2]]) if turn > 1 else image


def decode_image(path: Path, form: Form = AS_IT_IS) -> DecodedImage:
    """Read one file; in `decoding_threads`, where what Pillow warns of is heard.

    Raises: Unusable with the reason why the file gives no image.
    """
    with opened(path, form.most_pixels) as (image, warned):
        raw = sixteen_bit_colour(image)
        orientation, turn, reasons = load(image, warned)
        values = _deep_values(path, image, raw)
        if values is not None:
            image, reason = eight_bits(values, form)
            reasons.append(reason)
        image, mode_reasons = _to_grey_or_colour(turned(image, turn))
        image, transform_reasons = transform_image(image, form)
    stored_channels = len(image.getbands())
    pixels = np.asarray(image).reshape(image.height, image.width, -1)
    if pixels.shape[2] == 3 and form.channels is None and (pixels == pixels[..., :1]).all():
        pixels = pixels[..., :1]
    reasons = tuple(reasons + mode_reasons + transform_reasons)
    return DecodedImage(np.array(pixels), stored_channels, reasons, orientation)


def judged(paths: Iterable[Path], form: Form, pool: concurrent.futures.Executor) -> Form:
    """The form with the range of what all files of more than 8 bits hold, unless levels are given.

    Scans of 12 bits lie in files of 16. It is one range for a folder: if each file had its own,
    what is dark in one would be bright in the next.
    """

    def look(path: Path) -> tuple[bool, float | None]:
        with contextlib.suppress(Unusable), opened(path, form.most_pixels) as (image, warned):
            raw = sixteen_bit_colour(image)
            if raw or image.mode[0] in "IF":
                load(image, warned)
                values = _deep_values(path, image, raw)
                return values.dtype.kind == "f", usual_top(values)
        return False, None

    found = [] if form.levels else list(pool.map(look, paths))
    tops = [[top for is_float, top in found if is_float == kind and top] for kind in (False, True)]
    return dataclasses.replace(form, tops=tuple(max(each, default=None) for each in tops))


def _deep_values(path: Path, image: Image.Image, raw: str) -> np.ndarray | None:
    """The values of a file of more than 8 bits, (height, width, channels); None of all others."""
    if not raw:
        return np.asarray(image)[..., np.newaxis] if image.mode[0] in "IF" else None  # I;16, too
    with open(path, "rb") as file, Image.open(file, formats=_formats(path)) as again:
        return colour_values(image, again, raw)


def _formats(path: Path) -> tuple[str, ...]:
    return FORMATS if path.suffix.lower() in TGA_SUFFIXES else FORMATS[:-1]


def _orientation(image: Image.Image, warned: list[str]) -> int:
    """What EXIF says, from 1 to 8; 1 where it says nothing that can be understood."""
    try:
        found = image.getexif().get(EXIF_ORIENTATION, 1)
    except Exception as error:  # of many types, as Pillow's decoders raise
        warned.append(f"EXIF: {error}")
        return 1
    return int(found) if found in range(1, 9) else 1


def _to_grey_or_colour(image: Image.Image) -> tuple[Image.Image, list[str]]:
    """Any of Pillow's modes of 8 bits to L or RGB."""
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
    raise Unusable(f"unsupported mode: {image.mode} (save it as RGB)")


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
