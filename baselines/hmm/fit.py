"""Hidden Markov models in training: Baum-Welch over many streams, for one model or one a class."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from baselines.hmm.em import forward, normalized, posteriors
from baselines.hmm.emissions import HMM_START, Categorical, Gaussian
from training.history import Averages


class Streams(NamedTuple):
    """Series side by side.

    x: int32 (T, S), or float (T, S, columns).
    real: float64 (T, S), 0 where a stream has ended.
    observations: what a mean is taken over: characters, steps or images.
    """

    x: np.ndarray
    real: np.ndarray
    observations: int

    def batch(self, first: int, size: int) -> tuple[tf.Tensor, tf.Tensor]:
        """The streams first .. first + size - 1, or as many as there are."""
        columns = slice(first, first + size)
        kind = tf.int32 if self.x.ndim == 2 else tf.float64
        return tf.constant(self.x[:, columns], kind), tf.constant(self.real[:, columns])


class Hmm(NamedTuple):
    """Parameters: pi (N,), A (N, N), and those of the emissions."""

    pi: np.ndarray
    a: np.ndarray
    emission: tuple[np.ndarray, ...]


class HmmLearner:
    """Baum-Welch (training.generator.BaselineLearner, but for `generator`).

    A step reads `batch_size` streams and adds to the expected counts; the end of an epoch, when all
    were read, makes new parameters of them. So an epoch is one iteration of EM, exactly, and an
    interrupted one goes on where it stopped.

    The history holds `log_likelihood` (training, before the iteration) and, if there are validation
    streams, `validation_log_likelihood` (after it), in nats an observation. Every stream starts
    from pi: what stood before it is not known.

    Args:
      train, validation: streams of each group; a group has a model of its own. Validation may be
        empty.
      emission: Categorical or Gaussian.
      states: N.
      batch_size: streams a step.
      smoothing: added to every expected count of pi and A.
      tolerance: enough is when an iteration gains less, in nats an observation.
      seed: of the start.
    """

    steps_a_call = 1
    how_to_read = (
        "Healthy: a plateau at first, while all states are alike, then a steep rise, then a slow "
        "one.\nTraining far above validation: too many states for the data."
    )

    def __init__(
        self,
        train: Sequence[Streams],
        validation: Sequence[Streams],
        emission: Categorical | Gaussian,
        states: int,
        batch_size: int,
        smoothing: float,
        tolerance: float,
        seed: int,
    ):
        self.train, self.validation, self.emission = train, validation, emission
        self.states, self.batch_size = states, batch_size
        self.smoothing = tf.constant(smoothing, tf.float64)
        self.tolerance, self.seed = tolerance, seed
        self.parts = [
            (group, first)
            for group, streams in enumerate(train)
            for first in range(0, streams.x.shape[1], batch_size)
        ]
        self.steps = len(self.parts)
        self.averages = Averages(("log_likelihood",))
        shapes = [(states,), (states, states), *emission.shapes(states)]
        count_shapes = [(states,), (states, states), *emission.count_shapes(states)]
        self.parameters = [[_zeros(shape) for shape in shapes] for _ in train]
        self.counts = [[_zeros(shape) for shape in count_shapes] for _ in train]
        self.total, self.gain = _zeros(()), tf.Variable(np.inf, dtype=tf.float64)
        self.last = tf.Variable(-np.inf, dtype=tf.float64)
        self.expected_counts = tf.function(self._expected_counts, reduce_retracing=True)
        self.score = tf.function(self._score, reduce_retracing=True)
        self.validates = bool(validation) and all(s.observations for s in validation)
        columns = {"log_likelihood": "training"}
        if self.validates:
            columns["validation_log_likelihood"] = "validation"
        self.panels = {"nats an observation": columns}

    def start(self) -> None:
        """Random transitions, and emissions as the emission's `start` finds them."""
        for group, streams in enumerate(self.train):
            random = np.random.default_rng([self.seed, HMM_START, group])
            pi = random.dirichlet(np.ones(self.states))
            a = random.dirichlet(np.ones(self.states), self.states)
            seen = streams.x[streams.real > 0]
            values = [pi, a, *self.emission.start(seen, self.states, random)]
            for variable, value in zip(self.parameters[group], values, strict=True):
                variable.assign(value)

    def tracked(self) -> dict:
        return {
            "parameters": self.parameters,
            "counts": self.counts,
            "averages": self.averages,
            "total": self.total,
            "last": self.last,
            "gain": self.gain,
        }

    def variables(self) -> list[tf.Variable]:
        return [variable for group in self.parameters for variable in group]

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        if first_step == 0:
            for variable in (self.total, *(count for group in self.counts for count in group)):
                variable.assign(tf.zeros_like(variable))

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        for group, column in self.parts[first:last]:
            streams = self.train[group]
            batch = streams.batch(column, self.batch_size)
            log_likelihood, *counts = self.expected_counts(*batch, *_values(self.parameters[group]))
            for variable, count in zip(self.counts[group], counts, strict=True):
                variable.assign_add(count)
            self.total.assign_add(log_likelihood)
            share = streams.observations * float(tf.reduce_sum(batch[1]) / streams.real.sum())
            mean = tf.cast(log_likelihood / share, tf.float32)
            self.averages.update({"log_likelihood": mean}, share)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        for parameters, counts in zip(self.parameters, self.counts, strict=True):
            first, transitions, *of_emission = _values(counts)
            values = [
                normalized(first, self.smoothing),
                normalized(transitions, self.smoothing),
                *self.emission.update(of_emission),
            ]
            for variable, value in zip(parameters, values, strict=True):
                variable.assign(value)
        observations = sum(streams.observations for streams in self.train)
        mean = self.total / observations
        self.gain.assign(mean - self.last)
        self.last.assign(mean)
        return {"validation_log_likelihood": self.validate()} if self.validates else {}

    def validate(self) -> float:
        """Mean ln p of the validation streams, in nats an observation."""
        total = 0.0
        for parameters, streams in zip(self.parameters, self.validation, strict=True):
            for first in range(0, streams.x.shape[1], self.batch_size):
                batch = streams.batch(first, self.batch_size)
                total += float(self.score(*batch, *_values(parameters)))
        return total / sum(streams.observations for streams in self.validation)

    def enough(self, epochs_done: int) -> bool:
        return float(self.gain) < self.tolerance

    def models(self) -> list[Hmm]:
        """The model of each group, as it stands."""
        arrays = [[variable.numpy() for variable in group] for group in self.parameters]
        return [Hmm(pi, a, tuple(emission)) for pi, a, *emission in arrays]

    def draw(self, run: Path) -> None:
        """Nothing beyond losses.png."""

    def _expected_counts(self, x, real, pi, a, *emission):
        b, logarithms = self._observed(x, real, emission)
        gamma, xi, c = posteriors(b, pi, a, real)
        log_likelihood = tf.reduce_sum(tf.math.log(c) * real + logarithms)
        return log_likelihood, tf.reduce_sum(gamma[0], axis=0), xi, *self.emission.counts(x, gamma)

    def _score(self, x, real, pi, a, *emission):
        b, logarithms = self._observed(x, real, emission)
        _, c = forward(b, pi, a)
        return tf.reduce_sum(tf.math.log(c) * real + logarithms)

    def _observed(self, x, real, emission):
        """b and the logarithm of its factor; where a stream has ended, 1 and 0."""
        b, logarithms = self.emission.likelihood(x, *emission)
        return tf.where(real[:, :, tf.newaxis] > 0, b, 1.0), logarithms * real


def _zeros(shape: tuple[int, ...]) -> tf.Variable:
    return tf.Variable(tf.zeros(shape, tf.float64), trainable=False)


def _values(variables: Sequence[tf.Variable]) -> list[tf.Tensor]:
    return [variable.value() for variable in variables]
