"""What augmentation is worth with 10, 100 or 1,000 labelled digits, every recipe tuned equally.

    python -m benchmarks.augmentation_few_labels [--out results.json]

A small CNN on as many images of each class as of every other, drawn by each seed from MNIST's
training images. For each number of images and each recipe, "none" included, the same grid of
steps, rates and dropout is tried on the 10,000 validation images (mean over the seeds), and only
the best entry of the grid is judged on the test images: a comparison against an untuned baseline
proves nothing. Seeds vary the images, the weights, the order and the augmentation together.
"""

import argparse
import itertools
import json
from pathlib import Path

import keras
import numpy as np
import scipy.stats
import tensorflow as tf

from augmentation.batch import Batch
from augmentation.recipe import Recipe
from augmentation.recipe_file import load_recipe
from data.images import load_images
from training.tensorflow_setup import make_repeatable

COUNTS = (10, 100, 1000)
RECIPES = (None, "mnist_affine", "mnist_elastic", "mnist_affine_elastic")
STEPS, RATES, DROPOUTS = (500, 1500), (1e-3, 3e-3), (0.0, 0.5)
BATCH = 64
JUDGED = 2000  # images in one call


def build_cnn(dropout: float) -> keras.Sequential:
    """Two convolutions, two poolings, a dense layer of 128: 421,642 weights; gives logits."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(dropout),
            keras.layers.Dense(10),
        ]
    )


def draw_equally(labels: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Indices of count / classes images of each class, int64 (count,)."""
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    classes = np.unique(labels)
    each = count // len(classes)
    return np.concatenate([shuffled[labels[shuffled] == label][:each] for label in classes])


def train_cnn(images, labels, recipe: Recipe | None, seed: int, steps: int, rate, dropout):
    """Train on batches drawn with replacement; the rate falls on a cosine to zero.

    Args:
      images: uint8 (count, 28, 28, 1); labels: int64 (count,).
      recipe: None trains on the images as they are.
    """
    make_repeatable(seed)
    model = build_cnn(dropout)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps))
    optimizer.build(model.trainable_variables)
    pool, answers = tf.constant(images), tf.constant(labels)

    @tf.function
    def step(indices: tf.Tensor, number: tf.Tensor) -> None:
        batch = Batch(tf.gather(pool, indices), tf.gather(answers, indices))
        if recipe is not None:  # the step's number stands for the epoch: an image may come again
            batch = recipe(batch, seed, number, number * BATCH + tf.range(BATCH, dtype=tf.int64))
        with tf.GradientTape() as tape:
            logits = model(batch.images, training=True)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(batch.labels, logits)
            )
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    drawn = np.random.default_rng([seed, len(images)]).integers(len(images), size=(steps, BATCH))
    for number in range(steps):
        step(tf.constant(drawn[number]), tf.constant(number, tf.int64))
    return model


def accuracy(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> float:
    """In percent."""
    logits = model.predict(images, JUDGED, verbose=0)
    return 100.0 * float(np.mean(np.argmax(logits, axis=1) == labels))


def interval(values: list[float]) -> tuple[float, float]:
    """Mean and half of its 95 % interval (Student's t)."""
    half = scipy.stats.t.ppf(0.975, len(values) - 1) * scipy.stats.sem(values)
    return float(np.mean(values)), float(half)


def compare(count: int, name: str | None, mnist, seeds: list[int]) -> dict:
    """One row: choose on the validation images, judge the choice on the test images."""
    recipe = load_recipe(name) if name else None
    best = None
    for steps, rate, dropout in itertools.product(STEPS, RATES, DROPOUTS):
        models = []
        for seed in seeds:
            split = mnist.train.take(draw_equally(mnist.train.labels, count, seed))
            models.append(train_cnn(split.images, split.labels, recipe, seed, steps, rate, dropout))
        validation = mnist.validation
        score = np.mean([accuracy(m, validation.images, validation.labels) for m in models])
        print(count, name, steps, rate, dropout, f"validation {score:.2f} %", flush=True)
        if best is None or score > best[0]:
            best = score, (steps, rate, dropout), models
    score, choice, models = best
    test = [accuracy(model, mnist.test.images, mnist.test.labels) for model in models]
    mean, half = interval(test)
    print(f"{count} images, {name}: {mean:.2f} +- {half:.2f} % with {choice}", flush=True)
    return {
        "count": count,
        "recipe": name or "none",
        "steps_rate_dropout": choice,
        "validation": float(score),
        "test": test,
        "mean": mean,
        "half_interval": half,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    mnist = load_images("mnist")
    rows = []
    for count, name in itertools.product(COUNTS, RECIPES):
        rows.append(compare(count, name, mnist, options.seeds))
        if options.out:
            options.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
