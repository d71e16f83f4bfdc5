"""Images as rows of numbers in [0, 1], the space of every density of images here, and back."""

import math

import numpy as np


def to_rows(images: np.ndarray) -> np.ndarray:
    """uint8 images (count, height, width, channels) in [0, 255] to float32 rows in [0, 1].

    Raises: ValueError for other types or shapes.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(
            f"images are {images.dtype} {images.shape}; uint8 (count, height, width, channels) "
            "in [0, 255] is expected; scale and cast them first"
        )
    pixels = math.prod(images.shape[1:])
    return images.reshape(len(images), pixels).astype(np.float32) / np.float32(255)


def to_images(rows: np.ndarray, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Rows (count, pixels) to uint8 images (count, *image_shape); what is outside [0, 1] is cut."""
    scaled = np.clip(np.rint(rows * 255.0), 0, 255)  # [0, 255]
    return scaled.astype(np.uint8).reshape(-1, *image_shape)
