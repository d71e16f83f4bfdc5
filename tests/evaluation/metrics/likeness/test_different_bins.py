"""NDB and JS on counts whose answer is known by hand, and the bins themselves."""

import math

import numpy as np
import pytest

from evaluation.metrics.likeness.different_bins import (
    PUBLISHED_THRESHOLD,
    DataBins,
    different_bins,
    jensen_shannon,
)


@pytest.mark.parametrize(
    ("a", "b", "expected", "published"),
    [
        # n = 1,000 each. Bin 0: 500 to 540, z = 1.79; bin 1: 300 to 200, z = 5.16; bin 2: -2.98
        ([500, 300, 200], [540, 200, 260], 2, 1),
        ([500, 300, 200], [500, 296, 204], 0, 0),
        ([10, 20, 0], [100, 200, 0], 0, 0),
        ([5], [50], 0, 0),  # a share of 1 on both sides: no error, no difference
        ([100, 100, 100], [0, 150, 150], 3, 3),
    ],
)
def test_different_bins_on_counts_by_hand(a, b, expected, published):
    a, b = np.array(a), np.array(b)
    assert different_bins(a, b) == expected
    assert different_bins(a, b, PUBLISHED_THRESHOLD) == published


def test_chance_alone_makes_a_twentieth_of_the_bins_differ():
    generator = np.random.default_rng(0)
    shares = generator.dirichlet(np.full(100, 10))
    found = [
        different_bins(generator.multinomial(45_000, shares), generator.multinomial(10_000, shares))
        for _ in range(40)
    ]
    assert 3.5 < np.mean(found) < 6.5


def test_jensen_shannon_by_hand():
    assert jensen_shannon([1, 1], [10, 10]) == 0
    assert jensen_shannon([1, 0], [0, 1]) == pytest.approx(math.log(2))
    # a = (1, 0), b = (1/2, 1/2), m = (3/4, 1/4)
    expected = (math.log(4 / 3) + (math.log(2 / 3) + math.log(2)) / 2) / 2
    assert jensen_shannon([4, 0], [3, 3]) == pytest.approx(expected)


def test_bins_separate_clusters_and_count_every_row():
    generator = np.random.default_rng(1)
    clusters = generator.normal(size=(4, 1, 3)) * 100
    rows = (clusters + generator.normal(size=(4, 100, 3))).reshape(-1, 3)
    bins = DataBins(rows, bins=4)
    assert sorted(bins.counts) == [100, 100, 100, 100]
    sample = np.repeat(clusters[:2, 0], [7, 3], axis=0)
    assert sorted(bins.count(sample)) == [0, 0, 3, 7]


def test_rows_fall_to_their_nearest_centre():
    generator = np.random.default_rng(2)
    bins = DataBins(generator.random((500, 6)), bins=20)
    rows = generator.random((100, 6))
    expected = np.zeros(20, int)
    for row in rows:
        expected[np.argmin([math.dist(row, centre) for centre in bins.centres])] += 1
    assert np.array_equal(bins.count(rows), expected)


def test_the_same_seed_gives_the_same_bins_and_small_data_has_fewer():
    rows = np.random.default_rng(3).random((60, 2))
    assert np.array_equal(DataBins(rows).counts, DataBins(rows).counts)
    assert len(DataBins(rows).counts) == 6


def test_too_few_rows_are_refused():
    with pytest.raises(ValueError, match="at least 10"):
        DataBins(np.zeros((5, 2)))
