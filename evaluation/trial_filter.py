"""The quality filter as a trial uses it: samples are drawn until enough of each class are kept."""

import numpy as np

from data.errors import InputError
from data.image_dataset import ImageSplit
from data.provenance import Source
from data.quality_filter import distance_limits, quality_filter
from evaluation.classifiers import Classifier
from evaluation.memorisation import nearest_images
from evaluation.trial_generators import FittedGenerator

# Limits by what real images that nobody was trained on would lose: quantiles of theirs.
NEAR, FAR, DOUBTFUL = 0.001, 0.99, 0.05
MOST_DRAWN = 10  # times as many as are to be kept


def filtered_samples(
    generator: FittedGenerator,
    seed: int,
    count: int,
    train: ImageSplit,
    validation: ImageSplit,
    judge: Classifier,
) -> Source:
    """The first samples of a generator that pass the filter, the classes in equal numbers.

    What goes: copies of training images and what is nearer to one than 0.1 % of the validation
    images are, what is farther from all of them than 1 % are, and what the classifier is less sure
    of than of 5 %.

    Args:
      count: samples to keep.
      train: the real images that the generator and the classifier were fitted to.
      validation: real images that they were not fitted to.

    Returns: `count` samples, with their numbers in the sequence of the generator.
    Raises: InputError if too few of a class pass.
    """
    nearest = nearest_images(validation.images, train.images)[1]
    near, far = distance_limits(nearest, NEAR, FAR)
    doubtful = float(np.quantile(_confidence(judge, validation), DOUBTFUL))
    classes = generator.num_classes
    wanted = np.bincount(np.arange(count) % classes, minlength=classes)
    kept = []  # sources
    for number in range(MOST_DRAWN):
        start = number * count
        indices = np.arange(start, start + count)
        labels = indices % classes
        images = generator.sample(seed, start, count, labels)
        source = Source(generator.name, images, labels, indices, {"seed": seed})
        found = quality_filter(
            source,
            train.images,
            distances=nearest_images(images, train.images)[1],
            nearer_than=near,
            farther_than=far,
            confidence=_confidence(judge, ImageSplit(images, labels)),
            min_confidence=doubtful,
        )
        kept.append(source.take(found.kept))
        have = sum(np.bincount(each.labels, minlength=classes) for each in kept)
        if (have >= wanted).all():
            return _first(kept, wanted)
        if (have * MOST_DRAWN < wanted * (number + 1)).any():
            break  # at this rate there will never be enough
    raise InputError(
        f"{have.tolist()} samples kept of each class, of {len(kept) * count:,} in all",
        f"{wanted.tolist()} from at most {MOST_DRAWN * count:,}",
        "widen the limits, or use a better generator",
    )


def _confidence(judge: Classifier, split: ImageSplit) -> np.ndarray:
    """The probability of each image's own label; float32 (count,)."""
    return judge.probabilities(split.images)[np.arange(len(split)), split.labels]


def _first(sources: list[Source], wanted: np.ndarray) -> Source:
    """The first wanted[c] samples of each class c, in their order."""
    labels = np.concatenate([each.labels for each in sources])
    chosen = [np.flatnonzero(labels == label)[:count] for label, count in enumerate(wanted)]
    chosen = np.sort(np.concatenate(chosen))
    return Source(
        sources[0].name,
        np.concatenate([each.samples for each in sources])[chosen],
        labels[chosen],
        np.concatenate([each.indices for each in sources])[chosen],
        sources[0].origin,
    )
