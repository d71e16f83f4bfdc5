"""Intervals of shares and of their differences: what a count of rights and wrongs can show."""

import math

import numpy as np
from scipy import special


def share_interval(right: int, count: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson's interval of a share: covers it at least as often as `level` says.

    What `scipy.stats.binomtest(right, count).proportion_ci(level)` says, which takes 3,000 times as
    long.

    Args:
      right: successes, in [0, count].
      count: at least 1.
    """
    tail = (1.0 - level) / 2
    low = special.betaincinv(right, count - right + 1, tail) if right else 0.0
    high = special.betaincinv(right + 1, count - right, 1 - tail) if right < count else 1.0
    return float(low), float(high)


def paired_difference(
    candidate: np.ndarray, reference: np.ndarray, level: float = 0.95
) -> tuple[float, float, float]:
    """How much more often the candidate is right than the reference, on the same samples.

    Args:
      candidate, reference: bool, shape (n,): right or wrong on each sample; n at least 1.

    Returns: the difference of the shares, and its interval.
    Reference: Agresti and Min 2005, Simple improved confidence intervals for comparing matched
      proportions (Wald's interval with half a sample added to each of the four cells).
    """
    count = len(candidate) + 2.0
    better = (candidate & ~reference).sum() + 0.5
    worse = (~candidate & reference).sum() + 0.5
    centre = (better - worse) / count
    error = math.sqrt(better + worse - (better - worse) ** 2 / count) / count
    reach = special.ndtri(0.5 + level / 2) * error
    difference = float(candidate.mean() - reference.mean())
    return difference, max(-1.0, centre - reach), min(1.0, centre + reach)


def simultaneous(level: float, comparisons: int) -> float:
    """The level of each of several intervals that all hold together with `level` (Bonferroni)."""
    return 1.0 - (1.0 - level) / max(1, comparisons)
