"""The area under the ROC curve, with an interval that needs no form of the scores' distribution."""

import math
from typing import NamedTuple

import numpy as np
from scipy import special, stats

from foundation.errors import InputError


class Area(NamedTuple):
    """An area under the ROC curve: the chance that a positive scores above a negative.

    Args:
      value: in [0, 1]; 0.5 is guessing.
      low, high: of the interval.
    """

    value: float
    low: float
    high: float


def rank_auc(positives: np.ndarray, negatives: np.ndarray, level: float = 0.95) -> Area:
    """The share of pairs in which the positive scores higher, ties counting half.

    The interval is DeLong's on the logit scale, which keeps it in [0, 1]. Where every pair is
    ordered alike, or every pair is a tie, the variance is estimated as 0, and the interval is that
    of min(m, n) pairs without a common member: as many as these may have escaped being otherwise
    (Clopper-Pearson). It speaks of other records of the same kind, not of other trainings.

    Args:
      positives, negatives: scores, shapes (m,) and (n,), m and n at least 2.
      level: of the interval, in (0, 1).

    Raises: InputError for too few scores or NaN.
    Reference: DeLong et al. 1988, Comparing the Areas under Two or More Correlated ROC Curves.
    """
    positives, negatives = (np.asarray(each, np.float64) for each in (positives, negatives))
    m, n = len(positives), len(negatives)
    if min(m, n) < 2 or np.isnan(positives).any() or np.isnan(negatives).any():
        raise InputError(
            f"{m} positive and {n} negative scores, {np.isnan(positives).sum()} and "
            f"{np.isnan(negatives).sum()} of them no numbers",
            "at least 2 numbers of each",
            "give more samples",
        )
    ranks = stats.rankdata(np.concatenate([positives, negatives]))
    # Share of negatives below each positive, and of positives above each negative:
    below = (ranks[:m] - stats.rankdata(positives)) / n  # (m,)
    above = 1.0 - (ranks[m:] - stats.rankdata(negatives)) / m  # (n,)
    area = float(below.mean())
    alpha = 1.0 - level
    error = math.sqrt(below.var(ddof=1) / m + above.var(ddof=1) / n)
    if error == 0:  # the area is 0, 0.5 or 1
        alike = (alpha / 2) ** (1.0 / min(m, n))  # at least this share of all pairs
        return Area(area, area * alike, 1.0 - (1.0 - area) * alike)
    logit = math.log(area / (1 - area))
    reach = special.ndtri(1 - alpha / 2) * error / (area * (1 - area))
    low, high = (1 / (1 + math.exp(-(logit + sign * reach))) for sign in (-1, 1))
    return Area(area, low, high)
