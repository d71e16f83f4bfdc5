"""Does the generator only repeat its training data? The nearest training image of every sample."""

import hashlib

import numpy as np

from evaluation.metrics.arrays import check_images, check_same_dimensions, image_rows
from evaluation.metrics.distances import squared_distance_chunks

BLOCK_VALUES = 2**26  # training pixels held as float32 at a time (256 MB)


def nearest_rows(samples: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nearest training row of each sample.

    The search runs in float32, the distance of the row it finds is then computed directly, so that
    a copy has the distance 0. Of training rows equally near within about 1e-4 any may win.

    Args:
      samples, training: pixels in [0, 1] or features, shapes (n, d) and (m, d).

    Returns: indices, int64 (n,); Euclidean distances, float64 (n,).
    """
    samples = np.asarray(samples, dtype=np.float32)
    training = np.asarray(training, dtype=np.float32)
    check_same_dimensions(samples, training)
    indices = np.empty(len(samples), dtype=np.int64)
    for piece, distances in squared_distance_chunks(samples, training):  # (chunk of n, m)
        indices[piece] = distances.argmin(axis=1)
    differences = samples.astype(np.float64) - training[indices]
    return indices, np.sqrt(np.einsum("nd,nd->n", differences, differences))


def nearest_images(samples: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`nearest_rows` in pixels for uint8 images, with the training images scaled block by block.

    Returns: indices, int64 (n,); Euclidean distances of pixels in [0, 1], float64 (n,).
    Raises: InputError for images that are not uint8 in four dimensions.
    """
    samples, training = image_rows("samples", samples), check_images("training images", training)
    indices = np.zeros(len(samples), dtype=np.int64)
    nearest = np.full(len(samples), np.inf)
    block = max(1, BLOCK_VALUES // samples.shape[1])
    for start in range(0, len(training), block):
        rows = image_rows("training images", training[start : start + block])
        found, distances = nearest_rows(samples, rows)
        better = distances < nearest
        indices[better], nearest[better] = start + found[better], distances[better]
    return indices, nearest


def exact_copies(samples: np.ndarray, training: np.ndarray) -> np.ndarray:
    """Which samples equal a training image pixel by pixel; bool, shape (n,).

    Args:
      samples, training: uint8 images, shapes (n, height, width, channels) and (m, ...).
    """
    known = set(_hashes("training images", training))
    return np.array([value in known for value in _hashes("samples", samples)], dtype=bool)


def nearest_training_images(
    samples: np.ndarray, training: np.ndarray, indices: np.ndarray, distances: np.ndarray
) -> np.ndarray:
    """Samples beside their nearest training images, the nearest pair first, for a picture.

    Args:
      samples, training: uint8 images; indices, distances: what `nearest_images` returned.

    Returns: uint8 images (2 n, height, width, channels): sample, its neighbour, sample, ...
    """
    order = np.argsort(distances, kind="stable")
    pairs = np.stack([samples[order], training[indices[order]]], axis=1)  # (n, 2, h, w, c)
    return pairs.reshape(-1, *samples.shape[1:])


def _hashes(name: str, images: np.ndarray) -> list[bytes]:
    images = check_images(name, images)
    return [hashlib.sha256(image.tobytes()).digest() for image in images]
