"""The part of the report that puts the chapter's sentences to the test."""

from pathlib import Path

from chapter.claims.command import claims
from chapter.claims.config import ClaimsSettings
from chapter.page.config import CLAIMS, ChapterSettings
from chapter.page.section import Heading, Paragraph, Picture, Section, Table, TableRow

LEAD = (
    "The chapter says that synthetic data enlarge and balance data sets and make models robust, "
    "and warns of quality, cost and bias. Each sentence that can be tested became a claim with the "
    "differences that would show it, written down before anything was measured. A verdict needs "
    "the seeds to agree: p values are adjusted for the number of differences (Holm's method), and "
    "what is compared with has been tuned as much."
)
EFFECTS_ALT = "A dot for each tested difference, to the right of 0 where it is as claimed."
EFFECTS = (
    "Every tested difference, in units of half its own 95 % interval. Green: shown, even after "
    "adjusting for how many were tested; red: the opposite is shown; grey: neither."
)


def claims_part(out: Path, settings: ChapterSettings) -> Section:
    """Run the trials of the preset and show the verdicts. Writes OUT/claims."""
    print("\nClaims: what the chapter says of synthetic data, tested", flush=True)
    given = {
        "preset": settings.preset,
        "seed": settings.seed,
        "quiet": settings.quiet,
        "out": str(out / "claims"),
        "only": CLAIMS[settings.preset],
    }
    report = claims(ClaimsSettings.resolve(given))
    return Section(
        title="Is it true?",
        covers=("1", "3.3", "6", "8.2"),
        blocks=(
            Heading("The chapter's claims", ("1", "3.3", "6", "8.2")),
            Paragraph(LEAD),
            verdicts(report),
            Picture(out / "claims" / "claims.png", EFFECTS_ALT, EFFECTS),
            Paragraph(scope(report)),
        ),
        metrics={name: entry["verdict"] for name, entry in report["claims"].items()},
    )


def verdicts(report: dict) -> Table:
    """A row a claim, with its differences in small print."""
    rows = tuple(
        TableRow(
            f"{name}: {entry['meaning']}",
            (entry["verdict"],),
            f"Chapter {', '.join(entry['places'])}. "
            + "; ".join(
                f"{each['name']} ({each['trial']}): {each['shown']}"
                for each in entry["effects"]
                if not each["left_out"]
            ),
        )
        for name, entry in report["claims"].items()
    )
    caption = f"Verdicts on these data; {report['effects']} differences tested"
    return Table(caption, ("claim", "verdict"), rows, numbers=False)


def scope(report: dict) -> str:
    """With how many seeds, and what the full run is."""
    seeds = sorted({len(trial["seeds"]) for trial in report["trials"].values()})
    told = " to ".join(str(number) for number in dict.fromkeys((seeds[0], seeds[-1])))
    return (
        f"Preset `{report['preset']}`: {told} seeds a trial, and sizes that minutes allow. The "
        "verdicts to quote are those of `python run.py claims --preset full` in "
        "`docs/results.md`. Not tested: "
        + "; ".join(f"{place} ({why})" for place, why in report["not_tested"].items())
        + "."
    )
