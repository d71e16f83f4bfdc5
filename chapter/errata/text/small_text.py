"""What the exhibits of the LSTM listing (5.2.2) train on, and how: E16, E17 and E18.

The first part of the embedded Shakespeare; lstm_text's own step, or the listing's layers and loss
in Keras.
"""

import functools

import keras
import numpy as np
import tensorflow as tf

from data.texts.load import TextCorpus, load_text
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel, build_lstm_model
from lstm_text.score import Scorer
from lstm_text.step import TextTrainer
from lstm_text.streams import Streams
from training.seeds import make_repeatable

SEQUENCE_LENGTH = 32
SETTINGS = TextSettings(
    units=64,
    embedding_dim=32,
    batch_size=32,
    sequence_length=SEQUENCE_LENGTH,
    epochs=3,
    learning_rate=1e-2,
    warmup_steps=20,
)


@functools.cache
def small_text() -> TextCorpus:
    """The first part of the embedded Shakespeare, the same every time."""
    return load_text("shakespeare", max_characters=120_000, quiet=True)


def held_out_text() -> np.ndarray:
    """The validation part, codes (1, length), cut to whole batches of the listing and one more."""
    segments = small_text().validation
    return segments[:, : (segments.shape[1] - 1) // SEQUENCE_LENGTH * SEQUENCE_LENGTH + 1]


@functools.cache
def workshop(seed: int) -> tuple[TextTrainer, Streams, list[tuple[tf.Variable, np.ndarray]]]:
    """A trainer, compiled once for all trainings, its text, and its variables at the start."""
    make_repeatable(seed)
    streams = Streams(small_text().train, SETTINGS.batch_size, SEQUENCE_LENGTH, seed)
    total_steps = SETTINGS.epochs * streams.steps
    trainer = TextTrainer(SETTINGS, small_text().vocabulary.size, streams.streams, total_steps)
    variables = [*trainer.model.variables, *trainer.optimizer.variables, trainer.state]
    return trainer, streams, [(variable, variable.numpy().copy()) for variable in variables]


@functools.cache
def trained(seed: int, copying: bool = False) -> tuple[list[np.ndarray], float]:
    """A small model's weights after a short training, and the mean loss of its last epoch.

    Args:
      copying: each character's target is the character itself, not the next one.
    """
    trainer, streams, at_the_start = workshop(seed)
    for variable, value in at_the_start:
        variable.assign(value)
    for epoch in range(SETTINGS.epochs):
        trainer.start_epoch()
        inputs, targets, weights = streams.block(epoch, 0, streams.steps)
        first = epoch * streams.steps
        trainer.train_steps(
            tf.constant(inputs),
            tf.constant(inputs if copying else targets),
            tf.constant(weights),
            tf.constant(trainer.learning_rates(first, streams.steps)),
            tf.constant(first, tf.int32),
        )
    return trainer.model.get_weights(), trainer.averages.result()["loss"]


@functools.cache
def reader() -> tuple[CharacterModel, Scorer]:
    """A model to give weights to, and what scores it: compiled once for all weights."""
    model = CharacterModel(small_text().vocabulary.size, *SETTINGS.model_sizes)
    return model, Scorer(model)


def listing_model(vocabulary_size: int, embedding_dim: int, units: int, seed: int) -> keras.Model:
    """The listing's layers, untrained."""
    make_repeatable(seed)
    return build_lstm_model(vocabulary_size, embedding_dim, units)


def loss_of_logits(targets: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The listing's loss: mean of -ln p(target), from logits."""
    return tf.reduce_mean(
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
    )
