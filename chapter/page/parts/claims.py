"""The part that puts the chapter's sentences to the test: the published measures, and one live."""

import dataclasses
from pathlib import Path

from chapter.claims.experiment import Measured
from chapter.claims.report.figure import effects_figure
from chapter.claims.report.judged import because, published
from chapter.claims.seeds.known import known_claims, known_trials
from chapter.claims.seeds.measuring import run_trials
from chapter.claims.verdict import outcome, shown_difference
from chapter.page.config import LIVE_TRIAL, ChapterSettings
from chapter.page.section import Block, Heading, Paragraph, Picture, Section, Table, TableRow
from chapter.page.words import Words
from foundation.pictures import save_figure

SAY = Words("claims")
TITLE = SAY("title")
LIVE_CLAIM, LIVE = "C3", "few_labels_100"  # the claim, and the trial of it that is measured anew
PLACES = ("1", "3.3", "6", "8.2")


def claims_part(out: Path, settings: ChapterSettings) -> Section:
    """Judge the published measures anew, and measure one claim. Writes OUT/claims, OUT/figures."""
    report = published()
    blocks: list[Block] = [Heading(SAY("heading"), PLACES), Paragraph(SAY("lead"))]
    if report["claims"]:
        picture = out / "figures" / "claims.png"
        save_figure(effects_figure(report), picture)
        blocks += [verdicts(report), Picture(picture, SAY("effects_alt"), SAY("effects"))]
    blocks.append(Paragraph(scope(report)))
    print(f"\nClaims: {LIVE_CLAIM} measured on this machine", flush=True)
    trial = dataclasses.replace(known_trials()[LIVE], sizes=LIVE_TRIAL)
    seeds = run_trials(
        {LIVE: trial}, [LIVE], settings.preset, settings.seed, out / "claims", settings.quiet
    )[LIVE]
    return Section(
        title=TITLE,
        covers=PLACES,
        blocks=(*blocks, *measured_here(report, seeds, LIVE_TRIAL[settings.preset])),
        metrics={
            "published": {name: entry["verdict"] for name, entry in report["claims"].items()},
            LIVE_CLAIM: {str(seed): each.measures for seed, each in seeds.items()},
        },
    )


def verdicts(report: dict) -> Table:
    """A row a claim, with its differences in small print."""
    rows = []
    for name, entry in report["claims"].items():
        tested = [each for each in entry["effects"] if not each["left_out"]]
        shown = "; ".join(f"{each['name']} ({each['trial']}): {each['shown']}" for each in tested)
        where = f"Chapter {', '.join(entry['places'])}; {entry['quantifier']}."
        note = f"{where} {because(entry)} {shown}"
        rows.append(TableRow(f"{name}: {entry['meaning']}", (entry["verdict"],), note))
    return Table(SAY("verdicts"), ("claim", "verdict"), tuple(rows), numbers=False)


def scope(report: dict) -> str:
    """With how many seeds, where the measures are from, and what was not tested."""
    every = [claim.identifier for claim in known_claims()]
    waiting = [name for name in every if name not in report["claims"]]
    return SAY("scope", waiting=waiting, not_tested=report["not_tested"])


def measured_here(report: dict, seeds: dict[int, Measured], sizes: dict) -> tuple[Block, ...]:
    """One claim on this machine, beside the published difference."""
    (claim,) = (each for each in known_claims() if each.identifier == LIVE_CLAIM)
    (effect,) = (each for each in claim.effects if each.trial == LIVE)
    here = shown_difference(outcome(effect, seeds))
    rows = [TableRow("here", (here, str(len(seeds)), f"{sizes['updates']:,}"))]
    if LIVE_CLAIM in report["claims"]:
        entry, trial = report["claims"][LIVE_CLAIM], report["trials"][LIVE]
        (known,) = (each for each in entry["effects"] if each["trial"] == LIVE)
        updates = f"{trial['sizes']['updates']:,}"
        rows.append(TableRow("published", (known["shown"], str(known["seeds"]), updates)))
    few = sizes["updates"] < LIVE_TRIAL["full"]["updates"]
    caption = SAY("live_caption", effect=effect.name, labelled=sizes["labelled"])
    return (
        Heading(SAY("live_heading"), claim.places),
        Paragraph(SAY("live", claim=LIVE_CLAIM, meaning=claim.meaning, few=few)),
        Table(caption, ("measured", "difference", "seeds", "updates"), tuple(rows)),
    )
