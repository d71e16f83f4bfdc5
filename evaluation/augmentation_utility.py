"""What augmentation is worth where labels are few: the same network with and without it.

A comparison against a baseline that nobody tuned proves nothing: a better learning rate can be
worth more than any augmentation. So every arm chooses from the same grid on validation images,
with the same number of trainings, and only then meets the test images, once a seed.
"""

import itertools
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from augmentation.batch import Batch
from augmentation.recipe import Recipe
from data.errors import InputError
from data.image_dataset import ImageDataset, ImageSplit
from evaluation.intervals import interval, paired
from evaluation.network_classifiers import (
    Augment,
    build_cnn,
    network_probabilities,
    train_network,
)
from training.progress import CountProgress
from training.tensorflow_setup import retracing_allowed

TUNING_SEED = 1_000  # of the labelled images that the grid is tried on; not among the scored ones
NONE = "none"

Grid = dict[str, tuple[float, ...]]  # learning_rate, weight_decay, dropout -> values to try


def augmentation_utility(
    dataset: ImageDataset,
    recipes: dict[str, Recipe],
    labelled: int,
    seeds: int,
    updates: int,
    grid: Grid,
    quiet: bool = False,
) -> dict:
    """Train with no augmentation and with each recipe on few labelled images, and test.

    Seed s has its own labelled images, first weights and augmentation; the arms share the images.

    Args:
      dataset: with labels; `validation` chooses from the grid, `test` reports.
      recipes: name -> recipe without mixing that keeps the size.
      labelled: training images, as many of each class; a multiple of the classes.
      seeds: trainings of each arm that are reported.
      updates: steps of each training.
      grid: the same for every arm.
      quiet: no progress bar.

    Returns: {"labelled", "updates", "arms": {name: {"chosen", "validation_accuracy", "test"
      (accuracies, one a seed), "interval"}}, "gains": {recipe: interval of recipe - none}}.
    Raises: InputError if the number of labelled images does not fit the classes.
    """
    check_labelled(dataset, labelled)
    arms = {NONE: None, **recipes}
    trainings = len(arms) * (len(combinations(grid)) + seeds)
    results: dict[str, dict] = {}
    with CountProgress(trainings, "trainings", quiet) as progress, retracing_allowed():
        for name, recipe in arms.items():

            def accuracy(seed: int, chosen: dict, split: ImageSplit, recipe=recipe) -> float:
                few = labelled_images(dataset.train, labelled, dataset.num_classes, seed)
                result = trained_accuracy(few, split, recipe, seed, updates, **chosen)
                progress.advance(1)
                return result

            tried = [
                (accuracy(TUNING_SEED, chosen, dataset.validation), chosen)
                for chosen in combinations(grid)
            ]
            best, chosen = max(tried, key=lambda each: each[0])  # the first of equals
            test = [accuracy(seed, chosen, dataset.test) for seed in range(seeds)]
            results[name] = {
                "chosen": chosen,
                "validation_accuracy": best,
                "test": test,
                "interval": interval(test).as_json(),
            }
    gains = {
        name: paired(results[name]["test"], results[NONE]["test"]).as_json() for name in recipes
    }
    return {"labelled": labelled, "updates": updates, "arms": results, "gains": gains}


def combinations(grid: Grid) -> list[dict[str, float]]:
    """Every choice of one value for each name."""
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


def check_labelled(dataset: ImageDataset, labelled: int) -> None:
    """Raises: InputError if it is not as many of each class, or the training images are fewer."""
    classes = dataset.num_classes
    each = 0 if not classes else np.bincount(dataset.train.labels, minlength=classes).min()
    if not classes or labelled % classes or not 0 < labelled <= classes * each:
        raise InputError(
            f"{labelled} labelled images of {dataset.name}",
            f"a multiple of its {classes} classes, at most {classes * each}",
            "choose another number",
        )


def labelled_images(train: ImageSplit, labelled: int, classes: int, seed: int) -> ImageSplit:
    """As many images of each class, drawn without replacement, in the order of the classes."""
    random = np.random.default_rng([seed, labelled])
    chosen = [
        random.choice(np.flatnonzero(train.labels == label), labelled // classes, replace=False)
        for label in range(classes)
    ]
    return train.take(np.concatenate(chosen))


def trained_accuracy(
    few: ImageSplit,
    judged: ImageSplit,
    recipe: Recipe | None,
    seed: int,
    updates: int,
    learning_rate: float,
    weight_decay: float,
    dropout: float,
) -> float:
    """Train a CNN on `few`, and the share of `judged` that it reads right."""
    classes = int(max(few.labels.max(), judged.labels.max())) + 1
    model = train_network(
        build_cnn,
        few.images,
        few.labels,
        np.ones(len(few), np.float32),
        classes,
        seed,
        updates,
        learning_rate,
        weight_decay,
        dropout,
        None if recipe is None else augmenter(recipe, seed),
    )
    return float(
        (network_probabilities(model, judged.images).argmax(axis=1) == judged.labels).mean()
    )


def augmenter(recipe: Recipe, seed: int) -> Augment:
    """The recipe as `train_network` takes it: each pass over the images is an epoch."""
    graph = graph_of(recipe)

    def augment(images: np.ndarray, indices: np.ndarray, epoch: int) -> np.ndarray:
        numbers = (tf.constant(value, tf.int64) for value in (seed, epoch, indices))
        return graph(tf.constant(images), *numbers).numpy()

    return augment


def graph_of(recipe: Recipe) -> Callable:
    """(images, seed, epoch, indices) -> images, traced once for each shape."""

    @tf.function(autograph=False)
    def graph(images, seed, epoch, indices) -> tf.Tensor:
        return recipe(Batch(images), seed, epoch, indices).images

    return graph
