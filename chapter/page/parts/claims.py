"""The part that puts the chapter's sentences to the test: the published measures, and one live."""

import dataclasses
from pathlib import Path

from chapter.claims.experiment import Measures, run_trials
from chapter.claims.figure import effects_figure
from chapter.claims.known import known_trials
from chapter.claims.report import published
from chapter.claims.verdict import Effect, outcome, shown_difference
from chapter.page.config import LIVE_TRIAL, ChapterSettings
from chapter.page.section import Block, Heading, Paragraph, Picture, Section, Table, TableRow
from foundation.pictures import save_figure

TITLE = "Is it true?"
LIVE_CLAIM, LIVE = "C3", "few_labels_100"  # the claim, and the trial of it that is measured anew
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
    """Judge the published measures anew, and measure one claim. Writes OUT/claims, OUT/figures."""
    report = published()
    picture = out / "figures" / "claims.png"
    save_figure(effects_figure(report), picture)
    print(f"\nClaims: {LIVE_CLAIM} measured on this machine", flush=True)
    trial = dataclasses.replace(known_trials()[LIVE], sizes=LIVE_TRIAL)
    seeds = run_trials(
        {LIVE: trial}, [LIVE], settings.preset, settings.seed, out / "claims", settings.quiet
    )[LIVE]
    return Section(
        title=TITLE,
        covers=("1", "3.3", "6", "8.2"),
        blocks=(
            Heading("The chapter's claims", ("1", "3.3", "6", "8.2")),
            Paragraph(LEAD),
            verdicts(report),
            Picture(picture, EFFECTS_ALT, EFFECTS),
            Paragraph(scope(report)),
            *measured_here(report, seeds, LIVE_TRIAL[settings.preset]),
        ),
        metrics={
            "published": {name: entry["verdict"] for name, entry in report["claims"].items()},
            LIVE_CLAIM: {str(seed): measures for seed, measures in seeds.items()},
        },
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
    """With how many seeds, where the measures are from, and what was not tested."""
    seeds = sorted({len(trial["seeds"]) for trial in report["trials"].values()})
    told = " to ".join(str(number) for number in dict.fromkeys((seeds[0], seeds[-1])))
    return (
        f"Measured once, with {told} seeds a trial and hours of computing "
        "(`python run.py claims --preset full`). Every seed is kept in `docs/claims/trials`; the "
        "verdicts were judged anew from them for this page. Not tested: "
        + "; ".join(f"{place} ({why})" for place, why in report["not_tested"].items())
        + "."
    )


def measured_here(report: dict, seeds: dict[int, Measures], sizes: dict) -> tuple[Block, ...]:
    """One claim on this machine, beside the published difference."""
    claim, trial = report["claims"][LIVE_CLAIM], report["trials"][LIVE]
    (known,) = (each for each in claim["effects"] if each["trial"] == LIVE)
    effect = Effect(LIVE, known["better"], known["worse"], known["measure"])
    here = shown_difference(outcome(effect, seeds))
    rows = (
        TableRow("here", (here, str(len(seeds)), f"{sizes['updates']:,}")),
        TableRow(
            "published",
            (known["shown"], str(len(trial["seeds"])), f"{trial['sizes']['updates']:,}"),
        ),
    )
    caption = f"{effect.name} after training on {sizes['labelled']} labelled digits"
    table = Table(caption, ("measured", "difference", "seeds", "updates"), rows)
    return (
        Heading("One claim, measured on this machine", claim["places"]),
        Paragraph(
            f"{LIVE_CLAIM}: {claim['meaning']} A small convolutional network learns from the same "
            "few labelled digits with and without augmentation, in as many updates. With so few "
            "updates the interval here is wide, and augmentation is understated: what is bent "
            "anew at each step takes longer to learn. `python run.py claims` measures all claims "
            "at this size."
        ),
        table,
    )
