"""What a command asks of every image: channels, no noise, a square; and how files are read."""

import dataclasses
import re

import numpy as np
from PIL import Image, ImageFilter

from foundation.errors import InputError
from foundation.pictures import to_picture

MODES = {"grey": "L", "rgb": "RGB"}  # --channels: Pillow's mode
MOST_PIXELS, MOST_TO_SHRINK = 25_000_000, 200_000_000  # of a file: 24 megapixels, a panorama


@dataclasses.dataclass(frozen=True)
class Form:
    """The form in which images are asked for; None: as they are. Raises: InputError."""

    image_size: int | None = None  # side of the wanted square in pixels
    denoise: bool = False  # by the median of 3 x 3 pixels: single wrong ones go, edges stay
    channels: str | None = None  # "grey" or "rgb"; None: grey if all images of a folder are
    levels: str | None = None  # "LOW,HIGH" of files of more than 8 bits, which become 0 and 255
    max_pixels: int | None = None  # of a file that is read
    mask_suffix: str | None = None  # how the names of masks end that lie among the images
    # HIGH of whole numbers and of floats in a folder without levels; None: each file for itself
    tops: tuple[float | None, float | None] | None = None

    def __post_init__(self):
        number = r"-?\d*\.?\d+"
        if self.levels and not (
            re.fullmatch(f"{number},{number}", self.levels) and self.ends[0] < self.ends[1]
        ):
            expected = "two numbers LOW,HIGH, the lower first"
            raise InputError(f"--levels {self.levels}", expected, "write --levels=0,4095")

    @property
    def ends(self) -> list[float] | None:
        """`levels` as numbers."""
        return list(map(float, self.levels.split(","))) if self.levels else None

    @property
    def most_pixels(self) -> int:
        """Of a file; more where it is made smaller at once."""
        return self.max_pixels or (MOST_TO_SHRINK if self.image_size else MOST_PIXELS)


AS_IT_IS = Form()


def transform_image(image: Image.Image, form: Form) -> tuple[Image.Image, list[str]]:
    """Convert, denoise, crop and resize one image of mode L or RGB.

    Returns: (the image, one reason for each thing that was done).
    """
    reasons, image_size = [], form.image_size
    if form.channels and image.mode != MODES[form.channels]:
        reasons.append(f"{'colour' if image.mode == 'RGB' else 'grey'} made {form.channels}")
        image = image.convert(MODES[form.channels])
    if form.denoise:
        image = image.filter(ImageFilter.MedianFilter(3))
        reasons.append("denoised by a 3 x 3 median filter")
    if image_size is None:
        return image, reasons
    if image.width != image.height:
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.crop((left, top, left + side, top + side))
        reasons.append("centre-cropped to a square")
    if image.size != (image_size, image_size):
        # Pillow widens the bicubic kernel when it shrinks; a resize without that leaves aliasing
        # that Fréchet distances measure as a difference between the data (Parmar et al. 2022).
        image = image.resize((image_size, image_size), Image.Resampling.BICUBIC)
        reasons.append(f"resized to {image_size} x {image_size}")
    return image, reasons


def transform_array(images: np.ndarray, form: Form) -> tuple[np.ndarray, list[str]]:
    """`transform_image` for a whole array of images.

    Args:
      images: uint8, shape (count, height, width, channels), channels 1 or 3, count at least 1.

    Returns: (uint8 array, shape (count, height, width, channels); the reasons, the same for all).
    """
    first, reasons = transform_image(to_picture(images[0]), form)
    if not reasons:
        return images, []
    shape = first.height, first.width, len(first.getbands())
    pictures = (transform_image(to_picture(pixels), form)[0] for pixels in images)
    transformed = np.empty((len(images), *shape), np.uint8)
    for index, picture in enumerate(pictures):
        transformed[index] = np.asarray(picture).reshape(shape)
    return transformed, reasons
