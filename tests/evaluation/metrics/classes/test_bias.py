"""A planted bias is found, an honest difference is not called one; intervals cover."""

import numpy as np
import pytest
from scipy import stats

from evaluation.metrics.classes.bias import (
    class_shares,
    coverage_by_class,
    group_recall,
    recall_against_reference,
)
from evaluation.metrics.likeness.precision_recall import precision_recall_density_coverage
from evaluation.statistics.proportions import paired_difference, share_interval, simultaneous
from foundation.errors import InputError


def drawn(shares, count, seed):
    return np.random.default_rng(seed).multinomial(count, shares)


TENTHS = np.full(10, 0.1)
SURE = np.eye(10, dtype=int) * 1_000_000  # of a classifier that does not err


def test_planted_shares_are_found_by_their_class():
    planted = np.array([0.14, 0.05, *np.full(8, 0.81 / 8)])
    report = class_shares(TENTHS, drawn(planted, 5000, seed=0), SURE)
    assert report["over"] == [0] and report["under"] == [1]
    assert report["value"] == pytest.approx(0.05, abs=0.02)
    for row in report["classes"]:
        assert row["low"] <= row["got"] <= row["high"] and row["asked"] == 0.1


def test_no_bias_is_seen_where_there_is_none():
    false_alarms = sum(
        bool(report["over"] or report["under"])
        for report in (class_shares(TENTHS, drawn(TENTHS, 1000, seed), SURE) for seed in range(100))
    )
    assert false_alarms <= 1


def test_a_significant_difference_too_small_to_matter_is_no_bias():
    counts = np.array([105_000, 95_000, *np.full(8, 100_000)])  # 5 % off, of a million samples
    report = class_shares(TENTHS, counts, SURE)
    assert report["classes"][0]["low"] > 0.1  # significant
    assert report["over"] == report["under"] == []


def seen(shares, confusion, count, seed):
    """What a classifier with this confusion (rows add up to 1) sees in samples of these shares."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(count, np.asarray(shares) @ confusion)


def test_the_errors_of_the_classifier_are_not_the_bias_of_the_samples():
    confusion = 0.9 * np.eye(10) + 0.01  # and two of five 0 are taken for a 1
    confusion[0, :2] += [-0.4, 0.4]
    confusion /= confusion.sum(axis=1, keepdims=True)
    generator = np.random.default_rng(0)
    real = np.array([generator.multinomial(500, row) for row in confusion])
    honest = seen(TENTHS, confusion, 5000, seed=1)
    assert class_shares(TENTHS, honest, SURE)["over"] == [1]  # a false alarm
    report = class_shares(TENTHS, honest, real)
    assert report["over"] == report["under"] == [] and report["value"] < 0.03
    planted = TENTHS.copy()
    planted[[4, 5]] += [0.05, -0.05]
    report = class_shares(TENTHS, seen(planted, confusion, 5000, seed=2), real)
    assert report["over"] == [4] and report["under"] == [5]


def test_few_real_images_are_few_to_judge_by():
    """What 3 images of each class say of a classifier makes no bias of an honest sample."""
    confusion = 0.5 * np.eye(10) + 0.05
    generator = np.random.default_rng(3)
    alarms = 0
    for seed in range(60):
        real = np.array([generator.multinomial(3, row) for row in confusion])
        report = class_shares(TENTHS, seen(TENTHS, confusion, 5000, seed), real)
        alarms += bool(report["over"] or report["under"])
    assert alarms <= 6


def test_a_class_that_was_not_asked_for_one_that_never_came_and_one_unknown():
    report = class_shares(np.array([0.5, 0.5, 0.0]), np.array([500, 0, 500]), SURE[:3, :3])
    assert report["over"] == [2] and report["under"] == [1]
    with pytest.raises(InputError, match="some of each class asked for"):
        class_shares(np.array([0.5, 0.5]), np.array([1, 1]), np.array([[5, 0], [0, 0]]))


def test_recall_gap_and_worst_group_by_hand():
    labels = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2, 2])
    predictions = np.array([0, 0, 0, 1, 1, 1, 2, 0, 0, 0])
    report = group_recall(labels, predictions)
    assert [row["recall"] for row in report["groups"]] == [0.75, 1.0, 0.25]
    assert report["value"] == 0.75 and report["worst"] == 2 and report["worst_recall"] == 0.25
    level = simultaneous(0.95, 3)
    expected = stats.binomtest(1, 4).proportion_ci(level, method="exact")
    worst = report["groups"][2]
    assert (worst["low"], worst["high"]) == pytest.approx((expected.low, expected.high))


def classifiers(planted, seed=0):
    """Two classifiers right in 95 %, independently; the first is right in 80 % of class 3."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(5), 800)
    share = np.where((labels == 3) & planted, 0.80, 0.95)
    wrong = (labels + 1) % 5
    biased = np.where(generator.random(len(labels)) < share, labels, wrong)
    reference = np.where(generator.random(len(labels)) < 0.95, labels, wrong)
    return labels, biased, reference


def test_a_planted_disadvantage_is_found_by_its_group():
    report = recall_against_reference(*classifiers(planted=True))
    assert report["disadvantaged"] == [3] and report["worst"] == 3
    (row,) = (row for row in report["groups"] if row["group"] == 3)
    assert row["difference"] == pytest.approx(-0.15, abs=0.03)
    assert row["difference_low"] < -0.15 < row["difference_high"] < 0


def test_no_disadvantage_is_seen_where_there_is_none():
    reports = (recall_against_reference(*classifiers(False, seed)) for seed in range(40))
    assert sum(bool(report["disadvantaged"]) for report in reports) <= 1


def test_a_class_that_is_hard_for_both_is_no_bias():
    labels = np.repeat([0, 1], 500)
    predictions = labels.copy()
    predictions[500:800] = 0  # the same mistakes on both sides
    report = recall_against_reference(labels, predictions, predictions)
    assert report["value"] == 0.6 and report["disadvantaged"] == []


def test_the_paired_interval_covers_as_often_as_it_says():
    cells = [0.80, 0.03, 0.09, 0.08]  # both right, only candidate, only reference, none
    covered = 0
    for counts in np.random.default_rng(0).multinomial(150, cells, 1500):
        outcome = np.repeat(np.arange(4), counts)
        candidate, reference = np.isin(outcome, [0, 1]), np.isin(outcome, [0, 2])
        difference, low, high = paired_difference(candidate, reference)
        assert low <= difference + 0.01 and difference - 0.01 <= high
        covered += low <= 0.03 - 0.09 <= high
    assert 0.935 <= covered / 1500 <= 0.975


def test_the_interval_of_a_share_covers_at_least_as_often_as_it_says():
    for share in (0.02, 0.3, 0.9):
        bounds = [share_interval(right, 80) for right in range(81)]
        inside = np.array([low <= share <= high for low, high in bounds])
        assert stats.binom.pmf(np.arange(81), 80, share) @ inside >= 0.95


def features(count, seed, classes=4):
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    return 8 * np.eye(6)[labels] + generator.normal(0, 1, (count, 6)), labels


def test_coverage_by_class_adds_up_to_the_coverage():
    (real, labels), (made, _) = features(200, 0), features(200, 1)
    report = coverage_by_class(real, labels, made)
    total = sum(row["coverage"] * row["count"] for row in report["classes"]) / 200
    expected = precision_recall_density_coverage(real, made)["coverage"]
    assert total == pytest.approx(expected)
    assert report["value"] < 0.2


def test_a_class_of_which_one_kind_only_is_drawn_is_found():
    (real, labels), (made, made_labels) = features(400, 0), features(400, 1)
    made[made_labels == 2] = made[np.flatnonzero(made_labels == 2)[0]]  # shares are right
    report = coverage_by_class(real, labels, made)
    assert report["worst"] == 2 and report["worst_coverage"] < 0.3
    assert min(row["coverage"] for row in report["classes"] if row["class"] != 2) > 0.8
