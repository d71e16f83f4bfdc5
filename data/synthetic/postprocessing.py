"""Denoising and smoothing of synthetic images (question 6), and what they do, in figures.

The chapter takes it for granted that they raise the quality. They remove noise and, with it, detail
that real images have: the effect stands beside the same figure of real images.
"""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from data.images.resizing import Form, transform_array

MOST_MEASURED = 2_000  # images a figure of the effect is taken from


def postprocess(images: np.ndarray, steps: Sequence[str], sigma: float = 0.5) -> np.ndarray:
    """Apply the steps in their order.

    Args:
      images: uint8 in [0, 255], shape (count, height, width, channels).
      steps: of "denoise" (3 x 3 median, channel by channel: single wrong pixels go, edges stay) and
        "smooth" (Gaussian filter).
      sigma: of the Gaussian, in pixels, above 0.

    Returns: the same shape and dtype.
    """
    for step in steps:
        images = denoised(images) if step == "denoise" else smoothed(images, sigma)
    return images


def denoised(images: np.ndarray) -> np.ndarray:
    """Each value replaced by the median of its 3 x 3 neighbourhood."""
    return transform_array(images, Form(denoise=True))[0]


def smoothed(images: np.ndarray, sigma: float) -> np.ndarray:
    """Each value replaced by a Gaussian average around it; the border continues outwards."""
    smooth = ndimage.gaussian_filter(
        images.astype(np.float32), sigma=(0, sigma, sigma, 0), mode="nearest"
    )
    return np.clip(np.rint(smooth), 0, 255).astype(np.uint8)


def effect(before: np.ndarray, after: np.ndarray, real: np.ndarray) -> dict:
    """What was changed, beside real images.

    Args:
      before, after: uint8 images, the same ones before and after.
      real: uint8 images of the training data.

    Returns: {"mean_change": grey levels a pixel, "noise" and "sharpness":
      {"before", "after", "real"}}. Noise is the mean difference from the 3 x 3 median, sharpness
      the root mean square step between neighbouring pixels (a plain mean would not see an edge grow
      wide: its steps add up to the same), both in grey levels of 255. Nearer to the real figure is
      better; below it, detail is lost.
    """
    before, after, real = (images[:MOST_MEASURED] for images in (before, after, real))
    change = np.abs(after.astype(np.int16) - before).mean()
    sides = {"before": before, "after": after, "real": real}
    return {
        "mean_change": float(change),
        "noise": {
            name: float(np.abs(images.astype(np.int16) - denoised(images)).mean())
            for name, images in sides.items()
        },
        "sharpness": {name: _sharpness(images) for name, images in sides.items()},
    }


def _sharpness(images: np.ndarray) -> float:
    values = images.astype(np.float32)
    squares = [np.diff(values, axis=axis).ravel() ** 2 for axis in (1, 2)]
    return float(np.sqrt(np.concatenate(squares).mean(dtype=np.float64)))
