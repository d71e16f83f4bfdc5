"""The standard error of a mean difference, by what was varied: seeds, seeds and images, patients.

An interval speaks of other repetitions of what it took its spread from, and of nothing else. Seeds
that share one test set say nothing about other test images; thirty splits of the same patients say
little about other patients.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

MOST_REPETITIONS = 10_000
SEEDS, SEEDS_AND_UNITS, UNITS = "seeds", "seeds and test images", "patients"


class Estimate(NamedTuple):
    """A mean with its standard error.

    mean: of the differences.
    error: standard error, at least 0; None where one value alone says nothing about its spread.
    df: degrees of freedom of `error`, may be fractional.
    n: independent repetitions: seeds, or units where these alone are independent.
    over: SEEDS, SEEDS_AND_UNITS or UNITS.
    """

    mean: float
    error: float | None
    df: float
    n: int
    over: str = SEEDS

    def half(self, level: float) -> float:
        """Half of Student's two-sided interval; level in (0, 1). Infinite without an error."""
        if self.error is None:
            return math.inf
        return float(special.stdtrit(self.df, (1 + level) / 2)) * self.error

    def upper(self, alpha: float) -> float:
        """The one-sided upper bound that the true mean exceeds with a chance of alpha."""
        if self.error is None:
            return math.inf
        return self.mean - float(special.stdtrit(self.df, alpha)) * self.error

    @property
    def p(self) -> float:
        """Two-sided p of Student's test of 0; 1 without an error, and where nothing varied."""
        if not self.error:
            return 1.0
        return float(2 * special.stdtr(self.df, -abs(self.mean) / self.error))


def over_seeds(differences: Sequence[float]) -> Estimate:
    """One difference a seed, independent of the others: Student's error.

    Raises: ValueError for no differences.
    """
    values = np.asarray(differences, np.float64)
    if values.size == 0:
        raise ValueError("no differences; at least one")
    n = len(values)
    if n == 1:
        return Estimate(float(values[0]), None, 0, 1)
    if np.ptp(values) == 0:  # the mean of three 0.1 is no 0.1, and their spread would not be 0
        return Estimate(float(values[0]), 0.0, n - 1, n)
    return Estimate(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(n), n - 1, n)


def crossed(differences: np.ndarray) -> Estimate:
    """Every seed measured on the same test images: an interval for other seeds and other images.

    The spread of the seeds' means holds that of the residuals already; of the images' means only
    what exceeds it is added. Degrees of freedom by Satterthwaite.

    Args:
      differences: float (seeds, images), what each image adds: their mean over images is the
        difference of a seed. For accuracies -1, 0 or 1.

    Raises: ValueError unless there are at least two images.
    Reference: Owen 2007, The pigeonhole bootstrap, section 3 (the moments of its limit).
    """
    found = np.asarray(differences, np.float64)
    seeds, images = found.shape
    if images < 2:
        raise ValueError(f"{images} images; at least 2")
    by_seed, by_image, mean = found.mean(1), found.mean(0), float(found.mean())
    if seeds == 1:
        return Estimate(mean, None, 0, 1, SEEDS_AND_UNITS)
    residual = found - by_seed[:, None] - by_image + mean
    noise = float((residual**2).sum()) / ((seeds - 1) * (images - 1))
    of_seeds = float(by_seed.var(ddof=1)) / seeds
    of_images = max(0.0, float(by_image.var(ddof=1)) - noise / seeds) / images
    square = of_seeds + of_images
    if square == 0:
        return Estimate(mean, 0.0, seeds - 1, seeds, SEEDS_AND_UNITS)
    df = square**2 / (of_seeds**2 / (seeds - 1) + of_images**2 / (images - 1))
    return Estimate(mean, math.sqrt(square), df, seeds, SEEDS_AND_UNITS)


def over_units(differences: Sequence[np.ndarray], units: Sequence[np.ndarray]) -> Estimate:
    """Every seed tested another draw of the same units (patients): an interval for other units.

    A unit's differences are averaged over the seeds that tested it; what is left varies between
    units, however many seeds there are.

    Args:
      differences: one float (tested,) a seed.
      units: one int (tested,) a seed: which unit each of them is.

    Raises: ValueError for fewer than two units.
    """
    values, numbers = np.concatenate(differences), np.concatenate(units)
    _, place = np.unique(numbers, return_inverse=True)
    means = np.bincount(place, values) / np.bincount(place)
    if len(means) < 2:
        raise ValueError(f"{len(means)} units; at least 2")
    return over_seeds(means)._replace(over=UNITS)


def resampled(differences: Sequence[float], training: int, tested: int) -> Estimate:
    """One difference a random split of the same rows, where the rows' own results are not kept.

    Args:
      differences: one a split.
      training, tested: rows of each split.

    Reference: Nadeau and Bengio 2003, Inference for the Generalization Error, equation 12.
    """
    plain = over_seeds(differences)
    if plain.error is None:
        return plain
    wider = math.sqrt(1 + plain.n * tested / training)
    return plain._replace(error=plain.error * wider)


def seeds_needed(estimate: Estimate, effect: float, tests: int, power: float = 0.8) -> int | None:
    """How many repetitions would show a true difference of `effect`, were the spread as it is.

    Args:
      effect: above 0, in the unit of the estimate.
      tests: among which the level of 5 % is divided (the first step of Holm's method).
      power: the chance to show it.

    Returns: None if more than MOST_REPETITIONS, or without an error.
    """
    if not estimate.error:
        return None
    spread = estimate.error * math.sqrt(estimate.n)
    n = np.arange(2, MOST_REPETITIONS + 1)
    needed = special.stdtrit(n - 1, power) - special.stdtrit(n - 1, 0.025 / tests)
    enough = np.flatnonzero(needed * spread / np.sqrt(n) <= effect)
    return int(n[enough[0]]) if len(enough) else None
