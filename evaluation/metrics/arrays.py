"""The two forms in which metrics take data, image rows and feature rows, their checks and draws."""

import numpy as np

from foundation.errors import InputError
from foundation.purposes import rng


def check_images(name: str, images: np.ndarray) -> np.ndarray:
    """Return `images` if it is uint8, shape (count, height, width, channels).

    Raises: InputError that names the dtype and shape received, and the scale they hint at.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4:
        raise InputError(
            f"{name} with dtype {images.dtype} and shape {images.shape}",
            "uint8 images in [0, 255], shape (count, height, width, channels)",
            "undo the scaling to [-1, 1] or [0, 1] first and keep the channel axis",
        )
    return images


def image_rows(name: str, images: np.ndarray) -> np.ndarray:
    """Flatten uint8 images (count, height, width, channels) to float32 rows in [0, 1]."""
    images = check_images(name, images)
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


def feature_rows(
    name: str, features: np.ndarray, at_least: int, dtype: type = np.float64
) -> np.ndarray:
    """Return `features` as `dtype`, shape (count, dimensions).

    Raises: InputError if it is not a matrix, has fewer than `at_least` rows, or is not finite.
    """
    features = np.asarray(features, dtype=dtype)
    if features.ndim != 2 or features.shape[1] == 0:
        raise InputError(
            f"{name} of shape {features.shape}", "shape (count, dimensions)", "flatten each sample"
        )
    if len(features) < at_least:
        raise InputError(
            f"{name} with {len(features)} samples", f"at least {at_least}", "give more samples"
        )
    if not np.isfinite(features).all():
        raise InputError(
            f"{name} with NaN or infinite values", "finite numbers", "look for a diverged network"
        )
    return features


def drawn(available: int, count: int, *key: int) -> np.ndarray:
    """Positions of `count` of the available, in order; all of them if there are no more.

    Args:
      key: seed, purpose and what else `foundation.purposes.rng` takes.
    """
    if available <= count:
        return np.arange(available)
    return np.sort(rng(*key).choice(available, count, replace=False))


def check_same_dimensions(rows_a: np.ndarray, rows_b: np.ndarray) -> None:
    """Raise InputError unless both matrices have equally long rows."""
    if rows_a.shape[1] != rows_b.shape[1]:
        received = f"rows of {rows_a.shape[1]} and of {rows_b.shape[1]} dimensions"
        mend = "take both from the same feature network or at the same image size"
        raise InputError(received, "the same number of dimensions on both sides", mend)
