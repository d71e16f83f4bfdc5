"""Stratified draws of indices, the same on every run: splits never depend on a training seed."""

from collections.abc import Sequence

import numpy as np

from foundation.purposes import rng, split_rng

MINIMUM_PER_CLASS = 3  # rows or images to be drawn from: one may go to test and one to validation


def stratified_draw(
    labels: np.ndarray, count: int, stream: Sequence[int] | None = None
) -> np.ndarray:
    """Draw `count` of `len(labels)` indices so that every class keeps its share within one image.

    The indices are shuffled, sorted by class, and taken at equal distances (systematic sampling).

    Args:
      labels: int array, shape (n,); all equal for a plain random draw.
      count: how many, in [0, n].
      stream: (seed, purpose, index) of the shuffle, where the draw itself is what an experiment
        varies; None: the one draw that is the same for everybody.

    Returns: int64, shape (count,), sorted, without repetition.

    Example:
      >>> labels = np.array([0, 0, 0, 0, 1, 1])
      >>> np.bincount(labels[stratified_draw(labels, 3)]).tolist()
      [2, 1]
    """
    n = len(labels)
    if not 0 <= count <= n:
        raise ValueError(f"count {count}; at least 0 and at most {n}; draw fewer")
    shuffled = (split_rng() if stream is None else rng(*stream)).permutation(n)
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    positions = (2 * np.arange(count) + 1) * n // max(2 * count, 1)  # middles of equal stretches
    return np.sort(by_class[positions])
