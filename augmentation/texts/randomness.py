"""The numbers of `randomness.py` in NumPy: texts need no graph, and a list of words each.

The same keys give the same numbers as there, bit by bit.
"""

import numpy as np

from augmentation.core.randomness import PARITY, ROTATIONS


def threefry(keys: np.ndarray, counters: np.ndarray) -> np.ndarray:
    """Threefry-2x32-20, as `randomness.threefry`: uint32 (..., 2), leading axes broadcast."""
    first, second = keys[..., 0], keys[..., 1]
    schedule = (first, second, first ^ second ^ np.uint32(PARITY))
    x0, x1 = counters[..., 0] + first, counters[..., 1] + second
    for turn in range(20):
        x0 = x0 + x1
        bits = ROTATIONS[turn % 8]
        x1 = ((x1 << np.uint32(bits)) | (x1 >> np.uint32(32 - bits))) ^ x0
        if turn % 4 == 3:
            injection = turn // 4 + 1
            x0 = x0 + schedule[injection % 3]
            x1 = x1 + schedule[(injection + 1) % 3] + np.uint32(injection)
    return np.stack([x0, x1], axis=-1)


def sample_keys(seed: int, epoch: int, indices: np.ndarray) -> np.ndarray:
    """The key of each sample in one epoch, as `randomness.image_keys`: uint32 (count, 2)."""
    indices = np.asarray(indices, np.int64).astype(np.uint64)
    halves = np.stack([indices & np.uint64(0xFFFFFFFF), indices >> np.uint64(32)], axis=-1)
    return threefry(np.array([[seed, epoch]], np.uint32), halves.astype(np.uint32))


class TextDraws:
    """The random numbers of one step of a recipe, for each text; see `randomness.Draws`.

    Args:
      keys: uint32 (count, 2).
    """

    def __init__(self, keys: np.ndarray):
        self.keys = keys
        self.used = 0

    def child(self, position: int) -> "TextDraws":
        """Draws of their own for the step at `position`."""
        return TextDraws(threefry(self.keys, np.array([[position, 1]], np.uint32)))

    def key(self) -> np.ndarray:
        """A key of its own for each text: uint32 (count, 2)."""
        self.used += 1
        return threefry(self.keys, np.array([[self.used, 0]], np.uint32))

    def uniform(self, low: float, high: float) -> np.ndarray:
        """Uniform in [low, high): float32 (count,); the bounds are rounded to float32 first."""
        low, high = np.float64(np.float32(low)), np.float64(np.float32(high))
        return (low + (high - low) * (self.key()[:, 0] * 2.0**-32)).astype(np.float32)

    def happens(self, probability: float) -> np.ndarray:
        """True with the stated probability: bool (count,)."""
        return below(self.key()[:, 0], probability)

    def words(self, lengths: list[int]) -> list[np.ndarray]:
        """So many random words for each text, as `randomness.random_words`: uint32 (length,)."""
        pairs = (np.asarray(lengths, np.int64) + 1) // 2
        ends = np.cumsum(pairs)
        keys = np.repeat(self.key(), pairs, axis=0)
        first = np.arange(pairs.sum()) - np.repeat(ends - pairs, pairs)  # from 0 in each text
        counters = np.stack([first, np.zeros_like(first)], axis=-1).astype(np.uint32)
        words = threefry(keys, counters).ravel()
        starts = 2 * (ends - pairs)
        return [words[s : s + n] for s, n in zip(starts, lengths, strict=True)]


def below(words: np.ndarray, probability: float) -> np.ndarray:
    """For each word whether what has this probability happens; 0 is never, 1 is always."""
    return words.astype(np.uint64) < np.uint64(round(probability * 2**32))


def scaled(words: np.ndarray, count: int | np.ndarray) -> np.ndarray:
    """Each word as a whole number from 0 to count - 1: int64, the same shape."""
    product = words.astype(np.uint64) * np.asarray(count, np.uint64)
    return (product >> np.uint64(32)).astype(np.int64)
