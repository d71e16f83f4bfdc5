"""The claims in the report: what was decided, with how many seeds, and what was left out."""

from chapter.claims.known import known_trials
from chapter.page.config import LIVE_TRIAL
from chapter.page.parts.claims import (
    LIVE,
    LIVE_CLAIM,
    measured_here,
    scope,
    verdicts,
)

EFFECT = {"name": "a against b: accuracy", "trial": "t", "shown": "+1.0 points", "left_out": False}
REPORT = {
    "preset": "quick",
    "effects": 1,
    "claims": {
        "C1": {
            "places": ["1", "Q3"],
            "meaning": "It helps.",
            "verdict": "depends",
            "effects": [EFFECT, EFFECT | {"name": "gan against b: accuracy", "left_out": True}],
        }
    },
    "trials": {"t": {"seeds": [0, 1, 2]}, "u": {"seeds": list(range(10))}},
    "not_tested": {"3.4: speech": "no audio"},
}


def test_a_row_tells_the_verdict_and_the_differences_that_were_tested():
    (row,) = verdicts(REPORT).rows
    assert row.name == "C1: It helps." and row.cells == ("depends",)
    assert row.note == "Chapter 1, Q3. a against b: accuracy (t): +1.0 points"


def test_the_words_tell_seeds_and_what_was_not_tested():
    text = scope(REPORT)
    assert "3 to 10 seeds" in text and "3.4: speech (no audio)" in text
    alone = scope(REPORT | {"trials": {"t": {"seeds": [0, 1, 2]}}})
    assert "3 seeds a trial" in alone and " to " not in alone.split("seeds")[0]


def test_the_claim_of_this_machine_stands_beside_the_published_one():
    published = EFFECT | {
        "trial": LIVE,
        "better": "augmentation",
        "worse": "none",
        "measure": "accuracy",
        "shown": "+7.0 [+6.0, +8.0] points",
    }
    report = {
        "claims": {
            LIVE_CLAIM: REPORT["claims"]["C1"] | {"effects": [EFFECT | {"trial": "x"}, published]}
        },
        "trials": {LIVE: {"seeds": [0, 1, 2, 3, 4], "sizes": {"updates": 1_000}}},
    }
    seeds = {
        seed: {"none": {"accuracy": 0.8}, "augmentation": {"accuracy": 0.84 + 0.01 * seed}}
        for seed in range(3)
    }
    heading, _, table = measured_here(report, seeds, LIVE_TRIAL["quick"])
    assert heading.covers == ["1", "Q3"]
    here, there = table.rows
    assert here.cells[0].startswith("+5.0 [+2.5, +7.5]") and here.cells[1:] == ("3", "200")
    assert there.cells == ("+7.0 [+6.0, +8.0] points", "5", "1,000")


def test_every_preset_names_every_size_of_the_trial():
    assert set(LIVE_TRIAL) == {"smoke", "quick", "full"}
    for preset, sizes in LIVE_TRIAL.items():
        left_out = {"vae_updates", "gan_updates"}  # of generators, and none is fitted
        assert set(known_trials()[LIVE].sizes[preset]) - left_out <= set(sizes)
