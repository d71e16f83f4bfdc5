"""Columns of numbers over time from a hidden Markov model (chapter 4.1.1)."""

import dataclasses
from typing import ClassVar

import numpy as np
import tensorflow as tf

from baselines.config import BaselineSettings
from baselines.hmm.em import forward
from baselines.hmm.emissions import Gaussian
from baselines.hmm.fit import Hmm, HmmLearner, Sequences
from baselines.parts.draws import choose
from data.tables.series import SeriesDataset
from foundation.purposes import HMM_PATH, HMM_VALUE, rng
from training.generator import check_labels

SERIES_STREAM = 100  # steps of a stream; a stream knows nothing of the one before


@dataclasses.dataclass(frozen=True, eq=False)
class SeriesHmm:
    """A series of numbers (training.generator.Generator, Density), in the units of the data.

    model: of the scaled columns.
    mean, deviation: of the training part, (columns,); scaled = (x - mean) / deviation.
    """

    model: Hmm
    mean: np.ndarray
    deviation: np.ndarray
    column_names: tuple[str, ...]
    kind: ClassVar[str] = "series"
    num_classes: ClassVar[int] = 0

    def sample(
        self, seed: int, start: int, count: int, labels: None = None, length: int = 500
    ) -> np.ndarray:
        """A path of states, and what each shows: x_t = mu_z + sqrt(variance_z) e; see Generator.

        Returns: float64 (count, length, columns). A longer series begins with the shorter one.
        """
        check_labels(0, count, labels)
        mu, variance = self.model.emission
        cumulative, deviation = np.cumsum(self.model.a, axis=1), np.sqrt(variance)
        indices, shape = range(start, start + count), (length, mu.shape[1])
        u = np.array([rng(seed, HMM_PATH, i).random(length) for i in indices])
        e = np.array([rng(seed, HMM_VALUE, i).standard_normal(shape) for i in indices])
        x = np.empty_like(e)
        z = choose(np.cumsum(self.model.pi)[np.newaxis], u[:, 0])
        for t in range(length):
            if t > 0:
                z = choose(cumulative[z], u[:, t])
            x[:, t] = mu[z] + deviation[z] * e[:, t]
        return x * self.deviation + self.mean

    def log_likelihood(self, series: np.ndarray) -> np.ndarray:
        """ln p of series (count, steps, columns) in the units of the data: float64 (count,)."""
        scaled = (series - self.mean) / self.deviation
        x = tf.constant(scaled.transpose(1, 0, 2), tf.float64)
        emission = Gaussian(x.shape[2], 0.0)
        b, logarithms = emission.likelihood(x, *map(tf.constant, self.model.emission))
        c = _scales(b, tf.constant(self.model.pi), tf.constant(self.model.a))
        volume = series.shape[1] * np.log(self.deviation).sum()  # of the change of units
        return tf.reduce_sum(tf.math.log(c) + logarithms, axis=0).numpy() - volume

    def describe(self) -> dict:
        return {"columns": list(self.column_names), "states": len(self.model.pi)}

    def arrays(self) -> dict[str, np.ndarray]:
        mu, variance = self.model.emission
        model = {"pi": self.model.pi, "a": self.model.a, "mu": mu, "variance": variance}
        return {"mean": self.mean, "deviation": self.deviation, **model}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "SeriesHmm":
        model = Hmm(arrays["pi"], arrays["a"], (arrays["mu"], arrays["variance"]))
        return cls(model, arrays["mean"], arrays["deviation"], tuple(description["columns"]))


class SeriesLearner(HmmLearner):
    """Baum-Welch on a csv file, cut into streams of 100 steps; nats a step of scaled columns."""

    def __init__(self, dataset: SeriesDataset, settings: BaselineSettings):
        self.dataset = dataset
        self.mean = dataset.train.mean(axis=0)
        spread = dataset.train.std(axis=0)
        self.deviation = np.where(spread > 0, spread, 1.0)
        streams = self._streams(dataset.train), self._streams(dataset.validation)
        emission = Gaussian(len(dataset.columns), settings.covariance_floor)
        super().__init__(*streams, emission, settings, unit="step")

    def _streams(self, part: np.ndarray) -> Sequences:
        steps, columns = part.shape
        length = min(SERIES_STREAM, steps)
        padding = -steps % length
        scaled = np.pad((part - self.mean) / self.deviation, ((0, padding), (0, 0)))
        real = np.pad(np.ones(steps), (0, padding))
        x = scaled.reshape(-1, length, columns).transpose(1, 0, 2)  # (T, S, columns)
        return Sequences(np.ascontiguousarray(x), real.reshape(-1, length).T.copy(), steps)

    def generator(self) -> SeriesHmm:
        return SeriesHmm(self.model(), self.mean, self.deviation, self.dataset.columns)


@tf.function(reduce_retracing=True)
def _scales(b: tf.Tensor, pi: tf.Tensor, a: tf.Tensor) -> tf.Tensor:
    return forward(b, pi, a)[1]
