"""Columns over time from a hidden Markov model (chapter 4.1.1)."""

import dataclasses
from typing import ClassVar

import numpy as np
import tensorflow as tf
from scipy.special import ndtr

from baselines.config import BaselineSettings
from baselines.hmm.em import forward
from baselines.hmm.emissions import Gaussian
from baselines.hmm.fit import Hmm, HmmLearner, Sequences
from baselines.parts.draws import choose
from data.tables.dataset import DIGITS, Column, Table
from data.tables.encoding import Encoding
from data.tables.series import SeriesDataset
from foundation.purposes import HMM_PATH, HMM_VALUE, rng
from training.generator import check_labels

SERIES_STREAM = 100  # steps of a stream; a stream knows nothing of the one before


@dataclasses.dataclass(frozen=True, eq=False)
class SeriesHmm:
    """A series (training.generator.Generator, Density), in the units of the data.

    Numbers are drawn from the Gaussian of the hidden state and made legal (`Column.legal`): whole
    where they were whole, and never beyond what was seen. A state has a probability of each
    category.

    model: of the encoded columns.
    encoding: of the columns, fitted to the training part.
    """

    model: Hmm
    encoding: Encoding
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
        categories = categories_of(self.encoding)
        indices, shape = range(start, start + count), (length, mu.shape[1])
        u = np.array([rng(seed, HMM_PATH, i).random(length) for i in indices])
        e = np.array([rng(seed, HMM_VALUE, i).standard_normal(shape) for i in indices])
        x = np.empty_like(e)
        z = choose(np.cumsum(self.model.pi)[np.newaxis], u[:, 0])
        for t in range(length):
            if t > 0:
                z = choose(cumulative[z], u[:, t])
            x[:, t] = mu[z] + deviation[z] * e[:, t]
            for block in categories:
                u_of_block = ndtr(e[:, t, block.start])
                shown = choose(np.cumsum(mu[z][:, block], axis=1), u_of_block)
                x[:, t, block] = shown[:, None] == np.arange(block.stop - block.start)
        return np.array([self.encoding.decode(each).values for each in x])

    def table(self, series: np.ndarray) -> Table:
        """One series, float64 (length, columns), as rows of a table."""
        return Table(self.encoding.columns, series)

    def log_likelihood(self, series: np.ndarray) -> np.ndarray:
        """ln p of series (count, steps, columns) in the units of the data: float64 (count,)."""
        rows = np.array([encoded(self.encoding, self.table(each)) for each in series])
        x = tf.constant(rows.transpose(1, 0, 2), tf.float64)
        emission = Gaussian(x.shape[2], 0.0, categories_of(self.encoding))
        b, logarithms = emission.likelihood(x, *map(tf.constant, self.model.emission))
        c = _scales(b, tf.constant(self.model.pi), tf.constant(self.model.a))
        deviations = [scale[1] for scale in self.encoding.parameters if len(scale)]
        volume = series.shape[1] * np.log(deviations).sum()  # of the change of units
        return tf.reduce_sum(tf.math.log(c) + logarithms, axis=0).numpy() - volume

    def describe(self) -> dict:
        return {"encoding": self.encoding.describe(), "states": len(self.model.pi)}

    def arrays(self) -> dict[str, np.ndarray]:
        mu, variance = self.model.emission
        model = {"pi": self.model.pi, "a": self.model.a, "mu": mu, "variance": variance}
        return model | self.encoding.arrays()

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "SeriesHmm":
        model = Hmm(arrays["pi"], arrays["a"], (arrays["mu"], arrays["variance"]))
        if "encoding" in description:
            return cls(model, Encoding.restore(description["encoding"], arrays))
        columns = tuple(Column(name, decimals=DIGITS + 1) for name in description["columns"])
        scales = tuple(np.stack([arrays["mean"], arrays["deviation"]], axis=1))  # runs of before
        return cls(model, Encoding(columns, None, "standard", scales))


class SeriesLearner(HmmLearner):
    """Baum-Welch on a csv file, cut into streams of 100 steps; nats a step of scaled columns."""

    def __init__(self, dataset: SeriesDataset, settings: BaselineSettings):
        self.dataset, self.encoding = dataset, Encoding.fit(dataset.table(dataset.train))
        streams = self._streams(dataset.train), self._streams(dataset.validation)
        about = categories_of(self.encoding), settings.smoothing
        emission = Gaussian(self.encoding.blocks[-1].stop, settings.covariance_floor, *about)
        super().__init__(*streams, emission, settings, unit="step")

    def _streams(self, part: np.ndarray) -> Sequences:
        scaled = encoded(self.encoding, self.dataset.table(part))
        steps, columns = scaled.shape
        length = min(SERIES_STREAM, steps)
        padding = -steps % length
        scaled = np.pad(scaled, ((0, padding), (0, 0)))
        real = np.pad(np.ones(steps), (0, padding))
        x = scaled.reshape(-1, length, columns).transpose(1, 0, 2)  # (T, S, columns)
        return Sequences(np.ascontiguousarray(x), real.reshape(-1, length).T.copy(), steps)

    def generator(self) -> SeriesHmm:
        return SeriesHmm(self.model(), self.encoding)


def categories_of(encoding: Encoding) -> list[slice]:
    """The blocks of encoded columns that are categories."""
    pairs = zip(encoding.columns, encoding.blocks, strict=True)
    return [block for column, block in pairs if column.categories]


def encoded(encoding: Encoding, table: Table) -> np.ndarray:
    """The encoding with 1 in the column of each category, 0 in its others."""
    matrix = encoding.encode(table)
    for block in categories_of(encoding):
        matrix[:, block] = matrix[:, block] > 0
    return matrix


@tf.function(reduce_retracing=True)
def _scales(b: tf.Tensor, pi: tf.Tensor, a: tf.Tensor) -> tf.Tensor:
    return forward(b, pi, a)[1]
