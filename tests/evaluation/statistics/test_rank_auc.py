"""The area under the ROC curve is scikit-learn's; its interval covers as often as it says."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from evaluation.statistics.rank_auc import rank_auc
from foundation.errors import InputError


@pytest.mark.parametrize("decimals", [8, 1, 0])  # fewer decimals, more ties
def test_the_area_is_scikit_learns(decimals):
    generator = np.random.default_rng(0)
    positives = generator.normal(0.7, 1.5, 40).round(decimals)
    negatives = generator.normal(0, 1, 70).round(decimals)
    expected = roc_auc_score(np.repeat([1, 0], [40, 70]), np.concatenate([positives, negatives]))
    area = rank_auc(positives, negatives)
    assert area.value == pytest.approx(expected, abs=1e-12)
    assert area.low < area.value < area.high


@pytest.mark.parametrize(("shift", "width"), [(0.0, 1.0), (0.8, 2.0), (1.5, 0.6)])
def test_the_interval_covers_the_true_area_as_often_as_it_says(shift, width):
    truth = stats.norm.cdf(shift / np.hypot(1, width))
    generator = np.random.default_rng(1)
    rounds = 600
    covered = 0
    for _ in range(rounds):
        positives, negatives = generator.normal(shift, width, 60), generator.normal(0, 1, 90)
        area = rank_auc(positives, negatives)
        covered += area.low <= truth <= area.high
    assert 0.93 <= covered / rounds <= 0.975  # 95 %, standard error 0.9 %


def test_perfect_separation_is_not_certainty():
    area = rank_auc(np.arange(10.0) + 100, np.arange(20.0))
    assert area.value == area.high == 1.0
    assert area.low == pytest.approx(stats.binomtest(10, 10).proportion_ci().low)
    worst = rank_auc(np.arange(20.0), np.arange(10.0) + 100)
    assert worst.value == worst.low == 0.0 and worst.high == pytest.approx(1 - area.low)


def test_scores_that_are_all_tied_say_little():
    """Ten pairs without a common member, all ties: a third of all pairs may be none."""
    area = rank_auc(np.zeros(10), np.zeros(20))
    others = stats.binomtest(0, 10).proportion_ci().high
    assert area.value == 0.5
    assert (area.low, area.high) == pytest.approx((0.5 - others / 2, 0.5 + others / 2))


def test_scores_that_are_none_are_refused():
    with pytest.raises(InputError, match="at least 2 numbers"):
        rank_auc(np.array([1.0]), np.arange(5.0))
    with pytest.raises(InputError, match="1 and 0 of them no numbers"):
        rank_auc(np.array([1.0, np.nan]), np.arange(5.0))
