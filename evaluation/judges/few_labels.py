"""Few labels: which training images bear one, and a recipe as classifiers take it."""

import functools
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.recipe import Recipe
from data.images.dataset import ImageSplit
from evaluation.judges.networks import Augment
from foundation.purposes import LABELLED_IMAGES, rng


def labelled_images(train: ImageSplit, labelled: int, classes: int, seed: int) -> ImageSplit:
    """As many images of each class, drawn without replacement, class by class.

    Args:
      labelled: images in all.

    Raises: ValueError if a class has too few.
    """
    return train.take(labelled_indices(train.labels, labelled, classes, seed))


def labelled_indices(labels: np.ndarray, labelled: int, classes: int, seed: int) -> np.ndarray:
    """Where `labelled_images` finds its images: int64 (labelled,)."""
    random = rng(seed, LABELLED_IMAGES, labelled)
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
