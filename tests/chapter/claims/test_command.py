"""`claims`: the command, the list of claims, and what becomes of a planted effect."""

import json
import math
import sys
import types

import numpy as np
import pytest
from PIL import Image

import run
from chapter.claims import command as claims_module
from chapter.claims.experiment import TABLE_GENERATORS, Measured, Trial
from chapter.claims.seeds.known import known_claims, known_trials
from chapter.claims.sentences import NOT_TESTED
from chapter.claims.verdict import GAIN, HARM, NO_VERDICT, REFUTED, SUPPORTED

CLAIM = "C20"  # the cheapest: one trial, with tables
MEASURES = ("lda_nats", "logistic_regression_nats")


def claims(*words):
    """The command in this process: its exit code."""
    try:
        return run.main(["claims", *map(str, words)])
    except SystemExit as end:  # argparse's own way out
        return end.code


def refused(capsys, *words):
    """The one line of a command that must end with exit code 2."""
    assert claims(*words) == 2
    printed = capsys.readouterr()
    lines = printed.err.strip().splitlines()
    assert printed.out == "" and len(lines) == 1, lines
    assert lines[0].startswith("error: ") and lines[0].count("; ") >= 2
    return lines[0]


@pytest.fixture
def planted(monkeypatch):
    """The trial of C20 replaced by numbers; its seeds, as they are measured.

    Of all generators "real + ..." loses 0.1 nats less than "real", but by logistic regression more.
    """
    module = types.ModuleType("made_trial")
    module.seeds, module.shift = [], {"lda_nats": -0.1, "logistic_regression_nats": 0.1}

    def measure(seed, sizes):
        module.seeds.append(seed)
        generator = np.random.default_rng(seed)
        arms = ["real", *(f"real + {name}" for name in TABLE_GENERATORS)]
        measures = {
            arm: {
                name: 0.8 + (arm != "real") * module.shift[name] + generator.normal(0, 1e-3)
                for name in MEASURES
            }
            for arm in arms
        }
        return Measured(measures)

    module.measure = measure
    monkeypatch.setitem(sys.modules, "made_trial", module)
    sizes = {"smoke": {"seeds": 1}, "quick": {"seeds": 6}, "full": {"seeds": 6, "large": True}}
    module.trials = {"table_few": Trial("?", "made_trial:measure", "noise", sizes)}
    monkeypatch.setattr(claims_module, "known_trials", lambda: module.trials)
    return module


def test_the_command_at_smoke_size(tmp_path, capsys):
    """The real trial, which one seed does not decide; the same again from another start."""
    out = tmp_path / "out"
    assert claims("--only", CLAIM, "--preset", "smoke", "--out", out, "--json") == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert report.pop("out") == str(out)
    assert report == json.loads((out / "claims.json").read_text(encoding="utf-8"))
    names = {"claims.json", "claims.md", "claims.png", "trials", "trials.md"}
    assert {path.name for path in out.iterdir()} == names
    assert (out / "trials.md").read_text(encoding="utf-8").count("## table_few\n") == 1
    assert list(report["claims"]) == [CLAIM] and list(report["trials"]) == ["table_few"]
    assert report["claims"][CLAIM]["verdict"] == NO_VERDICT
    assert len(report["claims"][CLAIM]["effects"]) == 8
    for effect in report["claims"][CLAIM]["effects"]:
        assert math.isfinite(effect["difference"]["mean"])
    markdown = (out / "claims.md").read_text(encoding="utf-8")
    assert markdown in printed.err  # on stdout is the object alone
    assert f"| {CLAIM} | 6.3 |" in markdown and "**no verdict**" in markdown
    for place, why in NOT_TESTED.items():
        assert f"- {place}: {why}" in markdown
    with Image.open(out / "claims.png") as picture:
        assert picture.width > 500
    again = tmp_path / "again"
    assert claims("--only", CLAIM, "--preset", "smoke", "--out", again, "--quiet") == 0
    assert capsys.readouterr().out == ""
    reports = [json.loads((place / "claims.json").read_text()) for place in (again, out)]
    spent = [each["trials"]["table_few"].pop("cpu_seconds") for each in reports]
    assert reports[0] == reports[1] and min(spent) > 0


def test_a_planted_effect_is_found_and_one_against_the_claim_is_harm(planted, tmp_path):
    assert claims("--only", CLAIM, "--out", tmp_path, "--quiet") == 0
    entry = json.loads((tmp_path / "claims.json").read_text())["claims"][CLAIM]
    for each in entry["effects"]:
        assert each["result"] == (GAIN if each["measure"] == "lda_nats" else HARM)
    assert len(entry["effects"]) == 8
    assert (entry["verdict"], entry["every"]) == (SUPPORTED, "depends")
    assert "+0.10 [+" in (tmp_path / "claims.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("shift", "expected"), [(-0.1, SUPPORTED), (0.1, REFUTED)])
def test_all_effects_make_a_verdict(planted, tmp_path, shift, expected):
    planted.shift = dict.fromkeys(MEASURES, shift)
    assert claims("--only", CLAIM, "--out", tmp_path, "--quiet") == 0
    entry = json.loads((tmp_path / "claims.json").read_text())["claims"][CLAIM]
    assert entry["verdict"] == entry["every"] == expected


def test_the_first_seed_is_chosen_and_resume_measures_what_is_missing(planted, tmp_path, capsys):
    words = ("--only", CLAIM, "--out", tmp_path, "--seed", 3, "--quiet")
    assert claims(*words) == 0
    assert planted.seeds == [3, 4, 5, 6, 7, 8]
    first = (tmp_path / "claims.json").read_bytes()
    (tmp_path / "trials" / "table_few" / "seed-0005.json").unlink()
    (tmp_path / "claims.json").unlink()
    planted.seeds.clear()
    assert claims(*words, "--resume") == 0
    assert planted.seeds == [5] and (tmp_path / "claims.json").read_bytes() == first
    report = json.loads(first)
    assert report["trials"]["table_few"]["seeds"] == [3, 4, 5, 6, 7, 8]
    assert report["trials"]["table_few"]["seeds_vary"] == "noise"
    assert "made by another recipe" in refused(capsys, *words, "--resume", "--preset", "full")


def test_wrong_words_end_in_one_line(planted, tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    assert "--only C99" in refused(capsys, "--only", "C99")
    assert "C1, C2" in refused(capsys, "--only", f"{CLAIM},")
    assert "mine.txt" in refused(capsys, "--only", CLAIM, "--out", tmp_path / "full")
    assert "--resume" in refused(capsys, "--only", CLAIM, "--resume")
    assert "--resume" in refused(capsys, "--resume", "--out", tmp_path / "full")
    assert "--preset" in refused(capsys, "--preset", "huge")
    assert "--seed" in refused(capsys, "--seed", "-1")
    assert planted.seeds == [] and [path.name for path in tmp_path.iterdir()] == ["full"]


def test_only_takes_several_claims_in_the_order_of_the_list():
    chosen = claims_module.chosen_claims(" C21, C1 ,C20")
    assert [claim.identifier for claim in chosen] == ["C1", "C20", "C21"]
    assert claims_module.chosen_claims(None) == known_claims()
    trials = claims_module.trials_of(chosen, known_trials())
    assert sorted(trials) == sorted({e.trial for claim in chosen for e in claim.effects})
