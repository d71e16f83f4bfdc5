"""Student intervals, against SciPy."""

import json

import numpy as np
import pytest
from scipy import stats

from evaluation.statistics.intervals import interval, paired
from foundation.errors import InputError


def test_the_interval_is_scipys():
    values = [0.91, 0.93, 0.90, 0.95]
    found = interval(values, 0.9)
    low, high = stats.t.interval(0.9, 3, np.mean(values), stats.sem(values))
    assert (found.mean, found.low, found.high, found.n) == pytest.approx(
        (np.mean(values), low, high, 4)
    )


def test_of_pairs_it_is_that_of_their_differences():
    assert paired([0.5, 0.75, 1.0], [0.25, 0.125, 0.0], 0.9) == interval([0.25, 0.625, 1.0], 0.9)


def test_one_value_has_no_interval():
    found = interval([0.5])
    assert (found.low, found.high, found.n) == (None, None, 1)
    assert json.dumps(found.as_json()) == '{"mean": 0.5, "low": null, "high": null, "n": 1}'
    assert str(found) == "0.5" and str(interval([0.5, 0.5])) == "0.5 [0.5, 0.5]"


@pytest.mark.parametrize("values", [[], [0.5, float("nan")], [float("inf")]])
def test_what_is_no_list_of_numbers_is_refused(values):
    with pytest.raises(InputError, match="at least one finite number"):
        interval(values)
