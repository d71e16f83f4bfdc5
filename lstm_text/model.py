"""Embedding, LSTM upon LSTM, Dense: the chapter's model (5.2.2), with its state in the open."""

import keras
import tensorflow as tf

from lstm_text.recurrent import LSTM


class CharacterModel(keras.Model):
    """Predicts each next character from those before it.

    The state is an argument and a result, not hidden in the layers as with Keras's `stateful`: so
    validation cannot disturb the state of the training, and a checkpoint can hold it.

    Args:
      vocabulary_size: number of codes, the unknown symbol included.
      embedding_dim: size of a character's vector.
      units: cells of each LSTM layer.
      num_layers: LSTM layers.
      tie_weights: use the embedding's vectors as the output layer's weights, after a projection
        from `units` to `embedding_dim` (Press and Wolf 2017).

    Reference: chapter 5.2.2; Graves 2013, Generating Sequences With Recurrent Neural Networks.
    """

    def __init__(
        self,
        vocabulary_size: int,
        embedding_dim: int,
        units: int,
        num_layers: int = 2,
        tie_weights: bool = False,
    ):
        super().__init__()
        self.vocabulary_size, self.units, self.num_layers = vocabulary_size, units, num_layers
        self.tie_weights = tie_weights
        # erratum E20: a vector for each character; the chapter's prose speaks of words.
        self.embedding = keras.layers.Embedding(vocabulary_size, embedding_dim)
        self.lstm_layers = [LSTM(units) for _ in range(num_layers)]
        # Logits, no softmax: the loss and the temperature both want them (erratum E18).
        self.head = keras.layers.Dense(embedding_dim if tie_weights else vocabulary_size)
        if tie_weights:
            self.head_bias = self.add_weight(
                name="head_bias", shape=(vocabulary_size,), initializer="zeros"
            )
        self(tf.zeros((1, 1), tf.int32), self.zero_state(1))  # creates the weights

    def zero_state(self, batch: int) -> tf.Tensor:
        """The state before any character: float32 (layers, 2, batch, units), hidden then cell."""
        return tf.zeros((self.num_layers, 2, batch, self.units))

    def call(
        self, codes: tf.Tensor, state: tf.Tensor, masks: "DropoutMasks | None" = None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Logits of the character after each one.

        Args:
          codes: int32 (batch, time).
          state: float32 (layers, 2, batch, units).
          masks: what to drop, in training; None: nothing.

        Returns: logits float32 (batch, time, vocabulary), and the state after the last character.
        """
        values = tf.transpose(self.embedding(codes), (1, 0, 2))  # (time, batch, embedding)
        states = []
        for index, layer in enumerate(self.lstm_layers):
            # erratum E22: the listing's step never says that it trains, so it would drop nothing.
            values = masks.drop(values, index) if masks else values
            recurrent_mask = masks.recurrent(index, self.units) if masks else None
            values, hidden, cell = layer(values, state[index, 0], state[index, 1], recurrent_mask)
            states.append(tf.stack([hidden, cell]))
        values = masks.drop(values, self.num_layers) if masks else values
        return tf.transpose(self.logits(values), (1, 0, 2)), tf.stack(states)

    def logits(self, outputs: tf.Tensor) -> tf.Tensor:
        """The last layer's outputs (..., units) -> logits (..., vocabulary)."""
        values = self.head(outputs)
        if not self.tie_weights:
            return values
        return (
            tf.einsum("...e,ve->...v", values, tf.convert_to_tensor(self.embedding.embeddings))
            + self.head_bias
        )


class DropoutMasks:
    """What one training step drops: a pure function of its seed, so a resumed run drops the same.

    Args:
      seed: int32 (2,), of the step.
      dropout: share of the values dropped between layers.
      recurrent_dropout: share of the recurrent weights dropped.
    """

    def __init__(self, seed: tf.Tensor, dropout: float, recurrent_dropout: float):
        self.seed, self.dropout, self.recurrent_dropout = seed, dropout, recurrent_dropout

    def drop(self, values: tf.Tensor, index: int) -> tf.Tensor:
        """Dropout before layer `index` (Zaremba et al. 2014: never from one step to the next)."""
        if not self.dropout:
            return values
        return values * self._mask(values.shape, self.dropout, 2 * index)

    def recurrent(self, index: int, units: int) -> tf.Tensor | None:
        """DropConnect on the recurrent weights of layer `index` (Merity et al. 2018, AWD-LSTM)."""
        if not self.recurrent_dropout:
            return None
        return self._mask((units, 4 * units), self.recurrent_dropout, 2 * index + 1)

    def _mask(self, shape, share: float, number: int) -> tf.Tensor:
        """Zeros with probability `share`, and 1 / (1 - share) elsewhere: the mean stays 1."""
        uniform = tf.random.stateless_uniform(
            shape, tf.random.fold_in(self.seed, number), alg=tf.random.Algorithm.PHILOX
        )
        return tf.cast(uniform >= share, tf.float32) / (1.0 - share)
