"""From differences over seeds to a verdict: signs, p values, Holm, and what chance does."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from chapter.claims.verdict import (
    DEPENDS,
    NOT_SUPPORTED,
    OPEN,
    OPPOSITE,
    SUPPORTED,
    UNDECIDED,
    YES,
    Effect,
    Outcome,
    adjusted,
    outcome,
    shown_difference,
    t_test,
    verdict,
)
from evaluation.statistics.intervals import Interval

EFFECT = Effect("made", "with", "without", "accuracy")


def seeds(better, worse, measure="accuracy"):
    """Measures of both arms, a pair a seed; None where there is no answer."""
    return {
        seed: {"with": {measure: a}, "without": {measure: b}}
        for seed, (a, b) in enumerate(zip(better, worse, strict=True))
    }


def made(p=0.5, mean=1.0, n=5, left_out=False):
    """An outcome with this p."""
    difference = None if left_out else Interval(mean, mean - 0.5, mean + 0.5, n)
    return Outcome(EFFECT, difference, p, left_out=left_out)


def smallest_level(p_values, index):
    """The level from which on Holm's procedure, step by step as he wrote it, rejects this one."""

    def rejected(level):
        found = set()
        order = np.argsort(p_values, kind="stable")
        for step, place in enumerate(order):
            if p_values[place] > level / (len(p_values) - step):
                break
            found.add(int(place))
        return index in found

    low, high = 0.0, 1.0
    if not rejected(1.0):
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rejected(middle) else (middle, high)
    return high


def test_a_difference_is_better_minus_worse():
    found = outcome(EFFECT, seeds([0.9, 0.8, 0.7], [0.5, 0.6, 0.6]))
    assert found.difference.mean == pytest.approx(0.7 / 3) and found.difference.n == 3
    assert found.p == pytest.approx(stats.ttest_rel([0.9, 0.8, 0.7], [0.5, 0.6, 0.6]).pvalue)
    assert found.reason == "" and not found.left_out


def test_where_less_is_better_the_sign_is_turned():
    higher = outcome(EFFECT, seeds([2.0, 2.1, 2.4], [1.0, 1.2, 1.1]))
    lower = outcome(
        dataclasses.replace(EFFECT, lower=True), seeds([2.0, 2.1, 2.4], [1.0, 1.2, 1.1])
    )
    assert lower.difference.mean == pytest.approx(-higher.difference.mean)
    assert lower.p == pytest.approx(higher.p)
    assert (lower.difference.low, lower.difference.high) == pytest.approx(
        (-higher.difference.high, -higher.difference.low)
    )


def test_what_an_outcome_shows():
    assert adjusted([made(0.01)])[0].result == YES
    assert adjusted([made(0.01, mean=-1.0)])[0].result == OPPOSITE
    assert adjusted([made(0.06)])[0].result == OPEN
    assert adjusted([made(0.049)] * 2)[0].result == OPEN  # 0.098 after the adjustment
    assert made(0.001).result == OPEN  # not yet adjusted: nothing is shown


def test_holm_by_hand():
    found = [each.adjusted_p for each in adjusted([made(p) for p in (0.01, 0.04, 0.03, 0.005)])]
    assert found == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert [each.adjusted_p for each in adjusted([made(0.6), made(0.5)])] == [1.0, 1.0]
    assert adjusted([]) == []


def test_holm_is_the_step_down_procedure():
    generator = np.random.default_rng(0)
    for count in (1, 2, 5, 9):
        p_values = np.round(generator.random(count) ** 3, 3)  # small ones, and equal ones
        found = adjusted([made(p) for p in p_values])
        expected = [smallest_level(p_values, index) for index in range(count)]
        assert [each.adjusted_p for each in found] == pytest.approx(expected, abs=1e-9)
        assert [each.p for each in found] == p_values.tolist()  # order and p stay


def test_what_was_left_out_does_not_count():
    with_it = adjusted([made(0.02), made(left_out=True), made(0.01)])
    without_it = adjusted([made(0.02), made(0.01)])
    assert [with_it[0].adjusted_p, with_it[2].adjusted_p] == [
        each.adjusted_p for each in without_it
    ]
    assert with_it[1].adjusted_p == 1.0 and with_it[1].result == OPEN


def test_equal_differences_show_nothing():
    """Not even large ones: the seeds have changed nothing, so they are one measurement."""
    found = outcome(EFFECT, seeds([0.75] * 6, [0.5] * 6))
    assert found.difference.mean == 0.25 and found.p == 1.0
    assert adjusted([found])[0].result == OPEN


@pytest.mark.parametrize(("count", "decidable"), [(1, False), (2, False), (3, True)])
def test_fewer_than_three_seeds_decide_nothing(count, decidable):
    found = outcome(EFFECT, seeds([0.9, 0.91, 0.92][:count], [0.1, 0.1, 0.1][:count]))
    assert found.decidable == decidable and (found.p < 0.01) == decidable
    assert verdict(adjusted([found])) == (SUPPORTED if decidable else UNDECIDED)


def test_an_arm_that_this_size_does_not_have_is_left_out():
    found = outcome(dataclasses.replace(EFFECT, better="gan"), seeds([0.9] * 3, [0.1] * 3))
    assert found.left_out and found.difference is None and found.p == 1.0
    assert shown_difference(found) == "– (no gan at this preset)"


def test_a_seed_without_an_answer_is_left_out_and_said():
    found = outcome(EFFECT, seeds([0.9, None, 0.8, 0.7], [0.1, 0.2, 0.3, None]))
    assert found.difference.n == 2 and found.reason == "no value in 2 of 4 seeds"
    assert not found.left_out  # an arm that fails does not leave the family of tests
    none = outcome(EFFECT, seeds([None] * 3, [0.1] * 3))
    assert none.difference is None and none.p == 1.0 and not none.left_out
    assert none.reason == "no value in 3 of 3 seeds" and not none.decidable
    other_measure = outcome(EFFECT, seeds([0.9] * 3, [0.1] * 3, "recall"))
    assert other_measure.difference is None and not other_measure.left_out


YES_, NO, AGAINST = made(1e-4), made(0.9, mean=0.1), made(1e-4, mean=-1.0)
HINT = made(0.3)  # its own interval lies above 0; among others that is not enough
OUT, FEW, FAILED = made(left_out=True), made(1.0, n=2), Outcome(EFFECT, None, 1.0, reason="failed")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([YES_], SUPPORTED),
        ([YES_, YES_], SUPPORTED),
        ([YES_, NO], DEPENDS),
        ([YES_, AGAINST], DEPENDS),
        ([NO, NO], NOT_SUPPORTED),
        ([HINT], UNDECIDED),
        ([HINT, NO, AGAINST], UNDECIDED),
        ([HINT, YES_], DEPENDS),
        ([AGAINST], NOT_SUPPORTED),
        ([YES_, OUT], SUPPORTED),
        ([NO, OUT], NOT_SUPPORTED),
        ([OUT, OUT], UNDECIDED),
        ([FEW, FEW], UNDECIDED),
        ([FAILED], UNDECIDED),
        ([YES_, FAILED], DEPENDS),
        ([FEW, NO], UNDECIDED),
        ([], UNDECIDED),
    ],
)
def test_the_verdict_of_a_claim(outcomes, expected):
    assert verdict(adjusted(outcomes)) == expected


def test_p_is_students():
    values = [0.3, -0.1, 0.4, 0.2]
    mean, error = np.mean(values), np.std(values, ddof=1) / 2
    assert t_test(values) == pytest.approx(2 * stats.t.sf(mean / error, 3))


def test_a_difference_in_words():
    shown = outcome(EFFECT, seeds([0.90, 0.80, 0.85], [0.80, 0.75, 0.80]))
    low, high = shown.difference.low, shown.difference.high
    assert shown_difference(shown) == f"+6.7 [−{abs(100 * low):.2f}, +{100 * high:.1f}] points"
    nats = dataclasses.replace(EFFECT, unit="nats")
    one = outcome(nats, seeds([0.25], [0.5]))
    assert shown_difference(one) == "−0.25 nats"


def test_every_effect_says_what_it_compares():
    assert EFFECT.name == "with against without: accuracy"
    stored = outcome(EFFECT, seeds([0.9] * 3, [0.1, 0.2, 0.3])).as_json()
    assert stored["better"] == "with" and stored["difference"]["n"] == 3
    assert stored["result"] == OPEN and stored["adjusted_p"] == 1.0


def test_without_any_effect_chance_shows_one_in_at_most_five_of_a_hundred_runs():
    """All arms are alike and share the seeds and one partner, as those of a trial do."""
    generator = np.random.default_rng(1)
    runs, effects, count = 500, 6, 5
    anything, unadjusted = 0, 0
    for _ in range(runs):
        partner = generator.normal(0.9, 0.02, count)
        arms = generator.normal(0.9, 0.02, (effects, count))
        found = adjusted([outcome(EFFECT, seeds(arm, partner)) for arm in arms])
        anything += any(each.result != OPEN for each in found)
        unadjusted += any(each.p < 0.05 for each in found)
    assert anything / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert unadjusted / runs > 0.12  # what Holm's method is for


def test_with_an_effect_it_is_found():
    generator = np.random.default_rng(2)
    found = adjusted(
        [
            outcome(EFFECT, seeds(generator.normal(0.9 + shift, 0.005, 5), np.full(5, 0.9)))
            for shift in (0.05, -0.05, 0.0)
        ]
    )
    assert [each.result for each in found] == [YES, OPPOSITE, OPEN]
