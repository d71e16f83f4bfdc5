"""Random numbers that are a pure function of (seed, epoch, sample index, position in the recipe).

A counter goes in, random bits come out: nothing is remembered between calls, so an image meets the
same fate in any batch, in any order, on any number of workers.

Reference: Salmon, Moraes, Dror and Shaw 2011, Parallel Random Numbers: As Easy as 1, 2, 3
(Threefry-2x32 with 20 rounds).
"""

import functools
from collections.abc import Sequence

import numpy as np
import scipy.special
import tensorflow as tf

ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
PARITY = 0x1BD11BDA
BLOCK = 4  # words that are computed at a time
# of 65,536 equal shares of (0, 1): where 16 random bits find their value in a table
MIDDLES = (np.arange(2**16) + 0.5) / 2**16


def threefry(keys: tf.Tensor, counters: tf.Tensor) -> tf.Tensor:
    """Threefry-2x32-20: two random words for each pair of key and counter.

    Keys, counters and words are uint32 (..., 2); the leading axes broadcast.
    """
    first, second = keys[..., 0], keys[..., 1]
    schedule = (first, second, first ^ second ^ _word(PARITY))
    x0, x1 = counters[..., 0] + first, counters[..., 1] + second
    for turn in range(20):
        x0 = x0 + x1
        left, right = ROTATIONS[turn % 8], 32 - ROTATIONS[turn % 8]
        x1 = x0 ^ tf.bitwise.left_shift(x1, _word(left)) ^ tf.bitwise.right_shift(x1, _word(right))
        if turn % 4 == 3:  # the key goes in again after every fourth round
            injection = turn // 4 + 1
            x0 = x0 + schedule[injection % 3]
            x1 = x1 + schedule[(injection + 1) % 3] + _word(injection)
    return tf.stack([x0, x1], axis=-1)


def image_keys(seed: int, epoch: int | tf.Tensor, indices: tf.Tensor) -> tf.Tensor:
    """The key of each sample in one epoch.

    Args:
      seed, epoch: below 2^31; the epoch may be one for each sample, (count,).
      indices: int64 (count,), the sample's number in the data set, not in the batch.

    Returns: uint32 (count, 2).
    """
    epoch = tf.cast(epoch, tf.uint32)
    pair = tf.stack([tf.fill(tf.shape(epoch), tf.cast(seed, tf.uint32)), epoch], axis=-1)
    indices = tf.cast(indices, tf.int64)
    low = indices & 0xFFFFFFFF
    high = tf.bitwise.right_shift(indices, tf.constant(32, tf.int64))
    return threefry(pair, tf.cast(tf.stack([low, high], axis=-1), tf.uint32))


def on_grid(values: tf.Tensor, steps: int) -> tf.Tensor:
    """Each value as the nearest multiple of 1/steps, exact in float32; steps is a power of 2."""
    return tf.round(values * steps) * (1 / steps)


def random_words(keys: tf.Tensor, number: int | tf.Tensor) -> tf.Tensor:
    """`number` random words for each key: uint32 (count, number)."""
    pairs = (number + 1) // 2
    counters = tf.cast(tf.range(pairs), tf.uint32)
    counters = tf.stack([counters, tf.zeros_like(counters)], axis=-1)  # (pairs, 2)
    words = threefry(keys[:, tf.newaxis], counters)  # (count, pairs, 2)
    return tf.reshape(words, (tf.shape(keys)[0], 2 * pairs))[:, :number]


def standard_normal(keys: tf.Tensor, number: int | tf.Tensor) -> tf.Tensor:
    """`number` standard normal values for each key: float32 (count, number), within +-4.4.

    By inverse transform (chapter 3.2.3): 16 random bits choose one of 65,536 quantiles, so that
    the result is the same whatever the hardware's logarithm does.
    """
    words = random_words(keys, (number + 1) // 2)
    halves = tf.stack([words & _word(0xFFFF), tf.bitwise.right_shift(words, _word(16))], axis=-1)
    levels = tf.reshape(tf.cast(halves, tf.int32), (tf.shape(keys)[0], -1))[:, :number]
    return tf.gather(tf.constant(_normal_quantiles()), levels)


class Draws:
    """The random numbers of one step of a recipe, for each image of a batch.

    Every call takes the next counter, so the order of the calls is part of a recipe's meaning.
    Words are computed a few ahead, and for all children of a step together: the numbers are the
    same, but a graph of fourteen steps has a tenth of the operations to trace.

    Args:
      keys: uint32 (count, 2), see `image_keys`.
      block: the first words of these keys, uint32 (count, BLOCK, 2), where they are known.
    """

    def __init__(self, keys: tf.Tensor, block: tf.Tensor | None = None):
        self.keys, self.used, self._block = keys, 0, block

    def child(self, position: int) -> "Draws":
        """Draws of their own for the step at `position`; they share nothing with these."""
        return Draws(threefry(self.keys, tf.constant([position, 1], tf.uint32)))

    def children(self, number: int) -> list["Draws"]:
        """`child(0)` to `child(number - 1)`."""
        branches = tf.constant([[place, 1] for place in range(number)], tf.uint32, [number, 2])
        keys = threefry(self.keys[:, tf.newaxis], branches)  # (count, number, 2)
        blocks = threefry(keys[:, :, tf.newaxis], _counters(0))  # (count, number, BLOCK, 2)
        return [Draws(keys[:, i], blocks[:, i]) for i in range(number)]

    def key(self) -> tf.Tensor:
        """A key of its own for each image, uint32 (count, 2): for noise as large as the image."""
        place = self.used % BLOCK
        if self._block is None or (place == 0 and self.used > 0):
            self._block = threefry(self.keys[:, tf.newaxis], _counters(self.used))
        self.used += 1
        return self._block[:, place]

    def uniform(
        self, low: float | tf.Tensor, high: float | tf.Tensor, steps: int | None = None
    ) -> tf.Tensor:
        """Uniform in [low, high): float32 (count,); with `steps` the nearest multiple of 1/steps.

        Computed in float64 and rounded once, so that it does not matter how a compiler orders or
        fuses the sum. `high` equal to `low` gives exactly `low`.
        """
        unit = tf.cast(self._word(), tf.float64) * 2.0**-32
        low, high = tf.cast(low, tf.float64), tf.cast(high, tf.float64)
        values = tf.cast(low + (high - low) * unit, tf.float32)
        return values if steps is None else on_grid(values, steps)

    def integers(self, low: int | tf.Tensor, high: int | tf.Tensor) -> tf.Tensor:
        """Whole numbers from low to high - 1: int32 (count,). Bounds may differ by image."""
        low, high = tf.cast(low, tf.uint64), tf.cast(high, tf.uint64)
        scaled = tf.cast(self._word(), tf.uint64) * (high - low)
        return tf.cast(tf.bitwise.right_shift(scaled, tf.constant(32, tf.uint64)) + low, tf.int32)

    def happens(self, probability: float) -> tf.Tensor:
        """True with the stated probability: bool (count,). 0 is never, 1 is always."""
        limit = tf.constant(round(probability * 2**32), tf.uint64)
        return tf.cast(self._word(), tf.uint64) < limit

    def choice(self, weights: Sequence[float]) -> tf.Tensor:
        """A position in `weights`, in proportion to them: int32 (count,)."""
        shares = np.cumsum(np.asarray(weights, np.float64))
        limits = np.round(shares[:-1] / shares[-1] * 2**32).astype(np.uint64)
        passed = tf.cast(self._word(), tf.uint64)[:, tf.newaxis] >= tf.constant(limits)
        return tf.reduce_sum(tf.cast(passed, tf.int32), axis=1)

    def beta(self, alpha: float) -> tf.Tensor:
        """Beta(alpha, alpha) in [0, 1]: float32 (count,), one of 65,536 quantiles."""
        level = tf.cast(self._word() & _word(0xFFFF), tf.int32)
        return tf.gather(tf.constant(_beta_quantiles(alpha)), level)

    def _word(self) -> tf.Tensor:
        return self.key()[:, 0]


def _counters(used: int) -> tf.Tensor:
    """The next counters of a step: uint32 (BLOCK, 2)."""
    return tf.constant([[used + i + 1, 0] for i in range(BLOCK)], tf.uint32)


def _word(value: int) -> tf.Tensor:
    return tf.constant(value, tf.uint32)


@functools.cache
def _normal_quantiles() -> np.ndarray:
    return scipy.special.ndtri(MIDDLES).astype(np.float32)


@functools.cache
def _beta_quantiles(alpha: float) -> np.ndarray:
    return scipy.special.betaincinv(alpha, alpha, MIDDLES).astype(np.float32)
