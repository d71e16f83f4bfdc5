"""The report: one family a claim, controls, other judges, and what is said about them."""

import dataclasses
import json

import numpy as np
import pytest

from chapter.claims.controls import Control
from chapter.claims.experiment import Measured, Trial
from chapter.claims.report import judged as module
from chapter.claims.report.figure import effects_figure
from chapter.claims.report.judged import because, judged, power
from chapter.claims.report.markdown import claims_markdown, power_table
from chapter.claims.sentences import CLAIMS, Claim
from chapter.claims.verdict import DESCRIBED, EVERY, SOME, Effect, Outcome, Smallest
from evaluation.statistics.variance import Estimate, over_seeds

POINT = Smallest(0.01, "points", "made")


def effect(better, measure="accuracy", trial="made"):
    return Effect(trial, better, "none", measure, POINT)


# What each arm is above "none", a mean and a spread between seeds.
ARMS = {
    "none": (0, 0),
    "much": (0.1, 1e-3),
    "less": (-0.1, 1e-3),
    "same": (0, 1e-3),
    "any": (0, 0.1),
}
TRIALS = {name: Trial("?", "made:made", "noise", {"quick": {"seeds": 6}}) for name in ("made", "b")}


def measures(seeds=6, names=("made",)):
    generator = np.random.default_rng(0)
    return {
        name: {
            seed: Measured(
                {
                    arm: {
                        measure: 0.5 + mean + generator.normal(0, spread)
                        for measure in ("accuracy", "other")
                    }
                    for arm, (mean, spread) in ARMS.items()
                }
            )
            for seed in range(seeds)
        }
        for name in names
    }


def claim(identifier, quantifier, *better):
    return Claim(identifier, ("3.3",), quantifier, "Made.", tuple(map(effect, better)))


MADE = (
    claim("C1", EVERY, "much"),
    claim("C2", SOME, "any", "much", "less"),
    claim("C3", EVERY, "same", "less"),
    claim("C4", DESCRIBED, "much"),
    claim("C5", EVERY, "any", "gone"),
)


@pytest.fixture
def report():
    return judged(MADE, measures(), TRIALS, "quick")


def test_verdicts_marks_and_both_readings(report):
    found = {name: (each["verdict"], each["marks"]) for name, each in report["claims"].items()}
    assert found == {
        "C1": ("supported", "+"),
        "C2": ("supported", "?+−"),
        "C3": ("refuted", "0−"),
        "C4": ("described", "+"),
        "C5": ("open", "?·"),
    }
    assert report["claims"]["C2"]["every"] == "depends"
    assert report["claims"]["C1"]["q"] is None  # there are more claims than these
    json.dumps(report, allow_nan=False)


def test_what_else_is_measured_changes_no_verdict(report):
    for each in MADE:
        alone = judged([each], measures(), TRIALS, "quick")["claims"][each.identifier]
        together = report["claims"][each.identifier]
        assert alone == together


def test_a_claim_says_why_and_how_many_seeds_would_decide(report):
    reasons = {name: because(each) for name, each in report["claims"].items()}
    assert reasons["C1"] == "Of 1 difference 1 as claimed."
    told = "Of 3 differences 1 as claimed, 1 the opposite, 1 open; the open ones would need up to "
    assert reasons["C2"].startswith(told) and reasons["C2"].endswith(" seeds.")
    assert reasons["C3"] == "Of 2 differences 1 the opposite, 1 too small to matter."
    assert reasons["C4"] == "Seconds are described, not tested."
    few = judged(MADE[:1], measures(4), TRIALS, "quick")["claims"]["C1"]
    assert few["verdict"] == "no verdict" and because(few).startswith("4 seeds give an interval")
    gone = judged([claim("C9", EVERY, "gone")], measures(), TRIALS, "quick")["claims"]["C9"]
    assert because(gone) == "Nothing of it is measured at this preset."


def test_power_is_how_often_such_a_difference_would_be_shown():
    """Against 4,000 repetitions of six seeds with that true difference, one of two tests."""
    told = power(Outcome(effect("any"), Estimate(0.0, 0.1 / 6**0.5, 5, 6), 6, tests=2))
    drawn = np.random.default_rng(0).normal(told["shown_from"], 0.1, (4000, 6))
    shown = [over_seeds(each).p < 0.05 / 2 for each in drawn]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.03)
    assert power(Outcome(effect("any"), None)) == {"shown_from": None, "seeds_for_delta": None}


def test_the_power_table_has_a_row_a_claim_and_smallest_effect(report):
    rows = [line for line in power_table(report["claims"]) if line.startswith("| C")]
    assert [row.split(" | ")[0] for row in rows] == ["| C1", "| C2", "| C3", "| C4", "| C5"]
    assert " | made | 6 | 3 | " in rows[1] and "1 points" in rows[1]


def test_controls_pass_or_say_what_it_means(report, monkeypatch):
    assert report["controls"] == []
    made = [
        Control(effect(name), gain, "no trust")
        for name, gain in (("much", True), ("same", False), ("same", True), ("much", False))
    ]
    monkeypatch.setattr(module, "CONTROLS", made)
    report = judged(MADE[:1], measures(), TRIALS, "quick")
    assert [each["passed"] for each in report["controls"]] == [True, True, False, False]
    text = claims_markdown(report)
    assert text.count("| as expected |") == 2 and text.count("NOT as expected: no trust") == 2
    made[:] = [Control(effect(name), False, "no trust") for name in ("any", "gone")]
    report = judged(MADE[:1], measures(), TRIALS, "quick")
    assert [each["passed"] for each in report["controls"]] == [None, None]  # nothing can be told
    few = judged(MADE[:1], measures(4), TRIALS, "quick")
    assert {each["passed"] for each in few["controls"]} == {None}


def test_q_stands_where_every_claim_is_judged(monkeypatch):
    monkeypatch.setattr(module, "known_claims", lambda: MADE)
    found = judged(MADE, measures(), TRIALS, "quick")["claims"]
    assert found["C4"]["q"] is None and found["C1"]["q"] < 0.05 < found["C3"]["q"]


def test_other_judges_and_data_are_asked_the_same(monkeypatch):
    asked = (
        ("other judge", {"made": "made"}, {"accuracy": "other"}),
        ("other data", {"made": "b"}, {"accuracy": "accuracy"}),
        ("not measured", {"made": "c"}, {"accuracy": "accuracy"}),
    )
    monkeypatch.setattr(module, "SENSITIVITY", asked)
    report = judged(MADE[1:3], measures(names=("made", "b")), TRIALS, "quick")
    marks = {"C2": "?+−", "C3": "0−"}
    assert report["sensitivity"] == {"other judge": marks, "other data": marks}
    assert "To inform (other data): C2 ?+−; C3 0−." in claims_markdown(report)


def test_the_table_has_a_row_a_claim_and_a_difference(report):
    lines = claims_markdown(report).splitlines()
    assert sum(line.startswith("| C") for line in lines) == 5 + 8 + 5  # "gone" is not measured
    row = next(line for line in lines if line.startswith("| C1 | made | much against none"))
    assert "| +10.0 [" in row and "| seeds | 1 |" in row and row.endswith("| gain |")


def test_the_picture_has_a_panel_a_claim(report):
    panels = [axes for axes in effects_figure(report).axes if axes.has_data()]
    assert len(panels) == 5
    assert [axes.get_title(loc="left") for axes in panels][2] == "C3: refuted (every)"
    assert len(panels[1].get_yticks()) == 3 and panels[1].get_xlabel() == "points"
    assert effects_figure({"claims": {}}).axes == []


def test_a_measure_of_several_trials_names_them_in_the_picture():
    both = dataclasses.replace(
        MADE[0], effects=(effect("much"), dataclasses.replace(effect("much"), trial="b"))
    )
    report = judged([both], measures(names=("made", "b")), TRIALS, "quick")
    labels = [text.get_text() for text in effects_figure(report).axes[0].get_yticklabels()]
    assert sorted(labels) == ["much − none (b)", "much − none (made)"]
    assert report["claims"]["C1"]["marks"] == "+ +"


def test_every_difference_has_an_effect_that_matters_and_a_reason():
    for each in (effect for claim in CLAIMS for effect in claim.effects):
        assert each.smallest.delta > 0 and each.smallest.reason
