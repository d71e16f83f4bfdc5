"""Embedding, LSTM upon LSTM, Dense: the chapter's model (5.2.2), plain and with its state open."""

import keras
import tensorflow as tf

from lstm_text.recurrent import LSTM


def build_lstm_model(
    vocabulary_size: int, embedding_dim: int, units: int, num_layers: int = 2
) -> keras.Model:
    """The model as the chapter has it, in Keras's own layers.

    `CharacterModel` computes the same faster; weights go from one to the other by `get_weights` and
    `set_weights`.

    Args:
      vocabulary_size: number of codes, the unknown symbol included.
      embedding_dim: size of a character's vector.
      units: cells of each LSTM layer.
      num_layers: LSTM layers.

    Returns: a model from codes (batch, time) to the logits of the character after each one (batch,
    time, vocabulary); its layers forget what they have read at the end of each call (erratum E16).
    """
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32", name="codes"),
            # erratum E20: a vector for each character; the chapter's prose speaks of words.
            keras.layers.Embedding(vocabulary_size, embedding_dim),
            *(keras.layers.LSTM(units, return_sequences=True) for _ in range(num_layers)),
            # Logits, no softmax: the loss and the temperature both want them (erratum E18).
            keras.layers.Dense(vocabulary_size),
        ]
    )


class CharacterModel(keras.Model):
    """The same layers with a faster LSTM; its state is an argument and a result.

    It is not hidden in the layers as with Keras's `stateful`: so validation cannot disturb the
    state of the training, and a checkpoint can hold it.

    Args:
      vocabulary_size, embedding_dim, units, num_layers: as for `build_lstm_model`.

    Reference: chapter 5.2.2; Graves 2013, Generating Sequences With Recurrent Neural Networks.
    """

    def __init__(self, vocabulary_size: int, embedding_dim: int, units: int, num_layers: int = 2):
        super().__init__()
        self.vocabulary_size, self.units, self.num_layers = vocabulary_size, units, num_layers
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_dim)
        self.lstm_layers = [LSTM(units) for _ in range(num_layers)]
        self.head = keras.layers.Dense(vocabulary_size)
        self(tf.zeros((1, 1), tf.int32), self.zero_state(1))  # creates the weights

    def zero_state(self, batch: int) -> tf.Tensor:
        """The state before any character: float32 (layers, 2, batch, units), hidden then cell."""
        return tf.zeros((self.num_layers, 2, batch, self.units))

    def call(
        self,
        codes: tf.Tensor,
        state: tf.Tensor,
        dropout: float = 0.0,
        seed: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Logits of the character after each one.

        Args:
          codes: int32 (batch, time).
          state: float32 (layers, 2, batch, units).
          dropout, seed: what to drop, in training; see `dropped`.

        Returns: logits float32 (batch, time, vocabulary), and the state after the last character.
        """
        values = tf.transpose(self.embedding(codes), (1, 0, 2))  # (time, batch, embedding)
        states = []
        for index, layer in enumerate(self.lstm_layers):
            # erratum E22: the listing's step never says that it trains, so it would drop nothing.
            values = dropped(values, dropout, seed, index)
            values, hidden, cell = layer(values, state[index, 0], state[index, 1])
            states.append(tf.stack([hidden, cell]))
        values = dropped(values, dropout, seed, self.num_layers)
        return tf.transpose(self.head(values), (1, 0, 2)), tf.stack(states)


def dropped(values: tf.Tensor, share: float, seed: tf.Tensor | None, index: int) -> tf.Tensor:
    """Dropout before layer `index` (Zaremba et al. 2014: never from one step to the next).

    What is dropped is a pure function of the seed, int32 (2,), so a resumed run drops the same.
    """
    if not share:
        return values
    uniform = tf.random.stateless_uniform(
        values.shape, tf.random.fold_in(seed, 2 * index), alg=tf.random.Algorithm.PHILOX
    )
    kept = tf.cast(uniform >= share, tf.float32)
    return values * (kept / (1.0 - share))  # so the mean stays
