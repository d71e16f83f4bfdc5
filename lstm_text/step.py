"""The model, its optimizer and the one training step."""

import keras
import numpy as np
import tensorflow as tf

from data.texts.vocabulary import Vocabulary
from foundation.purposes import TRAINING_NOISE
from lstm_text.config import TextSettings
from lstm_text.model import CharacterModel
from training.averages import Averages, update_average
from training.seeds import stateless_seed

LOWEST_RATE = 0.01  # of the learning rate
FORGETTING = 1000  # keeps this draw apart from those of the dropout, which count from 0


def negative_log_likelihood(logits: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """-ln p(target) of every character, in nats.

    Their sum is -ln p(text), a formula that the chapter leaves out (erratum E23):
    p(text) = product over t of p(character t | the characters before t).

    Args:
      logits: float32 (..., vocabulary), not normalised (erratum E18).
      targets: int32 (...).

    Reference: chapter 5.2.2, the listing's loss.
    """
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)


class TextTrainer:
    """A character model in training: weights, optimizer, carried state, averages.

    Args:
      vocabulary_size: number of codes.
      streams: rows of a step (fewer than settings.batch_size for a very short text).
      total_steps: steps until the learning rate has fallen to a hundredth.
    """

    def __init__(
        self, settings: TextSettings, vocabulary_size: int, streams: int, total_steps: int
    ):
        self.settings, self.total_steps = settings, total_steps
        sizes = (vocabulary_size, *settings.model_sizes)
        self.model = CharacterModel(*sizes)
        # erratum E14: the listing's loop uses an optimizer that nothing defines.
        self.optimizer = keras.optimizers.AdamW(
            settings.learning_rate, weight_decay=settings.weight_decay
        )
        self.optimizer.exclude_from_weight_decay(var_names=["bias"])
        self.optimizer.build(self.model.trainable_variables)
        # erratum E16: the listing takes a batch size, never uses it, and forgets after each batch.
        self.state = tf.Variable(self.model.zero_state(streams), trainable=False)
        self.averages = Averages(("loss",))
        self.best_loss = tf.Variable(float("inf"), trainable=False)
        self.best_epoch = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.average_model = None
        if settings.weight_average:
            self.average_model = CharacterModel(*sizes)
            self.average_model.set_weights(self.model.get_weights())

    @property
    def judged(self) -> CharacterModel:
        """The model that is validated, saved and used: the averaged one, if there is one."""
        return self.average_model or self.model

    def tracked(self) -> dict:
        """Everything that training changes, for training.checkpoints."""
        return {
            # The weights by themselves: TensorFlow finds no layer that a Keras model has in a list,
            # so that a checkpoint of `self.average_model` would lack the LSTM layers.
            "weights": self.model.variables,
            "average_weights": self.average_model.variables if self.average_model else [],
            "optimizer": self.optimizer,
            "state": self.state,
            "averages": self.averages,
            "best_loss": self.best_loss,
            "best_epoch": self.best_epoch,
        }

    def learning_rates(self, first: int, count: int) -> np.ndarray:
        """The step sizes of `count` steps from step `first` of the whole training, float32.

        A linear rise, then half a cosine down to a hundredth, where it stays if the run is made
        longer. Only the size changes: the optimizer and its moments stay. It depends on the step
        alone, so that a resumed run has the same.
        """
        steps = np.arange(first, first + count)
        rise = np.minimum(1.0, (steps + 1) / max(self.settings.warmup_steps, 1))
        fall = 0.5 * (1 + np.cos(np.pi * np.minimum(steps / self.total_steps, 1.0)))
        share = rise * np.maximum(fall, LOWEST_RATE)
        return (self.settings.learning_rate * share).astype(np.float32)

    @tf.function(jit_compile=True)
    def train_step(
        self,
        inputs: tf.Tensor,
        targets: tf.Tensor,
        weights: tf.Tensor,
        state: tf.Tensor,
        rate: tf.Tensor,
        seed: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """One step of truncated back-propagation through time.

        Args:
          inputs, targets: int32 (streams, sequence_length).
          weights: float32 of the same shape, 1 or 0: whether a target counts.
          state: float32 (layers, 2, streams, units), as the step before left it.
          rate: float32, the step size.
          seed: int32 (2,), of what is dropped.

        Returns: the mean loss in nats a character, and the state after the last character.
        Reference: chapter 5.2.2, train_step.
        """
        settings, variables = self.settings, self.model.trainable_variables
        with tf.GradientTape() as tape:
            logits, state = self.model(inputs, state, dropout=settings.dropout, seed=seed)
            losses = negative_log_likelihood(logits, targets)
            loss = tf.reduce_sum(weights * losses) / tf.reduce_sum(weights)
        # Dense on purpose: the embedding's gradient has a row for each time a character occurs,
        # and Keras's Adam squares these rows one by one instead of their sum.
        gradients = [tf.convert_to_tensor(each) for each in tape.gradient(loss, variables)]
        if settings.gradient_clip:
            gradients, _ = tf.clip_by_global_norm(gradients, settings.gradient_clip)
        self.optimizer.learning_rate.assign(rate)
        self.optimizer.apply(gradients, variables)
        if self.average_model is not None:
            update_average(
                self.average_model, self.model, settings.weight_average, self.optimizer.iterations
            )
        # erratum E15: the listing's step returns nothing, and the loss it shows is a function.
        return loss, state

    @tf.function
    def train_steps(
        self,
        inputs: tf.Tensor,
        targets: tf.Tensor,
        weights: tf.Tensor,
        rates: tf.Tensor,
        first_step: tf.Tensor,
    ) -> None:
        """Several steps without coming back to Python; the state is carried in `self.state`.

        Args:
          inputs, targets, weights: (steps, streams, sequence_length), see Streams.block.
          rates: float32 (steps,), step sizes.
          first_step: int32, the number of the first step in the whole training.
        """
        state = self.state.read_value()
        for index in tf.range(tf.shape(inputs)[0]):
            seed = stateless_seed(self.settings.seed, TRAINING_NOISE, first_step + index)
            count = tf.reduce_sum(weights[index])
            state = self._forget(state, seed)
            loss, state = self.train_step(
                inputs[index], targets[index], weights[index], state, rates[index], seed
            )
            self.averages.update({"loss": loss}, weight=count)
        self.state.assign(state)

    def _forget(self, state: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Zero the state of a random share of the streams.

        A model that carries its state all the time meets the zero state once an epoch, and then
        predicts the first characters after it badly: those of a new text, or of a short window.
        """
        if not self.settings.state_reset:
            return state
        uniform = tf.random.stateless_uniform(
            (state.shape[2],), tf.random.fold_in(seed, FORGETTING), alg=tf.random.Algorithm.PHILOX
        )
        kept = tf.cast(uniform >= self.settings.state_reset, tf.float32)
        return state * kept[:, tf.newaxis]  # (layers, 2, streams, units)

    def start_epoch(self) -> None:
        """Forget what was read: the streams of an epoch start elsewhere in the text."""
        self.state.assign(tf.zeros_like(self.state))
        self.averages.reset()


def scored(targets: np.ndarray) -> np.ndarray:
    """1.0 where a target counts, 0.0 where it is a character that training never saw."""
    return (targets != Vocabulary.UNKNOWN).astype(np.float32)
