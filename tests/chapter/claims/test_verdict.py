"""From differences over seeds to a verdict: signs, Holm, what is excluded, and what chance does."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from chapter.claims.experiment import Measured
from chapter.claims.verdict import (
    DEPENDS,
    EVERY,
    EXCLUDED,
    GAIN,
    HARM,
    IN_PART,
    NO_VERDICT,
    OPEN,
    REFUTED,
    SOME,
    SUPPORTED,
    Effect,
    Outcome,
    Smallest,
    adjusted,
    claim_p,
    false_discovery,
    outcome,
    shown_difference,
    verdict,
)
from evaluation.statistics.variance import Estimate, crossed, over_units, resampled

EFFECT = Effect("made", "with", "without", "accuracy", Smallest(0.02, "points", "made"))


def seeds(better, worse, measure="accuracy"):
    """Measures of both arms, a pair a seed; None where there is no answer."""
    return {
        seed: Measured({"with": {measure: a}, "without": {measure: b}})
        for seed, (a, b) in enumerate(zip(better, worse, strict=True))
    }


def made(mean=0.1, error=0.01, n=5, left_out=False):
    """An outcome with this mean and standard error."""
    estimate = None if left_out else Estimate(mean, error, n - 1, n)
    return Outcome(EFFECT, estimate, n, left_out=left_out)


# Alone or beside a few others: shown; shown the other way round; no gain of 0.02; anything.
PLUS, MINUS, NO, WIDE = made(), made(-0.1), made(0.001, 0.001), made(0.05, 0.1)
OUT, FAILED, LITTLE = made(left_out=True), Outcome(EFFECT, None, reason="failed"), made(n=4)


def test_a_difference_is_better_minus_worse():
    found = outcome(EFFECT, seeds([0.9, 0.8, 0.7], [0.5, 0.6, 0.6]))
    assert found.estimate.mean == pytest.approx(0.7 / 3) and found.seeds == 3
    assert found.estimate.p == pytest.approx(
        stats.ttest_rel([0.9, 0.8, 0.7], [0.5, 0.6, 0.6]).pvalue
    )
    lower = outcome(
        dataclasses.replace(EFFECT, lower=True), seeds([0.9, 0.8, 0.7], [0.5, 0.6, 0.6])
    )
    assert lower.estimate.mean == pytest.approx(-0.7 / 3)
    assert lower.estimate.p == pytest.approx(found.estimate.p)


def test_where_rows_are_kept_the_error_holds_the_images_or_is_between_the_patients():
    generator = np.random.default_rng(0)
    rows = generator.integers(0, 2, (2, 6, 40)).astype(float)

    def measured(units):
        return {
            seed: Measured(
                {name: {"accuracy": rows[side, seed].mean()} for side, name in enumerate(SIDES)},
                {name: {"accuracy": rows[side, seed]} for side, name in enumerate(SIDES)},
                units and units[seed],
                units and 30,
            )
            for seed in range(6)
        }

    assert outcome(EFFECT, measured(None)).estimate == crossed(rows[0] - rows[1])
    units = [generator.permutation(90)[:40] for _ in range(6)]
    found = outcome(EFFECT, measured(units))
    assert found.estimate == over_units(rows[0] - rows[1], units)
    assert found.seeds == 6 and found.as_json()["difference"]["over"] == "patients and their splits"
    no_rows = {seed: each._replace(rows={}) for seed, each in measured(units).items()}
    means = rows.mean(2)
    assert outcome(EFFECT, no_rows).estimate == resampled(means[0] - means[1], 30, 40)


SIDES = ("with", "without")


def test_an_arm_that_this_size_does_not_have_is_left_out_and_a_failed_one_is_not():
    found = outcome(dataclasses.replace(EFFECT, better="gan"), seeds([0.9] * 3, [0.1] * 3))
    assert found.left_out and shown_difference(found) == "– (no gan at this preset)"
    found = outcome(EFFECT, seeds([0.9, None, 0.8, 0.7], [0.1, 0.2, 0.3, None]))
    assert found.seeds == 2 and found.reason == "no value in 2 of 4 seeds" and not found.left_out
    none = outcome(EFFECT, seeds([None] * 3, [0.1] * 3))
    assert none.estimate is None and not none.left_out and adjusted([none])[0].result == OPEN


@pytest.mark.parametrize(
    ("each", "tests", "result"),
    [
        (made(0.1, 0.01), 1, GAIN),
        (made(-0.1, 0.01), 1, HARM),
        (made(0.03, 0.01), 1, GAIN),  # t 3.0, p 0.040
        (made(0.03, 0.01), 2, OPEN),  # 0.080 of two
        (made(0.001, 0.005), 1, EXCLUDED),  # ends at 0.001 + 2.13 * 0.005 = 0.0117
        (made(0.001, 0.008), 1, EXCLUDED),  # at 0.0181
        (made(0.001, 0.008), 3, OPEN),  # 1 - 0.05 / 3: at 0.0254
        (made(0.0, 0.1), 1, OPEN),
        (made(0.5, 0.0), 1, OPEN),  # the seeds have changed nothing: one measurement
        (made(0.5, None), 1, OPEN),
    ],
)
def test_what_a_difference_shows(each, tests, result):
    others = [made(0.0, 1.0)] * (tests - 1)
    assert adjusted([each, *others])[0].result == result


def test_a_gain_can_be_too_small_to_matter():
    small, large = adjusted([made(0.01, 0.001)])[0], adjusted([PLUS])[0]
    assert small.result == GAIN and small.small and not large.small


def test_holm_is_the_step_down_procedure_and_leaves_out_what_was_left_out():
    p = [0.01, 0.04, 0.03, 0.005]
    outcomes = [made(-stats.t.ppf(each / 2, 4), 1.0) for each in p]
    found = adjusted([*outcomes, OUT])
    assert [each.adjusted_p for each in found] == pytest.approx([0.03, 0.06, 0.06, 0.02, 1.0])
    assert {each.tests for each in found} == {4} and adjusted([]) == []
    assert [each.adjusted_p for each in adjusted([made(0.0, 1.0), made(0.1, 1.0)])] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("outcomes", "every", "some"),
    [
        ([PLUS], SUPPORTED, SUPPORTED),
        ([PLUS, PLUS], SUPPORTED, SUPPORTED),
        ([PLUS, MINUS], DEPENDS, SUPPORTED),
        ([PLUS, NO, WIDE], DEPENDS, SUPPORTED),
        ([PLUS, WIDE], IN_PART, SUPPORTED),
        ([WIDE, MINUS], OPEN, OPEN),
        ([WIDE], OPEN, OPEN),
        ([NO, MINUS], REFUTED, REFUTED),
        ([PLUS, OUT], SUPPORTED, SUPPORTED),
        ([MINUS, OUT], REFUTED, REFUTED),
        ([PLUS, FAILED], IN_PART, SUPPORTED),
        ([FAILED], NO_VERDICT, NO_VERDICT),
        ([LITTLE, LITTLE], NO_VERDICT, NO_VERDICT),
        ([PLUS, LITTLE], IN_PART, SUPPORTED),
        ([OUT], NO_VERDICT, NO_VERDICT),
        ([], NO_VERDICT, NO_VERDICT),
    ],
)
def test_the_verdict_of_a_claim(outcomes, every, some):
    assert verdict(adjusted(outcomes), EVERY) == every
    assert verdict(adjusted(outcomes), SOME) == some


def test_the_p_of_a_claim():
    found = adjusted([made(0.03, 0.01), made(0.06, 0.01), made(-0.06, 0.01)])
    half = [stats.t.sf(3, 4), stats.t.sf(6, 4)]
    assert claim_p(found[:2], EVERY) == pytest.approx(max(half))
    assert claim_p(found, EVERY) == pytest.approx(1 - half[1])
    assert claim_p(found, SOME) == pytest.approx(3 * 2 * half[1])  # Holm's of the first step
    assert claim_p([*found[:1], FAILED], EVERY) == 1.0  # one has no answer
    assert claim_p([], EVERY) == 1.0 == claim_p(adjusted([made(-0.06, 0.01)]), SOME)


def test_false_discovery_is_benjamini_and_hochbergs():
    p = np.random.default_rng(0).random(20) ** 2
    assert false_discovery(p) == pytest.approx(stats.false_discovery_control(p).tolist())
    assert false_discovery([]) == []


def test_a_difference_in_words():
    found = outcome(EFFECT, seeds([0.90, 0.80, 0.85], [0.80, 0.75, 0.80]))
    half = found.estimate.half(0.95)
    low, high = found.estimate.mean - half, found.estimate.mean + half
    assert shown_difference(found) == f"+6.7 [−{abs(100 * low):.2f}, +{100 * high:.1f}] points"
    nats = dataclasses.replace(EFFECT, smallest=Smallest(0.01, "nats", "made"))
    assert shown_difference(outcome(nats, seeds([0.25], [0.5]))) == "−0.25 nats"
    assert EFFECT.name == "with against without: accuracy"


def test_what_is_open_says_how_many_seeds_would_decide_it():
    entry = adjusted([made(0.0, 0.02)])[0].as_json()
    assert entry["result"] == OPEN and 20 < entry["needed"] < 60
    assert adjusted([PLUS])[0].as_json()["needed"] is None


# How arms and their common partner vary, and how often the rule may err: as registration.md says.
DRAWS = {
    "normal": (np.random.Generator.normal, np.random.Generator.normal, 0.05),
    "skewed": (np.random.Generator.exponential, np.random.Generator.exponential, 0.05),
    "skewed against none": (np.random.Generator.exponential, None, 0.26),
}


@pytest.mark.parametrize("kind", list(DRAWS))
@pytest.mark.parametrize("count", [5, 8, 14])
def test_the_rule_errs_as_seldom_as_it_says(kind, count):
    """Four arms with one partner. No difference: a claim shows any in at most 5 % of the runs.

    A difference of just what matters: it is called excluded in at most 5 % of them. Where all
    differences are as skewed as an exponential, Student's test is wrong more often.
    """
    generator, runs = np.random.default_rng(count), 300
    draw, draw_partner, most = DRAWS[kind]
    shown = excluded = 0
    for _ in range(runs):
        partner = np.full(count, 0.05)  # the mean of an exponential
        if draw_partner is not None:
            partner = 0.05 * draw_partner(generator, size=count)
        arms = 0.05 * draw(generator, size=(4, count))
        null = adjusted([outcome(EFFECT, seeds(arm, partner)) for arm in arms])
        shown += any(each.result in (GAIN, HARM) for each in null)
        true = adjusted([outcome(EFFECT, seeds(arm + 0.02, partner)) for arm in arms])
        excluded += any(each.result == EXCLUDED for each in true)
    slack = 3 * np.sqrt(most * (1 - most) / runs)
    assert shown / runs <= most + slack and excluded / runs <= most + slack
    if draw_partner is None:
        assert shown / runs > 0.1  # so it is, and registration.md says so


def test_with_an_effect_it_is_found():
    generator = np.random.default_rng(2)
    found = adjusted(
        [
            outcome(EFFECT, seeds(generator.normal(0.9 + shift, 0.005, 8), np.full(8, 0.9)))
            for shift in (0.05, -0.05, 0.0)
        ]
    )
    assert [each.result for each in found] == [GAIN, HARM, EXCLUDED]
