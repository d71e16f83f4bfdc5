"""The arms of a trial with images: how they are trained and judged, and what they cost to make."""

import math
from collections.abc import Collection, Mapping

from augmentation.recipes.read import load_recipe
from chapter.claims.experiment import Measures
from chapter.claims.parts.images import TrialImages
from data.images.dataset import ImageSplit
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.few_labels import recipe_augment
from evaluation.judges.images import CLASSIFIERS, Classifier
from evaluation.judges.networks import Augment
from evaluation.metrics.classes.bias import group_recall
from evaluation.metrics.classes.robustness import robustness

NONE = "none"  # the arm to which nothing is added
CNN = "CNN"  # the judge of every trial; its worst class and robustness are looked at, too
# Best on validation images, in log odds over three numbers of labels (few_labels --choose).
RECIPE = "mnist_elastic"
SHORTEST = 1e-4  # seconds: the logarithm of 0 is minus infinity

Trained = dict[str, Classifier]  # key of CLASSIFIERS -> what one arm has made of it


def arm_of(split: ImageSplit | None) -> Arm | None:
    """Images alone as a training set."""
    return None if split is None else Arm(split.images, split.labels)


def augmentation(seed: int) -> Augment:
    """The recipe of the trials."""
    return recipe_augment(load_recipe(RECIPE), seed)


def trainer_of(images: TrialImages, sizes: Mapping) -> ArmTrainer:
    """What trains the arms of a trial.

    Args:
      sizes: "candidates": hyperparameters tried, for each classifier and each arm anew; "updates":
        steps of a network, None: each network's own number; "batch_size": images a step.
    """
    return ArmTrainer(
        images.held_out,
        images.dataset.num_classes,
        images.dataset.validation,
        sizes["candidates"],
        sizes["updates"],
        sizes["batch_size"],
    )


def measure_of(classifier: str) -> str:
    """The name of its accuracy among measures: "logistic_regression"."""
    return classifier.lower().replace(" ", "_")


def classifiers_of(measures: Collection[str]) -> list[str]:
    """The classifiers with these names among measures."""
    return [name for name in CLASSIFIERS if measure_of(name) in measures]


def accuracies(trained: Mapping[str, Trained | None], test: ImageSplit) -> Measures:
    """How often real test images are recognised, and those of each class.

    Args:
      trained: name of an arm -> its classifiers.

    Returns: name of an arm -> measure -> value, no measure where there is no arm: "cnn", ...:
      accuracy; "cnn_recall_0", ...: of each class; of the CNN also "recall_gap", between the best
      class and the worst, and "worst_recall".
    """
    return {name: _accuracies(each, test) if each else {} for name, each in trained.items()}


def _accuracies(trained: Trained, test: ImageSplit) -> dict[str, float]:
    found = {}
    for name, classifier in trained.items():
        predictions = classifier.predict(test.images)
        recall, measure = group_recall(test.labels, predictions), measure_of(name)
        found[measure] = float((predictions == test.labels).mean())
        found |= {f"{measure}_recall_{row['group']}": row["recall"] for row in recall["groups"]}
        if name == CNN:
            found |= {"recall_gap": recall["value"], "worst_recall": recall["worst_recall"]}
    return found


def corrupted(
    trained: Mapping[str, Trained | None], test: ImageSplit, seed: int
) -> dict[str, dict[str, float]]:
    """Of each arm that there is "corrupted": its CNN's mean accuracy over all worsened images."""
    predict = {name: each[CNN].predict for name, each in trained.items() if each}
    found = robustness(predict, test.images, test.labels, seed)["classifiers"]
    return {name: {"corrupted": entry["mean"]} for name, entry in found.items()}


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
