"""The published verdicts follow from the published measures: judged again, they are the same."""

from pathlib import Path

import pytest

import run
from chapter.claims.command import judged, markdown
from chapter.claims.experiment import run_trials
from chapter.claims.markdown import trials_markdown
from chapter.claims.sentences import CLAIMS
from chapter.claims.trials.sizes import TRIALS

DOCS = Path(run.__file__).parent / "docs"
PUBLISHED = DOCS / "claims"


@pytest.fixture(scope="module")
def report():
    """The verdicts of what docs/claims/trials holds; a measure that is missing is not made here."""
    for name, trial in TRIALS.items():
        expected = [f"seed-{seed:04d}.json" for seed in range(trial.sizes["full"]["seeds"])]
        assert sorted(path.name for path in (PUBLISHED / "trials" / name).iterdir()) == expected
    measures = run_trials(TRIALS, list(TRIALS), "full", 0, PUBLISHED, quiet=True)
    return judged(CLAIMS, measures, "full")


def test_the_published_verdicts_are_those_of_the_published_measures(report):
    assert (PUBLISHED / "claims.md").read_text(encoding="utf-8") == markdown(report)


def test_the_published_arms_are_those_of_the_published_measures(report):
    assert (PUBLISHED / "trials.md").read_text(encoding="utf-8") == trials_markdown(
        report["trials"]
    )


def test_the_results_hold_every_verdict(report):
    rows = [line for line in markdown(report).splitlines() if line.startswith("| C")]
    verdicts = rows[: len(CLAIMS)]
    assert all("**" in row for row in verdicts)
    results = (DOCS / "results.md").read_text(encoding="utf-8").splitlines()
    assert not [row for row in verdicts if row not in results]
    assert f"{report['effects']} differences" in "\n".join(results)
