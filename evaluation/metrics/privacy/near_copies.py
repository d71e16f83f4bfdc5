"""Near copies: samples far nearer to one training image than to every other."""

import numpy as np

from evaluation.metrics.arrays import check_images, image_rows
from evaluation.metrics.distances import squared_distance_chunks
from evaluation.metrics.privacy.nearest import BLOCK_VALUES, nearest_images
from evaluation.statistics.proportions import share_interval
from foundation.errors import InputError

NEAR = 0.5  # of the distance to the second nearest training image
DRAW = 161  # the purpose of this file's random numbers


def near_copies(samples: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which samples are near copies, and of which training image.

    A sample is one if the nearest training image is at most half as far as the second nearest. So
    "near" is measured where it is asked: images of ones lie closer together than images of eights.
    Of a training image that is there twice no near copy is found: its twin is as near. How many
    held-out real images would count belongs beside every count.

    Args:
      samples, training: uint8 images (n, height, width, channels) and (m, ...), m at least 2.

    Returns: bool (n,); int64 (n,), index of the nearest training image.
    Raises: InputError for fewer than 2 training images, or images that are not uint8.
    """
    indices, nearest, second = two_nearest(samples, training)
    return nearest <= NEAR * second, indices


def two_nearest(
    samples: np.ndarray, training: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Index of the nearest training image, distance to it and to the second nearest, each (n,).

    Distances are Euclidean, of pixels in [0, 1]; those below 1e-3 or so count as 0.
    """
    samples, training = image_rows("samples", samples), check_images("training images", training)
    if len(training) < 2:
        raise InputError(f"{len(training)} training images", "at least 2", "give more")
    indices = np.zeros(len(samples), np.int64)
    squared = np.full((len(samples), 2), np.inf)  # of the nearest and of the second nearest
    block = max(1, BLOCK_VALUES // samples.shape[1])
    for start in range(0, len(training), block):
        rows = image_rows("training images", training[start : start + block])
        for piece, distances in squared_distance_chunks(samples, rows):  # (chunk of n, block)
            own = np.arange(len(distances))
            found = distances.argmin(axis=1)
            first = distances[own, found]
            distances[own, found] = np.inf
            best = np.column_stack([squared[piece], first, distances.min(axis=1)])
            indices[piece] = np.where(first < squared[piece, 0], start + found, indices[piece])
            squared[piece] = np.sort(best, axis=1)[:, :2]
    return indices, np.sqrt(squared[:, 0]), np.sqrt(squared[:, 1])


def share_nearer_to_training(
    samples: np.ndarray, training: np.ndarray, held_out: np.ndarray, seed: int = 0
) -> dict:
    """How many samples lie nearer to a training image than to any held-out image; ties count half.

    With as many images on both sides it is about a half for samples that owe training images no
    more than the distribution; 1 if each repeats a training image. The interval is that of other
    samples with these images: the two sets may differ on their own, and so the share of real images
    that are neither belongs beside it.

    Args:
      samples, training, held_out: uint8 images; the larger of the last two is drawn from.
      seed: of that draw.

    Returns: {"value", "low", "high" (95 %), "compared_with": images on each side}.
    """
    size = min(len(training), len(held_out))
    if not size or not len(samples):
        raise InputError("no images on one side", "at least one", "give some")
    generator = np.random.default_rng([seed, DRAW])
    sides = [
        side if len(side) == size else side[np.sort(generator.choice(len(side), size, False))]
        for side in (training, held_out)
    ]
    to_training, to_held_out = (nearest_images(samples, side)[1] for side in sides)
    nearer = (to_training < to_held_out) + 0.5 * (to_training == to_held_out)
    low, high = share_interval(round(nearer.sum()), len(nearer))
    return {"value": float(nearer.mean()), "low": low, "high": high, "compared_with": size}
