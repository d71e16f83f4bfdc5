"""The chapter's discriminative models (4.1.2), an MLP and a CNN, for images; all under one handle.

They judge training sets, so each must be good on real data before its figure on synthetic data
means anything, and each is tuned alike whatever it is trained on: the same candidates, chosen on
real validation images.
"""

import dataclasses
import functools
import math
import time
from collections.abc import Callable, Mapping

import numpy as np

from data.images.dataset import ImageSplit
from evaluation.judges.classical import (
    MOST_SVM_ROWS,
    classical_probabilities,
    train_lda,
    train_logistic_regression,
    train_svm,
)
from evaluation.judges.networks import (
    BATCH_SIZE,
    Augment,
    build_cnn,
    build_mlp,
    network_probabilities,
    train_network,
)
from evaluation.metrics.arrays import check_images, image_rows
from foundation.errors import InputError

# scikit-learn's classifiers see an augmented set at once: so many passes over it.
AUGMENTED_ROWS, MOST_PASSES = 20_000, 20
ORDER = "its first weights, the order of the images and dropout"


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of classifier.

    Args:
      train: from rows or images, see the modules.
      candidates: hyperparameters to choose from, the first by default; as many for every kind.
      build: of the network; None for scikit-learn's.
      updates: steps of a network.
      varies: what a seed changes in it; empty if nothing.
    """

    train: Callable
    candidates: tuple[dict, ...]
    build: Callable | None = None
    updates: int = 0
    varies: str = ""


def _network(learning_rate: float, dropout: float, weight_decay: float) -> dict:
    return {"learning_rate": learning_rate, "dropout": dropout, "weight_decay": weight_decay}


CLASSIFIERS = {
    "LDA": Kind(train_lda, ({"shrinkage": "auto"}, {"shrinkage": 0.1}, {"shrinkage": 0.5})),
    "logistic regression": Kind(
        train_logistic_regression, ({"penalty": 1e-4}, {"penalty": 1e-3}, {"penalty": 1e-2})
    ),
    "SVM": Kind(
        train_svm,
        ({"c": 10.0, "width": 2.0}, {"c": 10.0, "width": 1.0}, {"c": 1.0, "width": 1.0}),
        varies=f"which {MOST_SVM_ROWS:,} images it sees, if there are more",
    ),
    "MLP": Kind(
        train_network,
        (_network(2e-3, 0.3, 0.01), _network(1e-3, 0.5, 0.1), _network(1e-3, 0.1, 0.01)),
        build_mlp,
        updates=4000,
        varies=ORDER,
    ),
    "CNN": Kind(
        train_network,
        (_network(2e-3, 0.4, 0.01), _network(1e-3, 0.5, 0.1), _network(1e-3, 0.1, 0.01)),
        build_cnn,
        updates=3000,
        varies=ORDER,
    ),
}


@dataclasses.dataclass(frozen=True)
class Classifier:
    """A trained classifier.

    Args:
      choice: its hyperparameters.
      probabilities: from uint8 images (count, h, w, c) to float32 (count, classes).
      augment_seconds: CPU seconds that augmentation took, as far as one training calls it.
    """

    name: str
    choice: Mapping
    probabilities: Callable[[np.ndarray], np.ndarray]
    augment_seconds: float = 0.0

    def predict(self, images: np.ndarray) -> np.ndarray:
        """The most probable class of each image: int64 (count,)."""
        return self.probabilities(images).argmax(axis=1)

    def accuracy(self, split: ImageSplit) -> float:
        """Share of the images whose class is found."""
        return float((self.predict(split.images) == split.labels).mean())


class TimedAugment:
    """An augmentation that counts its CPU seconds, those of all threads."""

    def __init__(self, augment: Augment):
        self.augment, self.seconds = augment, 0.0

    def __call__(self, images: np.ndarray, indices: np.ndarray, epoch: int) -> np.ndarray:
        used = time.process_time()
        augmented = self.augment(images, indices, epoch)
        self.seconds += time.process_time() - used
        return augmented


def train_classifier(
    name: str,
    images: np.ndarray,
    labels: np.ndarray,
    seed: int,
    sample_weight: np.ndarray | None = None,
    validation: ImageSplit | None = None,
    num_classes: int | None = None,
    candidates: int | None = None,
    choice: Mapping | None = None,
    updates: int | None = None,
    augment: Augment | None = None,
    batch_size: int = BATCH_SIZE,
) -> Classifier:
    """Train a classifier; with validation images, the best of several on them.

    On MNIST's 50,000 training images and two CPU cores about 5 s for LDA, 30 for logistic
    regression, 20 for the SVM, 15 for the MLP and 30 for the CNN.

    Args:
      name: a key of CLASSIFIERS.
      images: uint8 (count, h, w, c); labels: int (count,), at least two classes.
      seed: of everything that is drawn.
      sample_weight: float (count,), at least 0, what each image counts in the loss; scaled to
        mean 1. LDA takes it by repeating rows.
      validation: real images to choose hyperparameters by; None: the first candidate is taken.
      num_classes: labels are 0 .. num_classes - 1; None: as far as `labels` goes.
      candidates: how many of the kind's are tried; None: all of them.
      choice: hyperparameters chosen before, which are not chosen again.
      updates: steps of a network; None: the kind's own.
      augment: changes every image each time it is seen (see networks.Augment); the classifiers of
        scikit-learn see a fixed set of up to 20 such passes.
      batch_size: images a step of a network.

    Raises: InputError for images of the wrong form, or of a single class.
    """
    kind = CLASSIFIERS[name]
    images, labels = check_images("training images", images), np.asarray(labels, np.int64)
    present = np.unique(labels)
    if len(present) < 2:
        raise InputError(
            f"training images of {len(present)} class", "at least two", "add images of another"
        )
    num_classes = num_classes or int(present[-1]) + 1
    weight = np.asarray(np.ones(len(images)) if sample_weight is None else sample_weight, float)
    weight = (weight * (len(images) / weight.sum())).astype(np.float32)  # mean 1
    augment = None if augment is None else TimedAugment(augment)
    if kind.build is None:
        images, labels, weight = _augmented(images, labels, weight, augment)
        rows = image_rows("training images", images)
    tried = [choice] if choice is not None else list(kind.candidates[:candidates])
    if validation is None or len(validation) == 0:
        tried = tried[:1]
    found = []
    for given in tried:
        if kind.build is None:
            model = kind.train(rows, labels, weight, seed, **given)
            probabilities = functools.partial(classical_probabilities, model, num_classes)
        else:
            steps = updates or kind.updates
            data = (images, labels, weight, num_classes)
            model = kind.train(
                kind.build, *data, seed, steps, **given, augment=augment, batch_size=batch_size
            )
            probabilities = functools.partial(network_probabilities, model)
        found.append(Classifier(name, given, probabilities))
    seconds = 0.0 if augment is None else augment.seconds / len(tried)
    accuracies = [each.accuracy(validation) for each in found] if len(found) > 1 else [0.0]
    return dataclasses.replace(found[int(np.argmax(accuracies))], augment_seconds=seconds)


def _augmented(
    images: np.ndarray, labels: np.ndarray, weight: np.ndarray, augment: Augment | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The passes over an augmented set, one after the other."""
    if augment is None:
        return images, labels, weight
    passes = min(max(math.ceil(AUGMENTED_ROWS / len(images)), 1), MOST_PASSES)
    indices = np.arange(len(images))
    seen = [augment(images, indices, number) for number in range(passes)]
    return np.concatenate(seen), np.tile(labels, passes), np.tile(weight, passes)
