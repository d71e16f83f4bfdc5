"""The row of Simard, Steinkraus and Platt 2003: MNIST, 784-800-10, none, affine, elastic.

    python -m benchmarks.studies.augmentation_simard [--epochs N] [--seeds 0 1 2] [--choose]

Published test errors: 1.6 % with none, 1.1 % with affine and 0.7 % with elastic distortions. All
three train with the same optimizer for the same number of epochs; rate, weight decay and epochs of
each were chosen on the validation images (--choose trains on the first 50,000 and reports the error
on the last 10,000 training images; without it, all 60,000 are trained on and the test images are
used once).
"""

import argparse
import statistics
import time

import keras
import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.recipe import Recipe
from augmentation.recipes.read import load_recipe
from data.images.load import load_images
from training.seeds import epoch_order, make_repeatable

RECIPES = {"none": None, "affine": "mnist_affine", "elastic": "mnist_elastic"}
BATCH = 128
AVERAGE = 0.999  # decay of the weight average that is judged


def build_mlp() -> keras.Sequential:
    """784-800-10 with ReLU and logits: 636,010 weights."""
    return keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(800, activation="relu", kernel_initializer="he_normal"),
            keras.layers.Dense(10),
        ]
    )


class Trainer:
    """One compiled step: draw, augment, forward, backward, update.

    Args:
      images: uint8 (count, 28, 28, 1); labels: int64 (count,); all held as tensors.
      recipe: None trains on the images as they are.
      epochs: in all; the rate falls on a cosine to zero over them.
    """

    def __init__(self, images, labels, recipe: Recipe | None, seed: int, epochs: int, rate, decay):
        self.images, self.labels = tf.constant(images), tf.constant(labels)
        self.recipe, self.seed = recipe, seed
        self.model, self.average = build_mlp(), build_mlp()
        self.average.set_weights(self.model.get_weights())
        steps = len(images) // BATCH * epochs
        self.optimizer = keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(rate, steps), weight_decay=decay
        )
        self.optimizer.build(self.model.trainable_variables)

    @tf.function(jit_compile=True)
    def step(self, indices: tf.Tensor, epoch: tf.Tensor) -> tf.Tensor:
        """Train on the images of these indices, int64 (BATCH,); returns the mean loss in nats."""
        batch = Batch(tf.gather(self.images, indices), tf.gather(self.labels, indices))
        if self.recipe is not None:
            batch = self.recipe(batch, self.seed, epoch, indices)
        with tf.GradientTape() as tape:
            logits = self.model(flat(batch.images), training=True)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(batch.labels, logits)
            )
        variables = self.model.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        for mean, weight in zip(self.average.variables, self.model.variables, strict=True):
            mean.assign_add((1.0 - AVERAGE) * (weight - mean))
        return loss

    def epoch(self, epoch: int) -> float:
        """One pass in an order of its own; the last incomplete batch is left out."""
        order = epoch_order(self.seed, epoch, len(self.images)).astype(np.int64)
        batches = order[: len(order) // BATCH * BATCH].reshape(-1, BATCH)
        number = tf.constant(epoch)
        losses = [self.step(tf.constant(indices), number) for indices in batches]
        return float(tf.reduce_mean(losses))

    def error(self, images: np.ndarray, labels: np.ndarray) -> float:
        """Share of the images that the averaged weights get wrong, in percent."""
        answers = np.argmax(self.average(flat(images)).numpy(), axis=1)
        return 100.0 * float(np.mean(answers != labels))


def flat(images: tf.Tensor) -> tf.Tensor:
    """uint8 (count, 28, 28, 1) as float32 (count, 784) in [0, 1]."""
    return tf.reshape(tf.cast(images, tf.float32) / 255.0, (-1, 784))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=150)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.01)
    parser.add_argument("--recipes", nargs="+", default=list(RECIPES))
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    mnist = load_images("mnist")
    parts = [mnist.train] if options.choose else [mnist.train, mnist.validation]
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    judged = mnist.validation if options.choose else mnist.test
    for name in options.recipes:
        errors = []
        for seed in options.seeds:
            make_repeatable(seed)
            chosen = RECIPES.get(name, name)
            recipe = load_recipe(chosen) if chosen else None
            trainer = Trainer(
                images, labels, recipe, seed, options.epochs, options.rate, options.decay
            )
            started = time.perf_counter()
            for epoch in range(options.epochs):
                loss = trainer.epoch(epoch)
                if (epoch + 1) % 10 == 0 or epoch + 1 == options.epochs:
                    shown = trainer.error(judged.images, judged.labels) if options.choose else None
                    minutes = (time.perf_counter() - started) / 60
                    print(name, seed, epoch + 1, f"{loss:.4f} {minutes:.1f} min", shown, flush=True)
            errors.append(trainer.error(judged.images, judged.labels))
        spread = statistics.stdev(errors) if len(errors) > 1 else 0.0
        each = ", ".join(f"{error:.2f}" for error in errors)
        print(f"{name}: {statistics.mean(errors):.2f} +- {spread:.2f} %  ({each})", flush=True)


if __name__ == "__main__":
    main()
