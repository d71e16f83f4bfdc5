"""What is done to every image on request: a square of N x N pixels, and the removal of noise."""

import numpy as np
from PIL import Image, ImageFilter

from foundation.pictures import to_picture


def transform_image(
    image: Image.Image, image_size: int | None, denoise: bool
) -> tuple[Image.Image, list[str]]:
    """Denoise, crop and resize one image.

    Args:
      image: mode L or RGB.
      image_size: side of the wanted square in pixels; None keeps the size.
      denoise: replace every value by the median of its 3 x 3 neighbourhood, channel by channel:
        single wrong pixels go, edges stay.

    Returns: (the image, one reason for each thing that was done).
    """
    reasons = []
    if denoise:
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


def transform_array(
    images: np.ndarray, image_size: int | None, denoise: bool
) -> tuple[np.ndarray, list[str]]:
    """`transform_image` for a whole array of images.

    Args:
      images: uint8, shape (count, height, width, channels), channels 1 or 3, count at least 1.

    Returns: (uint8 array, shape (count, height, width, channels); the reasons, the same for all).
    """
    first, reasons = transform_image(to_picture(images[0]), image_size, denoise)
    if not reasons:
        return images, []
    transformed = np.empty((len(images), first.height, first.width, images.shape[3]), np.uint8)
    for index, pixels in enumerate(images):
        image, _ = transform_image(to_picture(pixels), image_size, denoise)
        transformed[index] = np.asarray(image).reshape(transformed.shape[1:])
    return transformed, reasons
