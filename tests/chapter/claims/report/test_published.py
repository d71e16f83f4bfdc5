"""The published verdicts follow from the published measures: judged again, they are the same."""

import hashlib
import json
import shutil

import pytest

from chapter.claims.experiment import Measured
from chapter.claims.registration import REGISTRATION, hashes_now, registered_hashes
from chapter.claims.report import judged as module
from chapter.claims.report.judged import PUBLISHED, judged, published
from chapter.claims.report.markdown import claims_markdown, trials_markdown
from chapter.claims.seeds.known import known_trials
from chapter.claims.seeds.stored import recipe, stored_trials, write_seed
from chapter.claims.sentences import CLAIMS
from tests.shell import PROGRAM, ran

TRIALS = PUBLISHED / "trials"
# SHA-256 of registration.md as it was before the first seed of 100 and more.
FIRST = "5d340dea32529fccc5f83c6f2d9b43eefaa1b0ecf20fde45ba34fe9ca1e0fd78"


@pytest.fixture(scope="module")
def report():
    """The verdicts of what docs/claims/trials holds, as far as it is complete."""
    return published()


def measured_trials():
    return {name: trial for name, trial in known_trials().items() if (TRIALS / name).is_dir()}


def test_every_published_seed_was_measured_with_a_clean_tree_by_the_recipe_there_is():
    for name, trial in measured_trials().items():
        names = {f"seed-{seed:04d}.json" for seed in trial.seeds("full")}
        chosen = {"choices.json"} if trial.chooses("full") else set()
        found = {path.name for path in (TRIALS / name).iterdir()}
        assert chosen <= found <= names | chosen, name
        versions = set()
        for path in (TRIALS / name).iterdir():
            stored = json.loads(path.read_text(encoding="utf-8"))
            assert stored["recipe"] == recipe(trial, "full"), path
            assert stored["provenance"]["clean"] and len(stored["provenance"]["commit"]) == 40, path
            versions.add(json.dumps(stored["provenance"]["versions"]))
        assert len(versions) == 1, name


def test_the_published_verdicts_are_those_of_the_published_measures(report):
    assert (PUBLISHED / "claims.md").read_text(encoding="utf-8") == claims_markdown(report)
    arms = trials_markdown(report["trials"])
    assert (PUBLISHED / "trials.md").read_text(encoding="utf-8") == arms


def test_registration_holds_the_lists_the_rule_the_designs_and_the_data():
    """Another hash needs an amendment with its date in registration.md, and a new table."""
    assert registered_hashes() == hashes_now()
    assert {"chapter/claims/sentences.py", "chapter/claims/verdict.py"} < set(hashes_now())


def test_what_was_registered_first_stands_unchanged():
    """Amendments come below it."""
    text = REGISTRATION.read_text(encoding="utf-8")
    first = text.partition("\n## Amendment")[0].rstrip() + "\n"
    assert hashlib.sha256(first.encode()).hexdigest() == FIRST


def test_no_verdict_changes_with_what_else_is_judged(report):
    measures, _ = stored_trials(known_trials(), list(known_trials()), "full", 0, PUBLISHED)
    for claim in CLAIMS:
        if claim.identifier in report["claims"]:
            alone = judged([claim], measures, known_trials(), "full")["claims"][claim.identifier]
            assert {**alone, "q": None} == {**report["claims"][claim.identifier], "q": None}


def test_the_command_judges_stored_measures_without_tensorflow(report, tmp_path):
    """Of those claims whose seeds are all there."""
    if not report["claims"]:
        pytest.skip("no claim has all of its seeds yet")
    shutil.copytree(TRIALS, tmp_path / "trials")
    words = ["claims", "--json", "--preset", "full", "--resume", "--out", tmp_path, "--quiet"]
    words += ["--only", ",".join(report["claims"])]
    done = ran(tmp_path, "-X", "importtime", PROGRAM, *words)
    assert " numpy\n" in done.stderr and "tensorflow" not in done.stderr
    found = json.loads(done.stdout)
    assert found["claims"] == json.loads(json.dumps(report["claims"]))


def test_a_claim_is_left_out_without_all_seeds_of_its_trials(tmp_path, monkeypatch):
    trial = known_trials()["text"]
    for seed in trial.seeds("full"):
        arms = {"real": 2.0, "real + lstm": 1.9 + seed / 1e6, "real + hmm": 2.1 + seed / 1e6}
        measured = Measured({arm: {"ngram_nats": value} for arm, value in arms.items()})
        path = tmp_path / "trials" / "text" / f"seed-{seed:04d}.json"
        write_seed(path, "text", trial, "full", seed, measured, 0.0, 0.0)
    monkeypatch.setattr(module, "PUBLISHED", tmp_path)
    found = published()["claims"]
    assert list(found) == ["C19"] and found["C19"]["marks"] == "+−"
    path.unlink()
    assert published()["claims"] == {}


def test_the_results_hold_every_verdict(report):
    rows = [line for line in claims_markdown(report).splitlines() if line.startswith("| C")]
    verdicts = rows[: len(report["claims"])]
    assert all("**" in row for row in verdicts)
    results = (PUBLISHED.parent / "results.md").read_text(encoding="utf-8").splitlines()
    assert not [row for row in verdicts if row not in results]
