"""What a model, and a generator's samples, are worth if the real images are few, wrong or uneven.

    clean           real training images, as many of each class
    tenth           a tenth of them
    noisy labels    the same images; 30 % bear the label of another class
    noisy pixels    the same images; 30 % of the pixels are black or white
    unbalanced      as many images, those of three digits a twentieth as frequent as the others

What is trained on each, and on samples of a Gaussian mixture that was fitted to each, is tested on
real test images that are clean.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from chapter.claims.experiment import Measured
from chapter.claims.parts.arms import arm_of, classifiers_of, right, trainer_of
from chapter.claims.parts.generators import fit_each
from chapter.claims.parts.images import trial_images
from chapter.claims.parts.sample_sets import RealImages, feature_network, split_of
from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.balancing import apportioned
from evaluation.judges.few_labels import class_draw, labelled_images
from foundation.purposes import SOURCE_DATA, rng

GENERATOR = "gmm"
WRONG_LABELS, WRONG_PIXELS = 0.3, 0.3  # shares
RARE_DIGITS, RARE_SHARE = (1, 4, 8), 0.05
TENTH = 10
LABELS, PIXELS, UNBALANCED = range(3)  # what is drawn, each for itself


def source_data_trial(seed: int, sizes: Mapping) -> Measured:
    """What worse images cost, directly and by way of a generator.

    Args:
      seed: of the real images and what is done to them, the generator, its samples, the classifier.
      sizes: "real" images; "made" synthetic ones; "preset" of the generator; "classifier", as in
        `classifiers_of`, with "updates" and "batch_size"; "validated", "tested", "compared",
        "feature_images" and "feature_epochs" as in `train_on_synthetic_trial`.

    Returns: arm -> measure -> value: "trained_on_it", "trained_on_samples": accuracy on real test
      images; "samples_frechet": distance of the samples' features from those of real test images.
      None where the mixture cannot be fitted. Rows of the accuracies: a test image each.
    """
    images = trial_images(sizes["validated"], sizes["tested"])
    dataset, classifier = images.dataset, sizes["classifier"]
    trainer = trainer_of(images, sizes)
    side = RealImages.of(dataset, feature_network(sizes), sizes["compared"], 0, seed)
    sources = source_images(dataset.train, sizes["real"], dataset.num_classes, seed)
    samples = {
        name: mixture_samples(dataclasses.replace(dataset, train=split), seed, sizes)
        for name, split in sources.items()
    }

    (judge,) = classifiers_of([classifier])
    ways = {"trained_on_it": sources, "trained_on_samples": samples}
    measures = {
        name: {
            **dict.fromkeys(ways),
            "samples_frechet": None if split is None else side.frechet(split),
        }
        for name, split in samples.items()
    }
    rows: dict = {name: {} for name in measures}
    for measure, splits in ways.items():
        arms = {name: arm_of(split) for name, split in splits.items()}
        for name, trained in trainer.train_all(arms, [judge], seed).items():
            if trained is not None:
                rows[name][measure] = right(trained[judge], dataset.test)
                measures[name][measure] = float(rows[name][measure].mean())
    return Measured(measures, rows)


def source_images(train: ImageSplit, count: int, classes: int, seed: int) -> dict[str, ImageSplit]:
    """The real images of each arm.

    Args:
      train: what they are drawn from.
      count: of every arm but the tenth; a multiple of ten times the classes.

    Raises: ValueError if a class has too few images.
    """
    clean = labelled_images(train, count, classes, seed)  # class by class
    of_each = count // classes
    first = np.arange(count) % of_each < of_each // TENTH
    shares = np.where(np.isin(np.arange(classes), RARE_DIGITS), RARE_SHARE, 1.0)
    random = rng(seed, SOURCE_DATA, UNBALANCED)
    return {
        "clean": clean,
        "tenth": clean.take(np.flatnonzero(first)),
        "noisy labels": ImageSplit(clean.images, wrong_labels(clean.labels, classes, seed)),
        "noisy pixels": ImageSplit(wrong_pixels(clean.images, seed), clean.labels),
        "unbalanced": train.take(class_draw(train.labels, apportioned(count, shares), random)),
    }


def wrong_labels(labels: np.ndarray, classes: int, seed: int) -> np.ndarray:
    """The labels, 30 % of them replaced by another class, each other one equally likely."""
    random = rng(seed, SOURCE_DATA, LABELS)
    wrong = random.permutation(len(labels))[: round(WRONG_LABELS * len(labels))]
    found = labels.copy()
    found[wrong] = (labels[wrong] + random.integers(1, classes, len(wrong))) % classes
    return found


def wrong_pixels(images: np.ndarray, seed: int) -> np.ndarray:
    """The images, 30 % of the values black or white, one as likely as the other."""
    random = rng(seed, SOURCE_DATA, PIXELS)
    drawn = random.random(images.shape, np.float32)
    return np.where(
        drawn >= WRONG_PIXELS, images, np.where(drawn < WRONG_PIXELS / 2, 0, 255)
    ).astype(np.uint8)


def mixture_samples(dataset: ImageDataset, seed: int, sizes: Mapping) -> ImageSplit | None:
    """Samples of a mixture fitted to the training images, as many of each class."""
    fitted = fit_each(dataset, seed, {**sizes, "generators": [GENERATOR]})[GENERATOR]
    if fitted is None:
        return None
    return split_of(fitted.balanced(seed, sizes["made"]).source)
