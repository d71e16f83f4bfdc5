"""The claims in the report: what was decided, with how many seeds, and what was left out."""

from chapter.claims.command import chosen_claims
from chapter.page.config import CLAIMS
from chapter.page.parts.claims import scope, verdicts

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
    assert "3 to 10 seeds" in text and "3.4: speech (no audio)" in text and "`quick`" in text
    alone = scope(REPORT | {"trials": {"t": {"seeds": [0, 1, 2]}}})
    assert "3 seeds a trial" in alone and " to " not in alone.split("seeds")[0]


def test_every_preset_chooses_claims_that_exist():
    assert set(CLAIMS) == {"smoke", "quick", "full"}
    for only in CLAIMS.values():
        assert chosen_claims(only)
