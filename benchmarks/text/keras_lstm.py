"""The same character model with Keras's own LSTM layer, trained as a good Keras user would.

Layers, loss, optimizer, clipping and carried state are those of lstm_text/; a test gives both the
same weights and batches and finds the same losses, gradients and updated weights.
"""

import keras
import numpy as np
import tensorflow as tf

from benchmarks.sides import TensorflowSide
from benchmarks.text.task import layer_count, rounds_of, weight_list
from lstm_text.config import TextSettings

States = list[list[tf.Tensor]]  # hidden and cell (batch, units) of each layer


class KerasCharacters(keras.Model):
    """Embedding, keras.layers.LSTM upon keras.layers.LSTM, Dense (chapter 5.2.2).

    Args:
      arrays: the weights (see benchmarks.text.task), which also say all sizes.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        super().__init__()
        self.embedding = keras.layers.Embedding(*arrays["embedding"].shape)
        units = len(arrays["recurrent_kernel_0"])
        self.lstm_layers = [
            keras.layers.LSTM(units, return_sequences=True, return_state=True)
            for _ in range(layer_count(arrays))
        ]
        self.head = keras.layers.Dense(len(arrays["head_bias"]))
        self(tf.zeros((1, 1), tf.int32))  # creates the weights
        self.set_weights(weight_list(arrays))

    def zero_states(self, batch: int) -> States:
        """The state before any character."""
        return [[tf.zeros((batch, layer.units))] * 2 for layer in self.lstm_layers]

    def call(self, codes: tf.Tensor, states: States | None = None) -> tuple[tf.Tensor, States]:
        """Codes (batch, time) -> logits (batch, time, vocabulary), states after the last one."""
        values, new_states = self.embedding(codes), []
        for layer, state in zip(
            self.lstm_layers, states or [None] * len(self.lstm_layers), strict=True
        ):
            values, hidden, cell = layer(values, initial_state=state)
            new_states.append([hidden, cell])
        return self.head(values), new_states


class KerasTraining(TensorflowSide):
    """Trains KerasCharacters.

    Args:
      settings: "text": of lstm_text.config.TextSettings; "steps": of a round.
      arrays: "text": codes (1, characters), and the weights.
    """

    how = "tf.function, a step a call"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings = TextSettings(**settings["text"])
        self.rounds = rounds_of(arrays["text"], self.settings, settings["steps"])
        self.model = KerasCharacters(arrays)
        self.optimizer = keras.optimizers.AdamW(
            self.settings.learning_rate,
            weight_decay=self.settings.weight_decay,
            global_clipnorm=self.settings.gradient_clip,
        )
        self.optimizer.exclude_from_weight_decay(var_names=["bias"])
        self.optimizer.build(self.model.trainable_variables)
        self.states = self.model.zero_states(self.settings.batch_size)

    def work(self) -> dict:
        """One round of steps, and their mean loss in nats a character."""
        inputs, targets = next(self.rounds)
        losses = []
        for codes, following in zip(inputs, targets, strict=True):
            loss, self.states = self.train_step(
                tf.constant(codes), tf.constant(following), self.states
            )
            losses.append(loss)
        return {"units": targets.size, "measured": {"loss": float(tf.reduce_mean(losses))}}

    @tf.function
    def train_step(
        self, inputs: tf.Tensor, targets: tf.Tensor, states: States
    ) -> tuple[tf.Tensor, States]:
        """One step of truncated back-propagation through time: the mean loss, the new states."""
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            logits, states = self.model(inputs, states)
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
            )
        # Dense on purpose, as in lstm_text/step.py: else clipping and Adam see the rows of the
        # embedding's gradient before they are added up, and compute something else.
        gradients = [tf.convert_to_tensor(each) for each in tape.gradient(loss, variables)]
        self.optimizer.apply(gradients, variables)
        return loss, states
