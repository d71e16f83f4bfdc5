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
SEEDS, SEEDS_AND_UNITS = "seeds", "seeds and test images"
UNITS, SPLITS = "patients and their splits", "splits of the same patients"


class Estimate(NamedTuple):
    """A mean with its standard error.

    mean: of the differences.
    error: standard error, at least 0; None where one value alone says nothing about its spread.
    df: degrees of freedom of `error`, may be fractional.
    n: seeds.
    over: what it holds for others of: SEEDS, SEEDS_AND_UNITS, UNITS or SPLITS.
    fixed: the part of error² that more seeds leave as it is.
    """

    mean: float
    error: float | None
    df: float
    n: int
    over: str = SEEDS
    fixed: float = 0.0

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
    parts = (of_seeds, seeds - 1), (of_images, images - 1)
    return _summed(mean, parts, seeds, SEEDS_AND_UNITS, of_images)


def _summed(
    mean: float, parts: Sequence[tuple[float, int]], n: int, over: str, fixed: float
) -> Estimate:
    """The error of a sum of (variance, its degrees of freedom), by Satterthwaite's formula."""
    square = sum(part for part, _ in parts)
    if square == 0:
        return Estimate(mean, 0.0, n - 1, n, over)
    df = square**2 / sum(part**2 / each for part, each in parts)
    return Estimate(mean, math.sqrt(square), df, n, over, fixed)


def over_units(differences: Sequence[np.ndarray], units: Sequence[np.ndarray]) -> Estimate:
    """Every seed trained on one draw of the same units (patients) and tested on others.

    All units that a seed tests share its training, so two things vary: units, each averaged over
    the seeds that tested it, and seeds, each by what its units differ from their own averages.

    Args:
      differences: one float (tested,) a seed.
      units: one int (tested,) a seed: which unit each of them is.

    Raises: ValueError for fewer than two units.
    """
    values, numbers = np.concatenate(differences), np.concatenate(units)
    seed = np.repeat(np.arange(len(differences)), [len(each) for each in differences])
    _, place = np.unique(numbers, return_inverse=True)
    means = np.bincount(place, values) / np.bincount(place)
    if len(means) < 2:
        raise ValueError(f"{len(means)} units; at least 2")
    mean, n = float(means.mean()), len(differences)
    if n == 1:
        return Estimate(mean, None, 0, 1, UNITS)
    by_seed = np.bincount(seed, values - means[place]) / np.bincount(seed)
    of_units, of_seeds = means.var(ddof=1) / len(means), by_seed.var(ddof=1) / n
    parts = (float(of_units), len(means) - 1), (float(of_seeds), n - 1)
    return _summed(mean, parts, n, UNITS, float(of_units))


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
    fixed = plain.error**2 * plain.n * tested / training
    error = math.sqrt(plain.error**2 + fixed)
    return plain._replace(error=error, over=SPLITS, fixed=fixed)


def seeds_needed(estimate: Estimate, effect: float, tests: int, power: float = 0.8) -> int | None:
    """How many seeds would show a true difference of `effect`, were the spread as it is.

    Args:
      effect: above 0, in the unit of the estimate.
      tests: among which the level of 5 % is divided (the first step of Holm's method).
      power: the chance to show it.

    Returns: None without an error, or if MOST_REPETITIONS would not do: what more seeds leave as it
      is (`fixed`) may be too much.
    """
    if not estimate.error:
        return None
    of_a_seed = (estimate.error**2 - estimate.fixed) * estimate.n
    n = np.arange(2, MOST_REPETITIONS + 1)
    needed = special.stdtrit(n - 1, power) - special.stdtrit(n - 1, 0.025 / tests)
    enough = np.flatnonzero(needed * np.sqrt(of_a_seed / n + estimate.fixed) <= effect)
    return int(n[enough[0]]) if len(enough) else None
