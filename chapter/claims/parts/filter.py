"""The quality filter as a trial uses it: samples are drawn until enough of each class are kept."""

import numpy as np

from chapter.claims.parts.generators import FittedGenerator
from data.images.dataset import ImageSplit
from data.synthetic.provenance import Samples
from data.synthetic.quality_filter import distance_limits, quality_filter
from evaluation.judges.images import Classifier
from evaluation.metrics.distances import nearest_rows
from foundation.errors import InputError

# Limits by what real images that nobody was trained on would lose: quantiles of theirs.
NEAR, FAR, DOUBTFUL = 0.001, 0.99, 0.05
MOST_DRAWN = 20  # times as many as are to be kept


def filtered_samples(
    generator: FittedGenerator,
    seed: int,
    count: int,
    train: ImageSplit,
    validation: ImageSplit,
    judge: Classifier,
) -> Samples:
    """Samples of a generator that pass the filter, the classes in equal numbers.

    What goes: copies of training images and what is nearer to one than 0.1 % of the validation
    images are, what is farther from all of them than 1 % are, and what the classifier is less sure
    of than of 5 %. Some classes pass less often than others: more of these are drawn.

    Args:
      count: samples to keep.
      train: the real images that the generator and the classifier were fitted to.
      validation: real images that they were not fitted to.

    Returns: `count` samples, with their numbers in the sequence of the generator.
    Raises: InputError if too few of a class pass.
    """
    nearest = nearest_rows(validation.images, train.images)[1]
    limits = distance_limits(nearest, NEAR, FAR)
    doubtful = float(np.quantile(_confidence(judge, validation), DOUBTFUL))
    classes = np.arange(generator.model.num_classes)
    wanted = np.bincount(np.arange(count) % len(classes), minlength=len(classes))
    kept, lacking = [], classes
    for start in range(0, MOST_DRAWN * count, count):
        labels = np.resize(lacking, count)  # these classes in turn
        images = generator.model.sample(seed, start, count, labels)
        source = Samples(generator.name, images, labels, np.arange(start, start + count))
        kept.append(_passing(source, train, judge, doubtful, limits))
        have = np.bincount(np.concatenate([each.labels for each in kept]), minlength=len(classes))
        lacking = classes[have < wanted]
        if not len(lacking):
            return _first(kept, wanted)
    raise InputError(
        f"{have.tolist()} samples kept of each class, of {MOST_DRAWN * count:,} drawn",
        f"{wanted.tolist()}",
        "widen the limits, or use a better generator",
    )


def _passing(
    source: Samples,
    train: ImageSplit,
    judge: Classifier,
    doubtful: float,
    limits: tuple[float, float],
) -> Samples:
    """Those that pass; distances, the longer part, are measured of plausible samples only."""
    confidence = _confidence(judge, ImageSplit(source.samples, source.labels))
    plausible = quality_filter(source, train.images, confidence=confidence, min_confidence=doubtful)
    source = source.take(plausible.kept)
    if not len(source):
        return source
    distances = nearest_rows(source.samples, train.images)[1]
    near, far = limits
    found = quality_filter(
        source, train.images, distances=distances, nearer_than=near, farther_than=far
    )
    return source.take(found.kept)


def _confidence(judge: Classifier, split: ImageSplit) -> np.ndarray:
    """The probability of each image's own label; float32 (count,)."""
    return judge.probabilities(split.images)[np.arange(len(split)), split.labels]


def _first(sources: list[Samples], wanted: np.ndarray) -> Samples:
    """The first wanted[c] samples of each class c, in their order."""
    labels = np.concatenate([each.labels for each in sources])
    chosen = [np.flatnonzero(labels == label)[:count] for label, count in enumerate(wanted)]
    chosen = np.sort(np.concatenate(chosen))
    return Samples(
        sources[0].name,
        np.concatenate([each.samples for each in sources])[chosen],
        labels[chosen],
        np.concatenate([each.indices for each in sources])[chosen],
    )
