"""Does the generator only repeat its training data? Copies, near copies, the nearest sample.

All but the exact copies holds for samples of any kind that can be rows: features, encoded tables,
or uint8 images, compared as pixels in [0, 1]. How many held-out real samples would count belongs
beside every figure.
"""

import hashlib

import numpy as np

from data.tables.dataset import Table
from evaluation.metrics.distances import nearest_rows
from evaluation.metrics.metric import AGAINST_TRAINING, ImageSet, Metric, RealSide, Words
from evaluation.statistics.proportions import share_interval
from foundation.errors import InputError

CLOSEST_PAIRS = 20  # listed in the report, for the picture
NEAR = 0.5  # of the distance from the training sample to its nearest other one


def exact_copies(samples: np.ndarray | Table, training: np.ndarray | Table) -> np.ndarray:
    """Which samples equal a training sample: bool (n,).

    Args:
      samples, training: uint8 images, compared pixel by pixel, or tables, whose rows are compared
        in every column as it is written.
    """
    known = set(_hashes(training))
    return np.array([value in known for value in _hashes(samples)], bool)


def near_copies(samples: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which samples are near copies, and of which training sample.

    A sample is one if its nearest training sample is at most half as far from it as from its own
    nearest other training sample. The limit is set by the training data alone, the same for every
    generator and for real samples in its place; it is smaller where the data are dense; and no two
    training samples can claim one sample, since balls of that radius do not overlap. (Half of the
    distance to the second nearest, the other usual rule, moves with the sample: a sample far from
    everything is one where a single training sample lies less far.) Where training samples repeat
    each other only an exact copy of one counts.

    Args:
      samples, training: rows or uint8 images, n and m of them, m at least 2.

    Returns: bool (n,); int64 (n,), index of the nearest training sample.
    Raises: InputError for fewer than 2 training samples.
    Reference: Alaa et al. 2022, How Faithful is your Synthetic Data? (its "authenticity",
      with the whole distance in place of half of it).
    """
    if len(training) < 2:
        raise InputError(f"{len(training)} training samples", "at least 2", "give more")
    originals, distances = nearest_rows(samples, training)
    asked, position = np.unique(originals, return_inverse=True)
    to_others = nearest_rows(training[asked], training, left_out=asked)[1]
    return distances <= NEAR * to_others[position], originals


def nearer_to_training(
    samples: np.ndarray, training: np.ndarray, held_out: np.ndarray, generator: np.random.Generator
) -> dict:
    """Share of samples nearer to a training sample than to any held-out one; ties count half.

    With as many on both sides it is about a half for samples that owe training samples no more than
    the distribution; 1 if each repeats one. The interval (Clopper and Pearson 1934, which never
    covers less often than it says) is that of other samples with these real ones: the two sets may
    differ on their own, and so the share of real samples that are in neither belongs beside it.

    Args:
      samples, training, held_out: rows or uint8 images; the larger of the last two is drawn from.
      generator: of that draw.

    Returns: {"value", "low", "high" (95 %), "compared_with": samples on each side}.
    """
    size = min(len(training), len(held_out))
    if not size:
        raise InputError("no samples on one side", "at least one", "give some")
    sides = [
        side if len(side) == size else side[np.sort(generator.choice(len(side), size, False))]
        for side in (training, held_out)
    ]
    to_training, to_held_out = (nearest_rows(samples, side)[1] for side in sides)
    nearer = (to_training < to_held_out) + 0.5 * (to_training == to_held_out)
    low, high = share_interval(round(nearer.sum()), len(nearer))
    return {"value": float(nearer.mean()), "low": low, "high": high, "compared_with": size}


def _hashes(samples: np.ndarray | Table) -> list:
    if isinstance(samples, Table):
        return samples.hashes()
    return [hashlib.sha256(image.tobytes()).digest() for image in samples]


def _of_images(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    training = real.dataset.train.images
    indices, distances = nearest_rows(candidate.images, training)
    _, feature_distances = nearest_rows(candidate.features, real.training.features)
    closest = np.argsort(distances, kind="stable")[:CLOSEST_PAIRS]
    return {
        "nearest_training_pixels": {
            "value": float(distances.mean()),
            "closest": [
                {"sample": int(i), "training": int(indices[i]), "distance": float(distances[i])}
                for i in closest
            ],
        },
        "nearest_training_features": {"value": float(feature_distances.mean())},
        "exact_copies": {"value": int(exact_copies(candidate.images, training).sum())},
    }


METRIC = Metric(
    place=8,
    compute=_of_images,
    stand_in="held_out",
    figures={
        "nearest_training_pixels": Words(
            "Nearest training image, pixels",
            f"mean L2, pixels in [0, 1]; {AGAINST_TRAINING}",
            "far below the real figure: training images are copied",
        ),
        "nearest_training_features": Words(
            "Nearest training image, features",
            f"mean L2 in the features; {AGAINST_TRAINING}",
            "far below the real figure: training images are copied",
        ),
        "exact_copies": Words(
            "Exact copies",
            AGAINST_TRAINING,
            "0 is right: samples equal to a training image, pixel by pixel",
        ),
    },
)
