"""Each standard error against its formula, and the coverage of each interval on simulated data."""

import math

import numpy as np
import pytest
from scipy import stats

from evaluation.statistics.variance import (
    SEEDS_AND_UNITS,
    SPLITS,
    UNITS,
    crossed,
    over_seeds,
    over_units,
    resampled,
    seeds_needed,
)

RUNS = 600


def coverage(draw, truth=0.0, level=0.95):
    """The share of RUNS estimates whose interval holds the truth."""
    generator = np.random.default_rng(3)
    estimates = [draw(generator) for _ in range(RUNS)]
    return np.mean([abs(each.mean - truth) <= each.half(level) for each in estimates])


def test_over_seeds_is_students():
    values = [0.3, -0.1, 0.4, 0.2]
    found = over_seeds(values)
    expected = stats.ttest_1samp(values, 0.0)
    assert found.p == pytest.approx(expected.pvalue)
    low, high = expected.confidence_interval(0.9)
    assert found.mean - found.half(0.9) == pytest.approx(low)
    assert found.mean + found.half(0.9) == pytest.approx(high)
    one_sided = stats.ttest_1samp(values, 0.0, alternative="less").confidence_interval(0.99)
    assert found.upper(0.01) == pytest.approx(one_sided.high)


def test_without_a_spread_nothing_is_said():
    one = over_seeds([0.5])
    assert (one.error, one.p, one.half(0.95), one.upper(0.05)) == (None, 1.0, math.inf, math.inf)
    equal = over_seeds([0.1] * 3)  # whose mean in floating point is another number
    assert (equal.mean, equal.error, equal.p) == (0.1, 0.0, 1.0)
    assert crossed(np.full((1, 4), 0.5)).error is None
    assert crossed(np.zeros((3, 4))).p == 1.0
    for empty in (lambda: over_seeds([]), lambda: crossed(np.zeros((3, 1)))):
        with pytest.raises(ValueError, match="at least"):
            empty()
    with pytest.raises(ValueError, match="1 units; at least 2"):
        over_units([np.ones(1)], [np.array([4])])


def test_crossed_by_hand():
    d = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, -1.0], [1.0, 0.0, 1.0]])
    a, b, mean = d.mean(1), d.mean(0), d.mean()
    r = sum((d[i, j] - a[i] - b[j] + mean) ** 2 for i in range(3) for j in range(3)) / 4
    first, second = a.var(ddof=1) / 3, max(0.0, b.var(ddof=1) - r / 3) / 3
    found = crossed(d)
    assert found.mean == pytest.approx(mean) and found.over == SEEDS_AND_UNITS
    assert found.error == pytest.approx(math.sqrt(first + second))
    assert found.df == pytest.approx((first + second) ** 2 / (first**2 / 2 + second**2 / 2))


def test_over_units_averages_a_unit_over_the_seeds_that_tested_it():
    found = over_units(
        [np.array([1.0, 3.0]), np.array([2.0, 5.0])], [np.array([7, 2]), np.array([7, 9])]
    )
    units = np.array([3.0, 1.5, 5.0])  # units 2, 7, 9: their averages over the seeds
    seeds = np.array([(1.0 - 1.5 + 3.0 - 3.0) / 2, (2.0 - 1.5 + 5.0 - 5.0) / 2])
    parts = units.var(ddof=1) / 3, seeds.var(ddof=1) / 2
    assert found.mean == units.mean() and found.error == pytest.approx(math.sqrt(sum(parts)))
    df = sum(parts) ** 2 / (parts[0] ** 2 / 2 + parts[1] ** 2 / 1)
    assert found.df == pytest.approx(df) and found.fixed == pytest.approx(parts[0])
    assert (found.n, found.over) == (2, UNITS)
    assert over_units([np.array([1.0, 2.0])], [np.array([0, 1])]).error is None


def test_resampled_is_wider_by_nadeau_and_bengios_factor():
    values, plain = [0.1, 0.3, 0.2, 0.4], over_seeds([0.1, 0.3, 0.2, 0.4])
    found = resampled(values, 60, 20)
    spread = np.var(values, ddof=1)
    assert found.error == pytest.approx(math.sqrt(spread * (1 / 4 + 20 / 60)))
    assert found.df == plain.df and found.over == SPLITS and resampled([0.1], 60, 20).error is None


@pytest.mark.parametrize("seeds", [5, 14])
def test_intervals_of_crossed_seeds_and_images_cover(seeds):
    """Other seeds and other images in every run; seeds alone would cover far too seldom."""

    def draw(generator):
        of_seed = generator.normal(0, 0.05, (seeds, 1))
        of_image = generator.normal(0, 0.6, (1, 100))
        return crossed(of_seed + of_image + generator.normal(0, 0.5, (seeds, 100)))

    assert coverage(draw) > 0.93
    generator = np.random.default_rng(3)

    def seeds_alone(_):
        return over_seeds(
            (
                generator.normal(0, 0.05, (seeds, 1))
                + generator.normal(0, 0.6, (1, 100))
                + generator.normal(0, 0.5, (seeds, 100))
            ).mean(1)
        )

    assert coverage(seeds_alone) < 0.85


@pytest.mark.parametrize(("of_patients", "of_splits"), [(1.0, 0.0), (1.0, 0.5), (0.1, 0.5)])
def test_intervals_of_patients_and_splits_cover_and_those_of_one_alone_do_not(
    of_patients, of_splits
):
    def splits(generator):
        patients = generator.normal(0, of_patients, 60)
        chosen = [generator.permutation(60)[:15] for _ in range(30)]
        found = [
            patients[each] + generator.normal(0, of_splits) + generator.normal(0, 0.3, 15)
            for each in chosen
        ]
        return found, chosen

    assert coverage(lambda generator: over_units(*splits(generator))) > 0.93

    def means(generator):
        return [each.mean() for each in splits(generator)[0]]

    if of_patients == 1.0:
        assert coverage(lambda generator: over_seeds(means(generator))) < 0.85
        assert coverage(lambda generator: resampled(means(generator), 45, 15)) > 0.93
    if of_patients == 0.1:  # where splits are nearly all that varies

        def between_patients(generator):
            values, units = splits(generator)
            _, place = np.unique(np.concatenate(units), return_inverse=True)
            return over_seeds(np.bincount(place, np.concatenate(values)) / np.bincount(place))

        assert coverage(between_patients) < 0.7


def test_seeds_needed_is_where_the_power_is_reached():
    found = over_seeds([0.0, 1.0, 2.0, 3.0, 4.0])  # a spread of 1.58
    needed = seeds_needed(found, 2.0, tests=1)
    generator = np.random.default_rng(0)
    draws = generator.normal(2.0, np.std([0, 1, 2, 3, 4], ddof=1), (4000, needed))
    shown = stats.ttest_1samp(draws, 0.0, axis=1).pvalue < 0.05
    assert 0.78 < shown.mean() < 0.9
    assert seeds_needed(found, 2.0, tests=5) > needed
    images = crossed(np.random.default_rng(0).normal(0, 1, (1, 90)) + np.zeros((6, 1)))
    assert seeds_needed(images, 0.9 * images.error, tests=1) is None  # no number of seeds helps
    assert (
        seeds_needed(found, 1e-4, tests=1) is None and seeds_needed(over_seeds([1.0]), 1, 1) is None
    )
