"""Student intervals: of a mean over seeds, and of a difference seed by seed."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from evaluation.statistics.variance import over_seeds
from foundation.errors import InputError


@dataclasses.dataclass(frozen=True)
class Interval:
    """A mean with the interval that holds the true one in `level` of all repetitions.

    low and high are None where one value alone says nothing about its spread. Equal values give an
    interval without width: what was varied has no influence on them, which says nothing about what
    was not varied.
    """

    mean: float
    low: float | None
    high: float | None
    n: int

    def as_json(self) -> dict:
        """The four fields."""
        return dataclasses.asdict(self)

    def __str__(self) -> str:
        spread = "" if self.low is None else f" [{self.low:.4g}, {self.high:.4g}]"
        return f"{self.mean:.4g}{spread}"


def interval(values: Sequence[float], level: float = 0.95) -> Interval:
    """Student's t interval of the mean of independent values, such as one accuracy a seed.

    Three seeds are few: the factor is 4.3 standard errors, not 2. It covers as promised for normal
    values, and about so for others without long tails.

    Args:
      values: at least one.
      level: share of repetitions in which the true mean is inside, in (0, 1).

    Raises: InputError for no values, or values that are not finite.
    Reference: Student 1908, The probable error of a mean.
    """
    if not len(values) or not np.isfinite(values).all():
        raise InputError(
            f"{len(values)} values, {np.isfinite(values).sum()} of them finite",
            "at least one finite number in a list",
            "leave out what could not be measured",
        )
    found = over_seeds(values)
    if found.error is None:
        return Interval(found.mean, None, None, 1)
    half = found.half(level)
    return Interval(found.mean, found.mean - half, found.mean + half, found.n)


def paired(a: Sequence[float], b: Sequence[float], level: float = 0.95) -> Interval:
    """The t interval of a - b, where a[i] and b[i] share a seed.

    What a lucky seed does to both cancels: narrower than two intervals side by side, if they share
    anything.
    """
    return interval([x - y for x, y in zip(a, b, strict=True)], level)
