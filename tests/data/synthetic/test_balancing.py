"""Balancing: imbalanced-learn's counts, scikit-learn's weights, the adaptive one by hand."""

import numpy as np
import pytest
from imblearn.utils import check_sampling_strategy
from sklearn.utils.class_weight import compute_sample_weight

from data.synthetic.balancing import (
    adaptive_counts,
    added_counts,
    apportioned,
    balanced_weights,
    shared_evenly,
)

COUNTS = [[500, 20, 500, 60], [3, 3, 3], [7, 1], [5, 2, 2, 9, 1, 9]]


@pytest.mark.parametrize("counts", COUNTS)
def test_the_largest_means_what_imbalanced_learn_calls_not_majority(counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    expected = np.zeros(len(counts), int)
    for label, count in check_sampling_strategy("not majority", labels, "over-sampling").items():
        expected[label] = count
    assert added_counts("largest", counts).tolist() == expected.tolist()


def test_one_count_is_a_floor_for_every_class():
    assert added_counts(30, [50, 20, 5, 30]).tolist() == [0, 10, 25, 0]


def test_adaptive_gives_in_proportion_to_what_is_missed():
    assert adaptive_counts([1.0, 0.9, 0.7, 1.0], 100).tolist() == [0, 25, 75, 0]
    worst = adaptive_counts([0.99, 0.95, 0.97, 0.90], 1000)
    assert np.argsort(worst).tolist() == [0, 2, 1, 3] and worst.sum() == 1000
    # even where nothing is missed
    assert adaptive_counts(np.ones(4), 10).tolist() == [3, 3, 2, 2]


def test_apportioned_by_hand_adds_up_and_is_never_off_by_one_whole():
    assert apportioned(10, np.array([1, 1, 1])).tolist() == [4, 3, 3]
    assert apportioned(7, np.array([0.0, 3.0, 1.0])).tolist() == [0, 5, 2]  # 5.25 and 1.75
    assert apportioned(5, np.zeros(3)).tolist() == [0, 0, 0]
    generator = np.random.default_rng(0)
    for _ in range(300):
        shares = generator.random(generator.integers(1, 12)) * (generator.random() < 0.9)
        shares[generator.random(len(shares)) < 0.2] = 0
        total = int(generator.integers(0, 500))
        given = apportioned(total, shares)
        if shares.any():
            assert given.sum() == total
            assert (np.abs(given - total * shares / shares.sum()) < 1).all()
            assert (given[shares == 0] == 0).all()


@pytest.mark.parametrize(
    ("total", "available", "expected"),
    [
        (10, [100, 2, 7], [4, 2, 4]),
        (11, [100, 2, 7], [5, 2, 4]),
        (20, [100, 2, 7], [11, 2, 7]),
        (200, [100, 2, 7], [100, 2, 7]),
        (0, [5, 5], [0, 0]),
        (3, [0, 9], [0, 3]),
        (3, [9, 9], [1, 2]),
    ],
)
def test_sources_share_evenly_as_far_as_they_can(total, available, expected):
    assert shared_evenly(total, np.array(available)).tolist() == expected


def test_the_weights_are_scikit_learns_balanced_ones():
    groups = np.array([0, 0, 0, 2, 2, 3, 0, 2, 3, 3, 3])  # of group 1 there is nothing
    found = balanced_weights(groups)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, compute_sample_weight("balanced", groups), rtol=1e-6)
