"""The claims in the report: what was decided, with how many seeds, and what was left out."""

from chapter.claims.experiment import Measured
from chapter.claims.seeds.known import known_claims, known_trials
from chapter.page.config import LIVE_TRIAL
from chapter.page.parts.claims import LIVE, LIVE_CLAIM, measured_here, scope, verdicts

EFFECT = {
    "name": "a against b: accuracy",
    "trial": "t",
    "shown": "+1.0 points",
    "left_out": False,
    "result": "gain",
    "seeds": 5,
    "difference": {"over": "seeds"},
}
CLAIM = {
    "places": ["1", "Q3"],
    "quantifier": "some",
    "meaning": "It helps.",
    "verdict": "supported",
    "effects": [EFFECT, EFFECT | {"name": "gan against b: accuracy", "left_out": True}],
}
REPORT = {"claims": {"C1": CLAIM}, "trials": {}, "not_tested": {"3.4: speech": "no audio"}}


def test_a_row_tells_the_verdict_why_and_the_differences_that_were_tested():
    (row,) = verdicts(REPORT).rows
    assert row.name == "C1: It helps." and row.cells == ("supported",)
    assert row.note == (
        "Chapter 1, Q3; some. Of 1 difference 1 as claimed. a against b: accuracy (t): +1.0 points"
    )


def test_the_words_tell_what_waits_and_what_was_not_tested():
    text = scope(REPORT)
    assert "seeds yet: C2, C3, " in text and "3.4: speech (no audio)." in text
    every = {"C1": CLAIM} | {each.identifier: CLAIM for each in known_claims()}
    assert "yet" not in scope(REPORT | {"claims": every})


def test_the_claim_of_this_machine_stands_beside_the_published_one_if_there_is_one():
    seeds = {
        seed: Measured({"none": {"accuracy": 0.8}, "augmentation": {"accuracy": 0.84 + seed / 100}})
        for seed in range(3)
    }
    heading, _, table = measured_here(REPORT, seeds, LIVE_TRIAL["quick"])
    assert heading.covers == ("2.1.3", "3.3.1", "6.1")
    (here,) = table.rows
    assert here.cells[0].startswith("+5.0 [+2.5, +7.5]") and here.cells[1:] == ("3", "200")
    known = EFFECT | {"trial": LIVE, "shown": "+7.0 [+6.0, +8.0] points", "seeds": 14}
    report = {
        "claims": {LIVE_CLAIM: CLAIM | {"effects": [EFFECT, known]}},
        "trials": {LIVE: {"sizes": {"updates": 1_000}}},
    }
    there = measured_here(report, seeds, LIVE_TRIAL["quick"])[2].rows[1]
    assert there.cells == ("+7.0 [+6.0, +8.0] points", "14", "1,000")


def test_every_preset_names_every_size_of_the_trial():
    assert set(LIVE_TRIAL) == {"smoke", "quick", "full"}
    for preset, sizes in LIVE_TRIAL.items():
        # Of generators, and none is fitted; the first seed, and what is chosen at the full size.
        left_out = {"vae_updates", "gan_updates", "first_seed", "candidates", "shares"}
        assert set(known_trials()[LIVE].sizes[preset]) - left_out <= set(sizes)
