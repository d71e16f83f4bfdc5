"""The row of Simard, Steinkraus and Platt 2003: MNIST, 784-800-10, none, affine, elastic.

    python -m benchmarks.studies.augmentation_simard [--epochs N] [--seeds 0 1 2] [--choose]

Published test errors: 1.6 % with none, 1.1 % with affine and 0.7 % with elastic distortions. All
three train with the same optimizer for the same number of epochs; rate, weight decay and epochs
were chosen on the validation images (--choose trains on the first 50,000 and reports the error on
the last 10,000 training images; without it, all 60,000 are trained on and the test images are used
once).
"""

import argparse
import statistics

import keras
import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.recipe import Recipe
from augmentation.recipes.read import load_recipe
from data.images.dataset import ImageSplit
from data.images.load import load_images
from training.seeds import epoch_order, make_repeatable

RECIPES = {"none": None, "affine": "mnist_affine", "elastic": "mnist_elastic"}
BATCH, RATE, DECAY = 128, 1e-3, 0.01
AVERAGE = 0.999  # decay of the weight average that is judged


def build_mlp() -> keras.Sequential:
    """784-800-10 with ReLU and logits: 636,010 weights."""
    hidden = keras.layers.Dense(800, activation="relu", kernel_initializer="he_normal")
    return keras.Sequential([keras.Input((784,)), hidden, keras.layers.Dense(10)])


class Trainer:
    """One compiled step: draw, augment, forward, backward, update.

    Args:
      train: what to train on, held as tensors.
      recipe: None trains on the images as they are.
      epochs: in all; the rate falls on a cosine to zero over them.
    """

    def __init__(self, train: ImageSplit, recipe: Recipe | None, seed: int, epochs: int):
        self.images, self.labels = tf.constant(train.images), tf.constant(train.labels)
        self.recipe, self.seed = recipe, seed
        self.model, self.average = build_mlp(), build_mlp()
        self.average.set_weights(self.model.get_weights())
        rate = keras.optimizers.schedules.CosineDecay(RATE, len(train) // BATCH * epochs)
        self.optimizer = keras.optimizers.AdamW(rate, weight_decay=DECAY)
        self.optimizer.build(self.model.trainable_variables)

    @tf.function(jit_compile=True)
    def step(self, indices: tf.Tensor, epoch: tf.Tensor) -> None:
        """Train on the images of these indices, int64 (BATCH,)."""
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

    def epoch(self, epoch: int) -> None:
        """One pass in an order of its own; the last incomplete batch is left out."""
        order = epoch_order(self.seed, epoch, len(self.images)).astype(np.int64)
        for indices in order[: len(order) // BATCH * BATCH].reshape(-1, BATCH):
            self.step(tf.constant(indices), tf.constant(epoch))

    def error(self, split: ImageSplit) -> float:
        """Share of the images that the averaged weights get wrong, in percent."""
        answers = np.argmax(self.average(flat(split.images)).numpy(), axis=1)
        return 100.0 * float(np.mean(answers != split.labels))


def flat(images: tf.Tensor) -> tf.Tensor:
    """uint8 (count, 28, 28, 1) as float32 (count, 784) in [0, 1]."""
    return tf.reshape(tf.cast(images, tf.float32) / 255.0, (-1, 784))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=150)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--recipes", nargs="+", default=list(RECIPES))
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    mnist = load_images("mnist")
    train, judged = mnist.train, mnist.validation
    if not options.choose:
        both = zip((train.images, train.labels), (judged.images, judged.labels), strict=True)
        train, judged = ImageSplit(*map(np.concatenate, both)), mnist.test
    for name in options.recipes:
        chosen, errors = RECIPES.get(name, name), []
        for seed in options.seeds:
            make_repeatable(seed)
            trainer = Trainer(train, chosen and load_recipe(chosen), seed, options.epochs)
            for epoch in range(options.epochs):
                trainer.epoch(epoch)
            errors.append(trainer.error(judged))
            print(f"{name}, seed {seed}: {errors[-1]:.2f} %", flush=True)
        spread = statistics.stdev(errors) if len(errors) > 1 else 0.0
        print(f"{name}: {statistics.mean(errors):.2f} +- {spread:.2f} %", flush=True)


if __name__ == "__main__":
    main()
