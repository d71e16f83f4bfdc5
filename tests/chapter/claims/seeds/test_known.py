"""What there is to be tested: the chapter's claims with their trials, and what a file adds."""

import json

import run
from chapter.claims import designs
from chapter.claims.controls import SENSITIVITY
from chapter.claims.seeds.known import known_claims, known_trials
from chapter.claims.verdict import FEWEST_SEEDS, SUPPORTED

MINE = '''"""Does a penny more make more pennies?"""

from chapter.claims.experiment import Measured, Trial
from chapter.claims.sentences import Claim
from chapter.claims.verdict import EVERY, Effect, Smallest

SIZES = dict.fromkeys(("smoke", "quick", "full"), {"seeds": 5, "pennies": 3.0})
TRIALS = {"pennies": Trial("More?", f"{__name__}:measure", "their weight", SIZES)}
PENNY = Smallest(0.5, "pennies", "half of the smallest coin")
EFFECT = Effect("pennies", "one more", "as before", "count", PENNY)
CLAIMS = (Claim("C99", ("3.3",), EVERY, "A penny more is more.", (EFFECT,)),)


def measure(seed, sizes):
    before = sizes["pennies"]
    more = before + 1 + seed / 100
    return Measured({"as before": {"count": before}, "one more": {"count": more}})
'''


def test_one_file_adds_a_claim_its_trial_and_what_measures_it(tmp_path, monkeypatch, capsys):
    before = known_claims()
    (tmp_path / "pennies.py").write_text(MINE, encoding="utf-8")
    monkeypatch.setattr(designs, "__path__", [*designs.__path__, str(tmp_path)])
    assert [claim.identifier for claim in known_claims()[len(before) :]] == ["C99"]
    words = ["claims", "--only", "C99", "--out", str(tmp_path / "out"), "--json", "--quiet"]
    assert run.main(words) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["claims"]["C99"]["verdict"] == SUPPORTED
    assert report["trials"]["pennies"]["measures"]["2"]["one more"]["count"] == 4.02


def test_every_claim_has_a_name_a_place_and_trials_that_there_are():
    claims, trials = known_claims(), known_trials()
    assert [claim.identifier for claim in claims] == [f"C{n + 1}" for n in range(len(claims))]
    for claim in claims:
        assert claim.places and claim.effects and claim.meaning.endswith(".")
        assert len(set(claim.effects)) == len(claim.effects)
        for effect in claim.effects:
            assert effect.trial in trials, f"{claim.identifier} needs the trial {effect.trial}"
            assert effect.better != effect.worse


def test_every_trial_has_three_sizes_enough_seeds_and_a_claim():
    needed = {effect.trial for claim in known_claims() for effect in claim.effects}
    needed |= {trial for _, trials, _ in SENSITIVITY for trial in trials.values()}
    for name, trial in known_trials().items():
        assert name in needed, name
        assert trial.question.endswith("?") and trial.varies
        assert list(trial.sizes) == ["smoke", "quick", "full"]
        assert trial.sizes["smoke"]["seeds"] == 1
        assert trial.sizes["quick"]["seeds"] >= 3 and trial.seeds("full")[0] >= 100
        assert len(trial.seeds("full")) >= FEWEST_SEEDS and trial.reads
