"""The arms of a trial with images: how they are trained and judged, and what they cost to make."""

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from augmentation.core.recipe import Recipe
from augmentation.recipes.read import load_recipe
from augmentation.transforms.noise import GaussianNoise
from chapter.claims.experiment import Measures, Rows
from chapter.claims.parts.images import TrialImages
from data.images.dataset import ImageSplit
from data.synthetic.provenance import Samples
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.few_labels import recipe_augment
from evaluation.judges.images import CLASSIFIERS, Classifier
from evaluation.judges.networks import Augment
from evaluation.metrics.classes.robustness import STRENGTHS
from evaluation.metrics.classes.robustness import corrupted as worsened

NONE = "none"  # the arm to which nothing is added
CNN = "CNN"  # the judge of every trial; its worst class and robustness are looked at, too
AUGMENTATION, NOISE_AUGMENTATION = "augmentation", "noise augmentation"
# Best on validation images, in log odds over three numbers of labels (few_labels --choose).
RECIPE = "mnist_elastic"
NOISE = Recipe("noise", steps=(GaussianNoise(sigma=(0.0, 64.0)),))  # a quarter of the grey levels
SHORTEST = 1e-4  # seconds: the logarithm of 0 is minus infinity

Trained = dict[str, Classifier]  # key of CLASSIFIERS -> what one arm has made of it


def arm_of(split: ImageSplit | None) -> Arm | None:
    """Images alone as a training set."""
    return None if split is None else Arm(split.images, split.labels)


def augmentation(seed: int, recipe: str = RECIPE) -> Augment:
    """The recipe of the trials on MNIST, or another."""
    return recipe_augment(load_recipe(recipe), seed)


def noise_augmentation(seed: int) -> Augment:
    """Gaussian noise on the images, the cheap rival where robustness is asked for."""
    return recipe_augment(NOISE, seed)


def beside_samples(
    real: ImageSplit, samples: Samples | ImageSplit, share: float, batch_size: int, **given
) -> Arm:
    """Real images, repeated, and samples: in every step as many real ones as in an arm without any.

    Args:
      real: the real images.
      samples: to stand beside them; all of them are in the arm.
      share: of samples in the arm, in (0, 1), as near as whole repetitions allow.
      batch_size: images a step of the real images alone. Here a step has as many of them, on
        average; what is added makes it larger.
      given: further fields of Arm.
    """
    images = samples.samples if isinstance(samples, Samples) else samples.images
    times = max(1, round(len(images) * (1 - share) / share / len(real)))
    repeated = np.tile(np.arange(len(real)), times)
    # Of fewer real images than a step has place for, as often all as fit (train_network).
    seen = min(batch_size, len(real)) * max(1, batch_size // len(real))
    return Arm(
        np.concatenate([real.images[repeated], images]),
        np.concatenate([real.labels[repeated], samples.labels]),
        batch_size=round(seen * (len(repeated) + len(images)) / len(repeated)),
        **given,
    )


def trainer_of(images: TrialImages, sizes: Mapping) -> ArmTrainer:
    """What trains the arms of a trial.

    Args:
      sizes: "updates": steps of a network, None: each network's own number; "batch_size": images a
        step; "candidates": hyperparameters tried where an arm has not chosen before.
    """
    return ArmTrainer(
        images.held_out,
        images.dataset.num_classes,
        images.dataset.validation,
        sizes.get("candidates", 1),
        sizes["updates"],
        sizes["batch_size"],
    )


def measure_of(classifier: str) -> str:
    """The name of its accuracy among measures: "logistic_regression"."""
    return classifier.lower().replace(" ", "_")


def classifiers_of(measures: Collection[str]) -> list[str]:
    """The classifiers with these names among measures."""
    return [name for name in CLASSIFIERS if measure_of(name) in measures]


def right(classifier: Classifier, test: ImageSplit) -> np.ndarray:
    """1 for each image whose class is found, else 0: float64 (tested,)."""
    return (classifier.predict(test.images) == test.labels).astype(np.float64)


def mean_right(trained: Sequence[Classifier], test: ImageSplit) -> np.ndarray:
    """In how many of several trainings each image's class is found: float64 (tested,)."""
    return np.mean([right(each, test) for each in trained], axis=0)


def recalls(found: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The share found of each class: float64 (classes,).

    Args:
      found: of `right`.
    """
    return np.bincount(labels, found) / np.bincount(labels)


def error_ratio(of_classes: np.ndarray) -> float | None:
    """The errors of the worst class in units of the mean of all: 1 if all are treated alike.

    The plain gap between the best and the worst class grows with the errors, whatever the classes.

    Args:
      of_classes: the recall of each class.

    Returns: None where there is no error.
    """
    errors = 1.0 - of_classes
    return float(errors.max() / errors.mean()) if errors.any() else None


def corrupted(
    trained: Mapping[str, Trained | None], test: ImageSplit, seed: int
) -> tuple[Measures, Rows]:
    """How often the CNN of each arm finds the class of worsened images.

    Args:
      trained: name of an arm -> its classifiers.

    Returns: "corrupted": mean over all worsened images, and "corrupted_noise", ...: of each kind;
      and what each image adds to "corrupted".
    """
    present = {name: each[CNN] for name, each in trained.items() if each}
    found = {name: {} for name in present}
    for kind, strengths in STRENGTHS.items():
        images = [worsened(test.images, kind, strength, seed) for strength in strengths]
        worse = ImageSplit(np.concatenate(images), np.tile(test.labels, len(strengths)))
        for name, classifier in present.items():
            found[name][kind] = right(classifier, worse).reshape(len(strengths), -1).mean(axis=0)
    rows = {
        name: {"corrupted": np.mean(list(kinds.values()), axis=0)} for name, kinds in found.items()
    }
    measures = {
        name: {"corrupted": float(rows[name]["corrupted"].mean())}
        | {f"corrupted_{kind}": float(each.mean()) for kind, each in kinds.items()}
        for name, kinds in found.items()
    }
    return measures, rows


def log10_seconds(arm: Arm, classifier: Classifier) -> float | None:
    """What an arm cost: its synthetic images, and the augmentation as far as one training calls it.

    Returns: the decimal logarithm of the CPU seconds; None for an arm without either.
    """
    if arm.augment is None and arm.seconds is None:
        return None
    return decades((arm.seconds or 0.0) + classifier.augment_seconds)


def decades(seconds: float) -> float:
    """The decimal logarithm, of at least 0.1 milliseconds."""
    return math.log10(max(seconds, SHORTEST))
