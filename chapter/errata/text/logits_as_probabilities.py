"""E18. A probability distribution promised, logits computed: see docs/errata.md."""

import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from chapter.errata.exhibit import CURE, DEFECT, Exhibit, Measures, line_figure
from chapter.errata.text.small_text import (
    SEQUENCE_LENGTH,
    SETTINGS,
    listing_model,
    loss_of_logits,
    small_text,
)
from foundation.purposes import TEXT_ERRATA, rng
from lstm_text.streams import Streams

STEPS_IN_KERAS = 60


def exhibit(seed: int) -> Exhibit:
    """E18: the listing's model, trained with its outputs taken for probabilities and for logits."""
    _, wrong_losses = train_in_keras(loss_of_probabilities, seed)
    model, losses = train_in_keras(loss_of_logits, seed)
    chance = math.log(small_text().vocabulary.size)

    def measures(row: np.ndarray, losses: list[float]) -> Measures:
        return {
            "smallest entry of an output row": float(row.min()),
            "sum of that row": float(row.sum(dtype=np.float64)),
            "NumPy draws a character from it": can_be_drawn_from(row),
            "loss before training": losses[0],
            f"loss after {STEPS_IN_KERAS} steps": float(np.mean(losses[-10:])),
            "chance (all characters equally likely)": chance,
        }

    logits = model(small_text().validation[:, :SEQUENCE_LENGTH].astype(np.int32))
    probabilities = tf.nn.softmax(tf.cast(logits, tf.float64))
    steps = np.arange(STEPS_IN_KERAS)
    return Exhibit(
        measures(logits[0, -1].numpy(), wrong_losses),
        measures(probabilities[0, -1].numpy(), losses),
        line_figure(
            {
                "outputs taken for probabilities": (steps, wrong_losses, DEFECT),
                "outputs taken for logits": (steps, losses, CURE),
                f"chance: {chance:.2f}": (steps, np.full(len(steps), chance), "grey"),
            },
            title="the listing's model and Adam",
            xlabel="step",
            ylabel="loss, nats a character",
        ),
    )


def loss_of_probabilities(targets: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
    """Keras's function of the listing's name, which takes probabilities unless told otherwise."""
    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(targets, outputs))


def train_in_keras(loss: Callable, seed: int) -> tuple[keras.Model, list[float]]:
    """The listing's model after some steps of Adam on this loss, and the loss of each step."""
    model = listing_model(small_text().vocabulary.size, 16, 48, seed)
    optimizer = keras.optimizers.Adam(SETTINGS.learning_rate)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step(codes: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            value = loss(targets, model(codes))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return value

    streams = Streams(small_text().train, SETTINGS.batch_size, SEQUENCE_LENGTH, seed)
    codes, targets, _ = map(tf.constant, streams.block(0, 0, STEPS_IN_KERAS))
    return model, [float(step(codes[k], targets[k])) for k in range(STEPS_IN_KERAS)]


def can_be_drawn_from(row: np.ndarray) -> bool:
    """Whether NumPy takes a row for probabilities: none below 0, a sum of 1."""
    try:
        rng(0, TEXT_ERRATA).choice(len(row), p=row)
    except ValueError:
        return False
    return True
