"""What there is to be tested: the chapter's claims with their trials, and what a file adds."""

import json

import run
from chapter.claims import designs
from chapter.claims.controls import SENSITIVITY
from chapter.claims.seeds.known import known_claims, known_trials
from chapter.claims.verdict import FEWEST_SEEDS, SUPPORTED
from tests.contributing import example


def test_one_file_adds_a_claim_its_trial_and_what_measures_it(tmp_path, monkeypatch, capsys):
    before = known_claims()
    (tmp_path / "pennies.py").write_text(example("A claim"), encoding="utf-8")
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
