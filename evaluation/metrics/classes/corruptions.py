"""Images made worse on purpose, in five steps: noise, blur, shift, rotation. NumPy and SciPy only.

They are no augmentation: a classifier is never trained on them. Sizes are shares of the image's
side, so that a step means the same at 28 and at 224 pixels.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy import ndimage

from evaluation.metrics.arrays import check_images
from foundation.errors import InputError
from foundation.purposes import NOISE, ROTATION, SHIFT, rng

STEPS = 5
STRENGTHS = {
    "noise": (0.05, 0.1, 0.2, 0.3, 0.4),  # standard deviation, of the range of grey levels
    "blur": (0.02, 0.03, 0.045, 0.06, 0.08),  # sigma, of the side: 0.6 to 2.2 pixels of 28
    "shift": (0.036, 0.072, 0.108, 0.144, 0.18),  # of the side: 1 to 5 pixels of 28
    "rotation": (5.0, 10.0, 20.0, 30.0, 45.0),  # degrees
}
PURPOSE = {"noise": NOISE, "shift": SHIFT, "rotation": ROTATION}


def corrupted(images: np.ndarray, name: str, step: int, seed: int = 0) -> np.ndarray:
    """The images with one corruption; image i depends on (seed, name, i) and its own pixels only.

    Directions are drawn once for an image, so a stronger step goes the same way.

    Args:
      images: uint8 in [0, 255], shape (count, height, width, channels).
      name: noise (Gaussian), blur (Gaussian), shift (in a random direction) or rotation (to a
        random side, about the centre). What comes in from outside continues the border.
      step: 1 (weakest) to 5; 0 leaves the images as they are.

    Returns: the same shape and dtype.
    Raises: InputError for another name, step or kind of array.
    """
    images = check_images("images to corrupt", images)
    if name not in STRENGTHS or not 0 <= step <= STEPS:
        raise InputError(
            f"corruption {name!r}, step {step}",
            f"one of {', '.join(STRENGTHS)}, step 0 to {STEPS}",
            "choose one of these",
        )
    if step == 0:
        return images
    return CORRUPT[name](images, STRENGTHS[name][step - 1], seed)


def noisy(images: np.ndarray, deviation: float, seed: int) -> np.ndarray:
    """Gaussian noise added to every value; the same draw at every strength."""
    out = np.empty_like(images)
    for index, image in enumerate(images):
        noise = _generator(seed, "noise", index).standard_normal(image.shape, np.float32)
        out[index] = _to_bytes(image + 255 * deviation * noise)
    return out


def blurred(images: np.ndarray, share: float, seed: int) -> np.ndarray:
    """A Gaussian filter of sigma `share` times the shorter side; nothing is drawn."""
    sigma = share * min(images.shape[1:3])
    out = np.empty_like(images)
    for index, image in enumerate(images):  # one by one: as floats all would fill the memory
        smooth = ndimage.gaussian_filter(
            image.astype(np.float32), sigma=(sigma, sigma, 0), mode="nearest"
        )
        out[index] = _to_bytes(smooth)
    return out


def shifted(images: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Moved by `share` of the shorter side in a direction of its own, bilinear between pixels."""
    way = share * min(images.shape[1:3])
    out = np.empty_like(images)
    for index, image in enumerate(images):
        angle = 2 * math.pi * _generator(seed, "shift", index).random()
        move = (way * math.sin(angle), way * math.cos(angle), 0)
        out[index] = _to_bytes(
            ndimage.shift(image.astype(np.float32), move, order=1, mode="nearest")
        )
    return out


def rotated(images: np.ndarray, degrees: float, seed: int) -> np.ndarray:
    """Turned about the centre, to the left or to the right, bilinear between pixels."""
    out = np.empty_like(images)
    for index, image in enumerate(images):
        side = 1 if _generator(seed, "rotation", index).random() < 0.5 else -1
        turned = ndimage.rotate(
            image.astype(np.float32), side * degrees, reshape=False, order=1, mode="nearest"
        )
        out[index] = _to_bytes(turned)
    return out


CORRUPT: dict[str, Callable[[np.ndarray, float, int], np.ndarray]] = {
    "noise": noisy,
    "blur": blurred,
    "shift": shifted,
    "rotation": rotated,
}


def _generator(seed: int, name: str, index: int) -> np.random.Generator:
    return rng(seed, PURPOSE[name], index)


def _to_bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
