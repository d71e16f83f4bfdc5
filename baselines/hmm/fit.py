"""Hidden Markov models in training: Baum-Welch over many streams."""

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from baselines.config import BaselineSettings
from baselines.hmm.em import forward, normalized, posteriors
from baselines.hmm.emissions import Categorical, Gaussian
from foundation.purposes import HMM_START, rng
from training.averages import Averages


class Sequences(NamedTuple):
    """Series side by side.

    x: int32 (T, S), or float (T, S, columns).
    real: float64 (T, S), 0 where a stream has ended.
    observations: what a mean is taken over: characters or steps.
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
    """Baum-Welch (a learner of baselines/train.py, but for `generator`).

    A step reads `batch_size` streams and adds to the expected counts; the end of an epoch, when all
    were read, makes new parameters of them. So an epoch is one iteration of EM, exactly, and an
    interrupted one goes on where it stopped. Enough is when an iteration gains less than
    `tolerance` nats an observation.

    The history holds `log_likelihood` (training, before the iteration) and, if there are validation
    streams, `validation_log_likelihood` (after it), in nats an observation; test parts are not
    looked at. Every stream starts from pi: what stood before it is not known.

    Args:
      train, validation: the streams; those of validation may hold no observation.
      unit: what an observation is called.
    """

    steps_a_call = 1
    how_to_read = (
        "Healthy: a plateau at first, while all states are alike, then a steep rise, then a slow "
        "one.\nTraining far above validation: too many states for the data."
    )

    def __init__(
        self,
        train: Sequences,
        validation: Sequences,
        emission: Categorical | Gaussian,
        settings: BaselineSettings,
        unit: str,
    ):
        self.train, self.validation, self.emission = train, validation, emission
        self.states, self.batch_size = settings.states, settings.batch_size
        self.smoothing = tf.constant(settings.smoothing, tf.float64)
        self.tolerance, self.seed = settings.tolerance, settings.seed
        self.steps = math.ceil(train.x.shape[1] / self.batch_size)
        self.averages = Averages(("log_likelihood",))
        chain = [(self.states,), (self.states, self.states)]
        shapes, count_shapes = emission.shapes(self.states)
        self.parameters = [_zeros(shape) for shape in [*chain, *shapes]]
        self.counts = [_zeros(shape) for shape in [*chain, *count_shapes]]
        self.total, self.gain = _zeros(()), tf.Variable(np.inf, dtype=tf.float64)
        self.last = tf.Variable(-np.inf, dtype=tf.float64)
        legends = {"log_likelihood": "training"}
        if validation.observations:
            legends["validation_log_likelihood"] = "validation"
        self.panels = {f"nats a {unit}": legends}

    def start(self) -> None:
        """Random transitions, and emissions as the emission's `start` finds them."""
        random = rng(self.seed, HMM_START)
        pi = random.dirichlet(np.ones(self.states))
        a = random.dirichlet(np.ones(self.states), self.states)
        seen = self.train.x[self.train.real > 0]
        self._assign([pi, a, *self.emission.start(seen, self.states, random)])

    def tracked(self) -> dict:
        names = ("parameters", "counts", "averages", "total", "last", "gain")
        return {name: getattr(self, name) for name in names}

    def variables(self) -> list[tf.Variable]:
        return self.parameters

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        if first_step == 0:
            for variable in (self.total, *self.counts):
                variable.assign(tf.zeros_like(variable))

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        for step in range(first, last):
            batch = self.train.batch(step * self.batch_size, self.batch_size)
            log_likelihood, *counts = self.expected_counts(*batch, *_values(self.parameters))
            for variable, count in zip(self.counts, counts, strict=True):
                variable.assign_add(count)
            self.total.assign_add(log_likelihood)
            part = float(tf.reduce_sum(batch[1]) / self.train.real.sum())
            share = self.train.observations * part
            mean = tf.cast(log_likelihood / share, tf.float32)
            self.averages.update({"log_likelihood": mean}, share)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        first, transitions, *of_emission = _values(self.counts)
        chain = [normalized(counts, self.smoothing) for counts in (first, transitions)]
        self._assign([*chain, *self.emission.update(of_emission)])
        mean = self.total / self.train.observations
        self.gain.assign(mean - self.last)
        self.last.assign(mean)
        if not self.validation.observations:
            return {}
        total = 0.0
        for first in range(0, self.validation.x.shape[1], self.batch_size):
            batch = self.validation.batch(first, self.batch_size)
            total += float(self.score(*batch, *_values(self.parameters)))
        return {"validation_log_likelihood": total / self.validation.observations}

    def enough(self, epochs_done: int) -> bool:
        return float(self.gain) < self.tolerance

    def model(self) -> Hmm:
        pi, a, *emission = (variable.numpy() for variable in self.parameters)
        return Hmm(pi, a, tuple(emission))

    def draw(self, run: Path) -> None:
        """Nothing beyond losses.png."""

    def _assign(self, values: list) -> None:
        for variable, value in zip(self.parameters, values, strict=True):
            variable.assign(value)

    @tf.function(reduce_retracing=True)
    def expected_counts(self, x, real, pi, a, *emission):
        b, logarithms = self._observed(x, real, emission)
        gamma, xi, c = posteriors(b, pi, a, real)
        log_likelihood = tf.reduce_sum(tf.math.log(c) * real + logarithms)
        return log_likelihood, tf.reduce_sum(gamma[0], axis=0), xi, *self.emission.counts(x, gamma)

    @tf.function(reduce_retracing=True)
    def score(self, x, real, pi, a, *emission):
        b, logarithms = self._observed(x, real, emission)
        _, c = forward(b, pi, a)
        return tf.reduce_sum(tf.math.log(c) * real + logarithms)

    def _observed(self, x, real, emission):
        """b and the logarithm of its factor; where a stream has ended, 1 and 0."""
        b, logarithms = self.emission.likelihood(x, *emission)
        return tf.where(real[:, :, tf.newaxis] > 0, b, 1.0), logarithms * real


def _zeros(shape: tuple[int, ...]) -> tf.Variable:
    return tf.Variable(tf.zeros(shape, tf.float64), trainable=False)


def _values(variables: list[tf.Variable]) -> list[tf.Tensor]:
    return [variable.value() for variable in variables]
