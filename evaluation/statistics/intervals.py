"""Student intervals: of a mean over seeds, and of a difference seed by seed."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from scipy import special

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

    @property
    def sign(self) -> int:
        """1 or -1 if the whole interval lies on one side of 0, else 0. For differences."""
        if self.low is None:
            return 0
        return int(self.low > 0) - int(self.high < 0)

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
    values = np.asarray(values, np.float64)
    if not values.size or not np.isfinite(values).all():
        raise InputError(
            f"{values.size} values, {np.isfinite(values).sum()} of them finite",
            "at least one finite number in a list",
            "leave out what could not be measured",
        )
    n = len(values)
    if n == 1:
        return Interval(float(values[0]), None, None, 1)
    if np.ptp(values) == 0:  # the mean of three 0.1 is no 0.1, and their spread would not be 0
        return Interval(*[float(values[0])] * 3, n)
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(n)
    half = float(special.stdtrit(n - 1, (1 + level) / 2)) * error
    return Interval(mean, mean - half, mean + half, n)


def paired(a: Sequence[float], b: Sequence[float], level: float = 0.95) -> Interval:
    """The t interval of a - b, where a[i] and b[i] share a seed.

    What a lucky seed does to both cancels: narrower than two intervals side by side, if they share
    anything.
    """
    return interval([x - y for x, y in zip(a, b, strict=True)], level)
