"""The MLP and the CNN that synthetic training sets are judged by.

Both see the same number of updates whatever the size of the training set: a larger set is not
trained longer than a smaller one. Every random number follows from the seed given; the global
random states are left alone.
"""

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator

import keras
import numpy as np
import tensorflow as tf

from foundation.quiet import retracing_allowed
from training.seeds import epoch_order

BATCH_SIZE = 128
STEPS_A_CALL = 50
FORWARD_BATCH = 500  # one fixed size: sums in another order would differ in the last bit

# From uint8 images (batch, h, w, c), their indices (batch,) and the number of the pass over the
# training set to augmented uint8 images of the same shape.
Augment = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


def build_mlp(
    image_shape: tuple[int, int, int], num_classes: int, dropout: float, seeds: Iterator[int]
) -> keras.Model:
    """uint8 images -> logits: 512, 256 with batch normalization and dropout."""
    layers = keras.layers
    images = keras.Input(image_shape, dtype="uint8")
    x = layers.Flatten()(layers.Rescaling(1 / 127.5, offset=-1.0)(images))  # [-1, 1]
    for units in (512, 256):
        x = layers.Dense(units, use_bias=False, kernel_initializer=_he(seeds))(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.Dropout(dropout, seed=next(seeds))(x)
    return keras.Model(images, _logits(x, num_classes, seeds), name="mlp")


def build_cnn(
    image_shape: tuple[int, int, int], num_classes: int, dropout: float, seeds: Iterator[int]
) -> keras.Model:
    """uint8 images -> logits: convolutions of 16, 32, 64, ... filters, each halving the image until
    it is at most 4 x 4; Dense 128; batch normalization throughout, dropout before the dense ones.
    """
    layers = keras.layers
    images = keras.Input(image_shape, dtype="uint8")
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(images)  # [-1, 1]
    filters, size = 16, max(image_shape[:2])
    while size > 4:
        convolution = layers.Conv2D(
            filters, 3, padding="same", use_bias=False, kernel_initializer=_he(seeds)
        )
        x = layers.MaxPooling2D(padding="same")(convolution(x))  # first: a quarter of the rest
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        filters, size = min(2 * filters, 128), math.ceil(size / 2)
    x = layers.Dropout(dropout, seed=next(seeds))(layers.Flatten()(x))
    x = layers.Dense(128, use_bias=False, kernel_initializer=_he(seeds))(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Dropout(dropout, seed=next(seeds))(x)
    return keras.Model(images, _logits(x, num_classes, seeds), name="cnn")


def _he(seeds: Iterator[int]) -> keras.Initializer:
    return keras.initializers.HeUniform(seed=next(seeds))


def _logits(x, num_classes: int, seeds: Iterator[int]):
    glorot = keras.initializers.GlorotUniform(seed=next(seeds))
    return keras.layers.Dense(num_classes, kernel_initializer=glorot)(x)


class NetworkTrainer:
    """A network (uint8 images -> logits) in training: AdamW, warm-up, cosine decay to 0."""

    def __init__(self, model: keras.Model, updates: int, learning_rate: float, weight_decay: float):
        self.model = model
        warmup = updates // 10
        rate = keras.optimizers.schedules.CosineDecay(
            learning_rate / 10, updates - warmup, warmup_target=learning_rate, warmup_steps=warmup
        )
        self.optimizer = keras.optimizers.AdamW(rate, weight_decay=weight_decay)
        self.optimizer.build(model.trainable_variables)
        self._first = [variable.numpy() for variable in self.optimizer.variables]

    def start_from(self, model: keras.Model) -> None:
        """Begin anew with the weights, and the seeds of dropout, of a model of the same form."""
        _assign(self.model.variables, model.variables)
        _assign(self.optimizer.variables, self._first)

    @tf.function(reduce_retracing=True)
    def train_steps(self, images: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor) -> None:
        """One step for each row of batches.

        Args:
          images: uint8 (steps, batch, h, w, c).
          labels, weights: int32, and float32, each sample's factor in the loss; (steps, batch).
        """
        variables = self.model.trainable_variables
        for step in tf.range(tf.shape(labels)[0]):
            with tf.GradientTape() as tape:
                logits = self.model(images[step], training=True)
                losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels[step], logits)
                loss = tf.reduce_mean(weights[step] * losses)
            self.optimizer.apply(tape.gradient(loss, variables), variables)


@functools.lru_cache(maxsize=8)
def shared_trainer(
    build: Callable, form: tuple, batch: int, updates: int, learning_rate: float, decay: float
) -> NetworkTrainer:
    """One for all trainings of a form: building its graph takes as long as a hundred steps.

    `batch` is not used: at another size the graph would be traced anew, for any size, and what a
    training gives would depend on those before it.
    """
    return NetworkTrainer(build(*form, itertools.count()), updates, learning_rate, decay)


def train_network(
    build: Callable,
    images: np.ndarray,
    labels: np.ndarray,
    sample_weight: np.ndarray,
    num_classes: int,
    seed: int,
    updates: int,
    learning_rate: float,
    weight_decay: float,
    dropout: float,
    augment: Augment | None = None,
    batch_size: int = BATCH_SIZE,
) -> keras.Model:
    """Build and train a network.

    Args:
      build: build_mlp or build_cnn.
      images: uint8 (count, h, w, c); labels: int64 (count,); sample_weight: float32 (count,),
        mean 1.
      seed: of the first weights, the order of the images and dropout.
      updates: steps of `batch_size` images. Where there are no more than half as many, a step sees
        all of them as often as fits: ten images, each in twelve ways, say far more of a direction
        than each in one.
      augment: changes each image anew each time it is seen.

    Returns: a model from uint8 images to logits.
    """
    tf.config.experimental.enable_op_determinism()
    seeds = map((1000 * seed).__add__, itertools.count())
    form = (images.shape[1:], num_classes, dropout)
    batch = min(batch_size, len(images))
    passes = max(1, batch_size // len(images))  # of a set that is smaller than a batch
    stream = itertools.islice(batches(len(images), batch, seed), updates * passes)
    with retracing_allowed():  # every network is a new one
        model = build(*form, seeds)
        trainer = shared_trainer(build, form, passes * batch, updates, learning_rate, weight_decay)
        trainer.start_from(model)
        while block := list(itertools.islice(stream, STEPS_A_CALL * passes)):
            chosen = np.concatenate([indices for _, indices in block])
            seen = [
                images[indices] if augment is None else augment(images[indices], indices, number)
                for number, indices in block
            ]
            rows = (-1, passes * batch)  # (steps, batch)
            trainer.train_steps(
                tf.constant(np.concatenate(seen).reshape(*rows, *images.shape[1:])),
                tf.constant(labels[chosen].reshape(rows), tf.int32),
                tf.constant(sample_weight[chosen].reshape(rows), tf.float32),
            )
        _assign(model.variables, trainer.model.variables)
    return model


def _assign(variables: Iterable[tf.Variable], values: Iterable) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def batches(count: int, batch: int, seed: int) -> Iterator[tuple[int, np.ndarray]]:
    """Endless: the number of the pass, and the indices (batch,) of one step.

    What is left over at the end of a pass, less than a batch, waits for another one.
    """
    for number in itertools.count():
        order = epoch_order(seed, number, count)
        for start in range(0, count - batch + 1, batch):
            yield number, order[start : start + batch]


def network_probabilities(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Softmax of the logits: float32 (count, classes)."""
    parts = []
    with retracing_allowed():  # every network is a new one
        for start in range(0, len(images), FORWARD_BATCH):
            part = images[start : start + FORWARD_BATCH]
            padding = [(0, FORWARD_BATCH - len(part)), (0, 0), (0, 0), (0, 0)]
            logits = model.predict_on_batch(np.pad(part, padding))[: len(part)]
            parts.append(tf.nn.softmax(logits).numpy())
    return np.concatenate(parts) if parts else np.empty((0, model.output_shape[1]), np.float32)
