"""Student intervals: against SciPy, and whether they cover as often as they say."""

import json

import numpy as np
import pytest
from scipy import stats

from evaluation.statistics.intervals import interval, paired
from foundation.errors import InputError

EXPERIMENTS = 4000
ERROR = 4 * np.sqrt(0.95 * 0.05 / EXPERIMENTS)  # four standard errors of a share of 0.95


def coverage(values: np.ndarray, truth: float, level: float = 0.95) -> float:
    """Share of the rows, one experiment each, whose interval holds the truth."""
    found = [interval(row, level) for row in values]
    return float(np.mean([each.low <= truth <= each.high for each in found]))


def test_the_interval_is_scipys():
    values = [0.91, 0.93, 0.90, 0.95]
    found = interval(values, 0.9)
    low, high = stats.t.interval(0.9, 3, np.mean(values), stats.sem(values))
    assert (found.mean, found.low, found.high, found.n) == pytest.approx(
        (np.mean(values), low, high, 4)
    )


@pytest.mark.parametrize("n", [2, 3, 5, 20])
def test_normal_values_are_covered_as_promised(n):
    values = np.random.default_rng(n).normal(0.97, 0.004, (EXPERIMENTS, n))
    assert coverage(values, 0.97) == pytest.approx(0.95, abs=ERROR)
    assert coverage(values, 0.97, 0.5) == pytest.approx(0.5, abs=0.04)


def test_differences_are_covered_and_narrower_in_pairs():
    generator = np.random.default_rng(2)
    luck = generator.normal(0, 0.01, (EXPERIMENTS, 4))  # of a seed, common to both
    a = 0.95 + luck + generator.normal(0, 0.002, luck.shape)
    b = 0.94 + luck + generator.normal(0, 0.002, luck.shape)
    found = [paired(x, y) for x, y in zip(a, b, strict=True)]
    covered = np.mean([each.low <= 0.01 <= each.high for each in found])
    assert covered == pytest.approx(0.95, abs=ERROR)
    width = np.mean([each.high - each.low for each in found])
    alone = np.mean([each.high - each.low for each in map(interval, a)])
    assert width < alone / 2


def test_one_value_has_no_interval():
    found = interval([0.5])
    assert (found.low, found.high, found.n) == (None, None, 1)
    assert json.dumps(found.as_json()) == '{"mean": 0.5, "low": null, "high": null, "n": 1}'
    assert str(found) == "0.5" and str(interval([0.5, 0.5])) == "0.5 [0.5, 0.5]"


@pytest.mark.parametrize("values", [[], [0.5, float("nan")], [float("inf")]])
def test_what_is_no_list_of_numbers_is_refused(values):
    with pytest.raises(InputError, match="at least one finite number"):
        interval(values)
