"""The published verdicts follow from the published measures: judged again, they are the same."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import run
from chapter.claims import report as module
from chapter.claims.command import markdown
from chapter.claims.known import known_trials
from chapter.claims.markdown import trials_markdown
from chapter.claims.report import PUBLISHED, published
from chapter.claims.sentences import CLAIMS
from foundation.errors import InputError


@pytest.fixture(scope="module")
def report():
    """The verdicts of what docs/claims/trials holds."""
    return published()


def test_every_seed_of_every_trial_is_published(report):
    for name, trial in known_trials().items():
        expected = [f"seed-{seed:04d}.json" for seed in range(trial.sizes["full"]["seeds"])]
        assert sorted(path.name for path in (PUBLISHED / "trials" / name).iterdir()) == expected
    assert list(report["claims"]) == [claim.identifier for claim in CLAIMS]


def test_the_published_verdicts_are_those_of_the_published_measures(report):
    assert (PUBLISHED / "claims.md").read_text(encoding="utf-8") == markdown(report)


def test_the_published_arms_are_those_of_the_published_measures(report):
    assert (PUBLISHED / "trials.md").read_text(encoding="utf-8") == trials_markdown(
        report["trials"]
    )


def test_the_command_judges_stored_measures_without_tensorflow(report, tmp_path):
    shutil.copytree(PUBLISHED / "trials", tmp_path / "trials")
    command = [sys.executable, "-X", "importtime", str(Path(run.__file__)), "claims", "--json"]
    words = ["--preset", "full", "--resume", "--out", str(tmp_path), "--quiet"]
    done = subprocess.run([*command, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert " numpy\n" in done.stderr and "tensorflow" not in done.stderr
    assert json.loads(done.stdout) == {**json.loads(json.dumps(report)), "out": str(tmp_path)}


def test_a_claim_is_left_out_without_its_trial_and_a_missing_seed_is_an_error(
    tmp_path, monkeypatch
):
    for name in ("table_few", "table_all"):
        shutil.copytree(PUBLISHED / "trials" / name, tmp_path / "trials" / name)
    monkeypatch.setattr(module, "PUBLISHED", tmp_path)
    assert list(published()["claims"]) == ["C20", "C21"]
    (tmp_path / "trials" / "table_few" / "seed-0007.json").unlink()
    with pytest.raises(InputError, match=r"seed-0007\.json is missing; every seed"):
        published()


def test_the_results_hold_every_verdict(report):
    rows = [line for line in markdown(report).splitlines() if line.startswith("| C")]
    verdicts = rows[: len(CLAIMS)]
    assert all("**" in row for row in verdicts)
    results = (PUBLISHED.parent / "results.md").read_text(encoding="utf-8").splitlines()
    assert not [row for row in verdicts if row not in results]
    assert f"{report['effects']} differences" in "\n".join(results)
