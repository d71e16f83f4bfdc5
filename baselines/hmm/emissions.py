"""What a hidden state shows: a character, or numbers from a Gaussian of independent columns.

Both classes say how likely an observation is in each state, what has to be counted of it, and what
parameters the counts give. Axes: steps T, streams S, states N.
"""

import math
from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from baselines.hmm.em import normalized
from baselines.parts.kmeans import k_means
from data.texts.vocabulary import Vocabulary

LEAST = 1e-300  # so that the logarithm of a probability of 0 is a number
MOST_ROWS = 20_000  # of a series, where k-means looks for the first means


class Categorical:
    """b_j(x) = b[j, x], for codes of a vocabulary, int32 (T, S); code 0 (unknown) tells nothing.

    `smoothing` is added to the expected count of every character but the unknown.
    """

    def __init__(self, codes: int, smoothing: float):
        self.codes, self.smoothing = codes, smoothing

    def shapes(self, states: int) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """Of the parameters, and of what `counts` returns."""
        return [(states, self.codes)], [(states, self.codes)]

    def start(self, x: np.ndarray, states: int, random: np.random.Generator) -> list[np.ndarray]:
        """Near the frequencies of the codes x, int (count,), in every state; equal states would
        stay equal, so chance sets them apart."""
        counts = np.bincount(x, minlength=self.codes).astype(np.float64) + self.smoothing
        counts[Vocabulary.UNKNOWN] = 0.0
        b = counts * random.dirichlet(np.ones(self.codes), states)
        return [b / b.sum(axis=1, keepdims=True)]

    def likelihood(self, x: tf.Tensor, b: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """b_j(x_t) (T, S, N), and the logarithm of what it was divided by (T, S); graph code."""
        of_code = tf.transpose(b)  # (codes, N)
        known = tf.cast(tf.range(self.codes) != Vocabulary.UNKNOWN, tf.float64)[:, tf.newaxis]
        of_code = of_code * known + (1.0 - known)
        return tf.gather(of_code, x), tf.zeros(tf.shape(x), tf.float64)

    def counts(self, x: tf.Tensor, gamma: tf.Tensor) -> list[tf.Tensor]:
        """How often each state is expected to have shown each code; graph code."""
        states = tf.shape(gamma)[2]
        flat = tf.reshape(gamma, (-1, states))
        of_code = tf.math.unsorted_segment_sum(flat, tf.reshape(x, [-1]), self.codes)
        return [tf.transpose(of_code)]

    def update(self, counts: list[tf.Tensor]) -> list[tf.Tensor]:
        """The M step."""
        known = counts[0][:, 1:]  # all but the unknown code, which is 0
        b = normalized(known, tf.constant(self.smoothing, tf.float64))
        return [tf.pad(b, [[0, 0], [1, 0]])]


class Gaussian:
    """b_j(x) = prod_d N(x_d | mu_jd, variance_jd); `floor` is added to every variance.

    A category is a block of columns, `blocks`, of which one is 1 and the others 0: of these mu_jd
    is the probability of each, b_j(x) their product over the one that is 1, and the variance 1.
    `smoothing` is added to the expected count of every category.
    """

    def __init__(
        self, columns: int, floor: float, blocks: Sequence[slice] = (), smoothing: float = 0.0
    ):
        self.columns, self.floor, self.blocks, self.smoothing = columns, floor, blocks, smoothing
        self.is_number = np.ones(columns)
        for block in blocks:
            self.is_number[block] = 0.0

    def shapes(self, states: int) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """As Categorical.shapes."""
        two = [(states, self.columns)] * 2
        return two, [(states, 1), *two]

    def start(self, x: np.ndarray, states: int, random: np.random.Generator) -> list[np.ndarray]:
        """The groups of k-means among rows x, float (count, columns)."""
        if len(x) > MOST_ROWS:
            x = x[np.sort(random.choice(len(x), MOST_ROWS, replace=False))]
        x = x.astype(np.float64)
        assignment = k_means(x, min(states, len(x)), int(random.integers(2**31)))
        mu = np.empty((states, self.columns))
        variance = np.tile(x.var(axis=0) + self.floor, (states, 1))
        for state in range(states):
            members = x[assignment == state]
            mu[state] = members.mean(axis=0) if len(members) else x[random.integers(len(x))]
            if len(members) > 1:
                variance[state] = members.var(axis=0) + self.floor
        if self.blocks:  # no category may be impossible at first: it would remain so
            mu = np.where(self.is_number, mu, 0.9 * mu + 0.1 * x.mean(axis=0))
            variance = np.where(self.is_number, variance, 1.0)
        return [mu, variance]

    def likelihood(
        self, x: tf.Tensor, mu: tf.Tensor, variance: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """As Categorical.likelihood, of x float64 (T, S, columns).

        Divided by the largest over the states, or all of them could be 0 in many columns.
        """
        # sum_d (x - mu)^2 / variance, multiplied out: (T, S, N, columns) would be gigabytes
        precision = self.is_number / variance
        squares = (
            tf.tensordot(x**2, precision, [[2], [1]])
            - 2.0 * tf.tensordot(x, mu * precision, [[2], [1]])
            + tf.reduce_sum(mu**2 * precision, axis=1)
        )
        constant = tf.reduce_sum(tf.math.log(2.0 * math.pi * variance) * self.is_number, axis=1)
        logs = -0.5 * (constant + squares)
        if self.blocks:
            safe = tf.maximum(tf.where(self.is_number > 0, tf.ones_like(mu), mu), LEAST)
            logs += tf.tensordot(x, tf.math.log(safe), [[2], [1]])
        largest = tf.reduce_max(logs, axis=2)
        return tf.exp(logs - largest[:, :, tf.newaxis]), largest

    def counts(self, x: tf.Tensor, gamma: tf.Tensor) -> list[tf.Tensor]:
        """sum gamma, sum gamma x and sum gamma x^2 of each state."""
        flat = tf.reshape(gamma, (-1, tf.shape(gamma)[2]))
        rows = tf.reshape(x, (-1, self.columns))
        return [
            tf.reduce_sum(flat, axis=0)[:, tf.newaxis],
            tf.matmul(flat, rows, transpose_a=True),
            tf.matmul(flat, rows**2, transpose_a=True),
        ]

    def update(self, counts: list[tf.Tensor]) -> list[tf.Tensor]:
        """The M step: mean and variance of what each state is expected to have shown."""
        total, first, second = counts
        total = total + 10 * np.finfo(np.float64).eps  # a state that nothing belongs to
        mu = first / total
        variance = tf.maximum(second / total - mu**2, 0.0) + self.floor
        if not self.blocks:
            return [mu, variance]
        shares = tf.zeros_like(mu)
        for block in self.blocks:
            own = np.zeros(self.columns)
            own[block] = 1.0
            counts_of = (first + self.smoothing) * own
            shares += counts_of / tf.reduce_sum(counts_of, axis=1, keepdims=True)
        is_number = self.is_number > 0
        return [tf.where(is_number, mu, shares), tf.where(is_number, variance, 1.0)]
