"""The arms of a trial with images: what the classifier sees in each, and what that cost to make."""

import dataclasses
import math
import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from augmentation.recipes.read import load_recipe
from data.images.dataset import ImageDataset
from data.synthetic.guard import HeldOut
from evaluation.judges.few_labels import recipe_augment
from evaluation.judges.images import CLASSIFIERS, Classifier, train_classifier
from evaluation.judges.networks import Augment

CLASSIFIER = "CNN"
# Best on validation images, in log odds over three numbers of labels (few_labels --choose).
RECIPE = "mnist_elastic"
SHORTEST = 1e-4  # seconds: the logarithm of 0 is minus infinity


class Arm(NamedTuple):
    """A training set.

    images: uint8 (count, h, w, c); labels: int (count,).
    sample_weight: float (count,), or None: 1 each.
    augment: changes each image anew each time it is seen, or None.
    seconds: CPU seconds that its synthetic images took; None without any.
    """

    images: np.ndarray
    labels: np.ndarray
    sample_weight: np.ndarray | None = None
    augment: Augment | None = None
    seconds: float | None = None


class Trained(NamedTuple):
    """What became of an arm.

    log10_seconds: of the CPU seconds of its synthetic images and of the augmentation, as far as one
      training calls it; None for an arm without either.
    """

    classifier: Classifier
    log10_seconds: float | None


class TimedAugment:
    """An augmentation that counts its CPU seconds, those of all threads."""

    def __init__(self, augment: Augment):
        self.augment, self.seconds = augment, 0.0

    def __call__(self, images: np.ndarray, indices: np.ndarray, epoch: int) -> np.ndarray:
        used = time.process_time()
        augmented = self.augment(images, indices, epoch)
        self.seconds += time.process_time() - used
        return augmented


@dataclasses.dataclass(frozen=True, eq=False)
class ArmTrainer:
    """Trains every arm of one seed alike.

    Args:
      dataset: its validation images choose the hyperparameters.
      held_out: what no arm may hold.
      seed: of the classifiers.
      sizes: "candidates": hyperparameters tried for each arm; "updates": steps of each training,
        None: the classifier's own number; "batch_size": images a step.
    """

    dataset: ImageDataset
    held_out: HeldOut
    seed: int
    sizes: Mapping

    def train(self, name: str, arm: Arm) -> Trained:
        """The best of the candidates, trained on an arm.

        Raises: InputError if the arm holds held-out images.
        """
        self.held_out.refuse(f"the arm {name!r}", arm.images)
        augment = None if arm.augment is None else TimedAugment(arm.augment)
        classifier = train_classifier(
            CLASSIFIER,
            arm.images,
            arm.labels,
            self.seed,
            arm.sample_weight,
            self.dataset.validation,
            self.dataset.num_classes,
            self.sizes["candidates"],
            updates=self.sizes["updates"],
            augment=augment,
            batch_size=self.sizes["batch_size"],
        )
        seconds = arm.seconds
        if augment is not None:
            tried = min(self.sizes["candidates"], len(CLASSIFIERS[CLASSIFIER].candidates))
            seconds = (seconds or 0.0) + augment.seconds / tried
        return Trained(classifier, None if seconds is None else log10_seconds(seconds))

    def train_all(self, arms: Mapping[str, Arm | None]) -> dict[str, Trained | None]:
        """Train arm after arm; None for one that could not be built."""
        return {name: None if arm is None else self.train(name, arm) for name, arm in arms.items()}


def log10_seconds(seconds: float) -> float:
    """The decimal logarithm, of at least 0.1 milliseconds."""
    return math.log10(max(seconds, SHORTEST))


def augmentation(seed: int) -> Augment:
    """The recipe of the trials."""
    return recipe_augment(load_recipe(RECIPE), seed)
