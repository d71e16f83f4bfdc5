"""E18. A probability distribution promised, logits computed

- **Place:** 5.3.2 (the Dense layer maps to a probability distribution over the output vocabulary)
  against 5.2.2.
- **Wrong:** The Dense layer has no softmax and gives logits. Its loss is right about that; the
  explanation is not. The loss moreover bears the name of Keras's
  `sparse_categorical_crossentropy`, which takes probabilities unless told otherwise: the reverse
  of E1.
- **Shows:** `python run.py errata --only E18`: after 100 steps with the listing's loss a row of
  outputs sums to -85.8, its smallest entry is -5.50, and NumPy refuses to draw from it. Trained
  with Keras's function of that name, which clips every negative logit to 1e-7 and so gives it no
  gradient, the same model starts at a loss of 8.63 and has come to 4.53 after 100 steps; with
  logits it starts at 4.30, which is chance (ln 74), and comes to 2.88.
- **Here:** Here the listing is right. `lstm_text/model.py:CharacterModel` gives logits and says
  so, `lstm_text/step.py:negative_log_likelihood` takes them,
  `lstm_text/sampler.py:Sampler.choose` divides them by the temperature and draws.
- **Test:** `tests/chapter/errata/text/test_exhibits.py::test_e18_logits_as_probabilities`
"""

import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from chapter.errata.exhibit import CURE, DEFECT, Exhibit
from chapter.errata.text.small_text import (
    SEQUENCE_LENGTH,
    SETTINGS,
    listing_model,
    loss_of_logits,
    small_text,
)
from foundation.purposes import TEXT_ERRATA, rng
from lstm_text.streams import Streams

STEPS_IN_KERAS = 100


def exhibit(seed: int) -> Exhibit:
    """E18: the listing's model, trained with its outputs taken for probabilities and for logits."""
    losses = {
        # Keras's function of the same name takes probabilities unless told otherwise.
        "defect": lambda y, outputs: tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(y, outputs)
        ),
        "cure": loss_of_logits,
    }
    models, rows = {}, {}
    for side, loss in losses.items():
        models[side], rows[side] = train_in_keras(loss, seed)

    def measures(side: str, row: np.ndarray) -> dict:
        return {
            "smallest entry of an output row": float(row.min()),
            "sum of that row": float(row.sum(dtype=np.float64)),
            "NumPy draws a character from it": can_be_drawn_from(row),
            "loss before training": rows[side][0],
            f"loss after {STEPS_IN_KERAS} steps": float(np.mean(rows[side][-10:])),
            "chance (all characters equally likely)": math.log(small_text().vocabulary.size),
        }

    codes = small_text().validation[:, :SEQUENCE_LENGTH].astype(np.int32)
    logits = models["cure"](codes)
    return Exhibit(
        measures("defect", logits[0, -1].numpy()),
        measures("cure", tf.nn.softmax(tf.cast(logits, tf.float64))[0, -1].numpy()),
        losses_in_training(rows, math.log(small_text().vocabulary.size)),
    )


def train_in_keras(loss: Callable, seed: int) -> tuple[keras.Model, list[float]]:
    """The listing's model after some steps of Adam on this loss, and the loss of each step."""
    batch_size = SETTINGS.batch_size
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

    streams = Streams(small_text().train, batch_size, SEQUENCE_LENGTH, seed)
    codes, targets, _ = map(tf.constant, streams.block(0, 0, STEPS_IN_KERAS))
    return model, [float(step(codes[k], targets[k])) for k in range(STEPS_IN_KERAS)]


def can_be_drawn_from(row: np.ndarray) -> bool:
    """Whether NumPy takes a row for probabilities: none below 0, a sum of 1."""
    try:
        rng(0, TEXT_ERRATA).choice(len(row), p=row)
    except ValueError:
        return False
    return True


def losses_in_training(rows: dict[str, list[float]], chance: float) -> Figure:
    """E18: the loss of each step.

    Args:
      rows: "defect" and "cure" -> one loss a step.
      chance: the loss when all characters are equally likely.
    """
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    for side, color, legend in (
        ("defect", DEFECT, "outputs taken for probabilities"),
        ("cure", CURE, "outputs taken for logits"),
    ):
        axes.plot(rows[side], color=color, label=legend)
    axes.axhline(chance, color="grey", linestyle=":", label=f"chance: {chance:.2f}")
    axes.set(xlabel="step", ylabel="loss, nats a character", title="the listing's model and Adam")
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    return figure
