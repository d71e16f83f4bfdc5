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
      build: of the network; None for scikit-learn's.
      candidates: hyperparameters to choose from, the first by default; as many for every kind.
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
      name: a key of CLASSIFIERS.
      choice: its hyperparameters.
      validation_accuracy: None if there was nothing to choose by.
      probabilities: from uint8 images (count, h, w, c) to float32 (count, classes).
      augment_seconds: CPU seconds that augmentation took, as far as one training calls it.
    """

    name: str
    choice: Mapping
    validation_accuracy: float | None
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

    Raises: InputError for an unknown name, images or labels of the wrong form, a single class.
    """
    kind = _kind(name)
    images, labels, num_classes = _checked(images, labels, num_classes)
    weight = _mean_one(sample_weight, len(images))
    augment = None if augment is None else TimedAugment(augment)
    if kind.build is None:
        images, labels, weight = _augmented(images, labels, weight, augment)
        rows = image_rows("training images", images)
    tried = [choice] if choice is not None else list(kind.candidates[:candidates])
    if validation is None or len(validation) == 0:
        tried = tried[:1]
    best = None
    for given in tried:
        if kind.build is None:
            model = kind.train(rows, labels, weight, seed, **given)
            probabilities = functools.partial(_of_rows, model, num_classes)
        else:
            steps = updates or kind.updates
            data = (images, labels, weight, num_classes)
            model = kind.train(
                kind.build, *data, seed, steps, **given, augment=augment, batch_size=batch_size
            )
            probabilities = functools.partial(network_probabilities, model)
        found = Classifier(name, given, None, probabilities)
        if len(tried) > 1:
            found = dataclasses.replace(found, validation_accuracy=found.accuracy(validation))
        if best is None or found.validation_accuracy > best.validation_accuracy:
            best = found
    if augment is None:
        return best
    return dataclasses.replace(best, augment_seconds=augment.seconds / len(tried))


def _of_rows(model, num_classes: int, images: np.ndarray) -> np.ndarray:
    return classical_probabilities(model, image_rows("images", images), num_classes)


def _kind(name: str) -> Kind:
    if name not in CLASSIFIERS:
        known = ", ".join(CLASSIFIERS)
        raise InputError(f"classifier {name!r}", f"one of {known}", "choose one of these")
    return CLASSIFIERS[name]


def _checked(
    images: np.ndarray, labels: np.ndarray | None, num_classes: int | None
) -> tuple[np.ndarray, np.ndarray, int]:
    images = check_images("training images", images)
    if labels is None:
        raise InputError(
            "training images without labels", "one label an image", "use a model with labels"
        )
    labels = np.asarray(labels)
    if labels.shape != (len(images),) or not np.issubdtype(labels.dtype, np.integer):
        raise InputError(
            f"labels of shape {labels.shape} and dtype {labels.dtype} for {len(images)} images",
            "one int an image",
            "give all of them",
        )
    present = np.unique(labels)
    if len(present) < 2:
        raise InputError(
            f"training images of {len(present)} class", "at least two", "add images of another"
        )
    num_classes = int(present[-1]) + 1 if num_classes is None else num_classes
    if present[0] < 0 or present[-1] >= num_classes:
        raise InputError(
            f"labels from {present[0]} to {present[-1]}",
            f"0 to {num_classes - 1}",
            "number the classes from 0",
        )
    return images, labels.astype(np.int64), num_classes


def _mean_one(sample_weight: np.ndarray | None, count: int) -> np.ndarray:
    """Weights scaled to mean 1, float32 (count,)."""
    if sample_weight is None:
        return np.ones(count, np.float32)
    weight = np.asarray(sample_weight, np.float64)
    if weight.shape != (count,) or not np.isfinite(weight).all() or weight.min() < 0:
        raise InputError(
            f"sample weights {weight} of shape {weight.shape} for {count} images",
            "one finite number of at least 0 an image",
            "correct the weights",
        )
    if weight.sum() == 0:
        raise InputError("sample weights that are all 0", "some above 0", "leave them out")
    return (weight * (count / weight.sum())).astype(np.float32)


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
