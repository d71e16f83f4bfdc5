"""What augmentation is worth where labels are few: the same classifiers with and without it.

A comparison against a baseline that nobody tuned proves nothing: a better learning rate can be
worth more than any augmentation. So `utility` tries the same hyperparameters for every recipe and
for none, on real validation images, and trains all for as many updates.
"""

import functools
from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.recipe import Recipe
from data.images.dataset import ImageDataset, ImageSplit
from evaluation.judges.networks import Augment
from evaluation.judges.utility import Drawn, TrainingSet, utility
from foundation.errors import InputError

NONE = "none"
VARIES = "the labelled images and their augmentation"


def few_labels(
    dataset: ImageDataset,
    recipes: dict[str, Recipe],
    labelled: int,
    seeds: Sequence[int],
    classifiers: Sequence[str] = ("CNN",),
    candidates: int = 2,
    updates: int | None = None,
    quiet: bool = False,
) -> dict:
    """Accuracy with no augmentation and with each recipe, on the test images.

    Each seed has its own labelled images, which all recipes share.

    Args:
      dataset: with labels.
      recipes: name -> recipe without mixing that keeps the size.
      labelled: training images in all, as many of each class.
      seeds, classifiers, candidates, updates, quiet: see `utility`.

    Returns: see `utility`; the ceiling is "none", so "below_ceiling" is what a recipe loses.
    Raises: InputError if the number does not fit the classes, or as `utility`.
    """
    check_labelled(dataset, labelled)

    def training_set(name: str, recipe: Recipe | None) -> TrainingSet:
        def draw(seed: int) -> Drawn:
            few = labelled_images(dataset.train, labelled, dataset.num_classes, seed)
            augment = None if recipe is None else recipe_augment(recipe, seed)
            return Drawn(few.images, few.labels, augment=augment)

        return TrainingSet(name, draw, VARIES)

    return utility(
        [training_set(name, recipe) for name, recipe in {NONE: None, **recipes}.items()],
        dataset.test,
        dataset.validation,
        dataset.class_names,
        seeds,
        NONE,
        classifiers,
        candidates,
        updates,
        quiet,
    )


def check_labelled(dataset: ImageDataset, labelled: int) -> None:
    """Raises: InputError if it is not as many of each class, or the training images are fewer."""
    classes = dataset.num_classes
    each = np.bincount(dataset.train.labels, minlength=classes).min() if classes else 0
    if not classes or labelled % classes or not 0 < labelled <= classes * each:
        raise InputError(
            f"{labelled} labelled images of {dataset.name}",
            f"a multiple of its {classes} classes, at most {classes * each}",
            "choose another number",
        )


def labelled_images(train: ImageSplit, labelled: int, classes: int, seed: int) -> ImageSplit:
    """As many images of each class, drawn without replacement, class by class."""
    return train.take(labelled_indices(train.labels, labelled, classes, seed))


def labelled_indices(labels: np.ndarray, labelled: int, classes: int, seed: int) -> np.ndarray:
    """Where `labelled_images` finds its images: int64 (labelled,)."""
    random = np.random.default_rng([seed, labelled])
    return class_draw(labels, np.full(classes, labelled // classes), random)


def class_draw(labels: np.ndarray, counts: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """counts[c] indices of each class c, drawn without replacement, class by class.

    Args:
      labels: int (n,), to draw from.
      counts: int (classes,).

    Returns: int64 (sum of counts,).
    Raises: ValueError if a class has fewer.
    """
    chosen = [
        random.choice(np.flatnonzero(labels == label), count, replace=False)
        for label, count in enumerate(counts)
    ]
    return np.concatenate(chosen)


def recipe_augment(recipe: Recipe, seed: int) -> Augment:
    """A recipe as classifiers take it: each pass over the training set is an epoch."""
    graph = _graph(recipe)

    def augment(images: np.ndarray, indices: np.ndarray, epoch: int) -> np.ndarray:
        numbers = (tf.constant(value, tf.int64) for value in (seed, epoch, indices))
        return graph(tf.constant(images), *numbers).numpy()

    return augment


@functools.lru_cache(maxsize=8)  # building it takes seconds
def _graph(recipe: Recipe) -> Callable:
    """(images, seed, epoch, indices) -> images, traced once for each shape."""

    @tf.function(autograph=False)
    def graph(images, seed, epoch, indices) -> tf.Tensor:
        return recipe(Batch(images), seed, epoch, indices).images

    return graph
