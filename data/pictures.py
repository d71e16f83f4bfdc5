"""From an array to a picture that Pillow can save, shrink or show."""

import numpy as np
from PIL import Image


def to_picture(image: np.ndarray) -> Image.Image:
    """One image as a Pillow picture: grey (mode L) with one channel, colour (RGB) with three.

    Args:
      image: uint8 in [0, 255], shape (height, width, channels), channels 1 or 3.

    Raises: ValueError for anything else. Pillow itself would take floats without a word and write
      [-1, 1] as black.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] not in (1, 3):
        raise ValueError(
            f"image is {image.dtype} {image.shape}; uint8 (height, width, 1 or 3) in [0, 255] is "
            "expected; scale and cast it first"
        )
    return Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
