"""The part that puts the chapter's sentences to the test: the published measures, and one live."""

import dataclasses
from pathlib import Path

from chapter.claims.experiment import Measured
from chapter.claims.figure import effects_figure
from chapter.claims.known import known_claims, known_trials
from chapter.claims.measuring import run_trials
from chapter.claims.report import because, published
from chapter.claims.verdict import outcome, shown_difference
from chapter.page.config import LIVE_TRIAL, ChapterSettings
from chapter.page.section import Block, Heading, Paragraph, Picture, Section, Table, TableRow
from foundation.pictures import save_figure

TITLE = "Is it true?"
LIVE_CLAIM, LIVE = "C3", "few_labels_100"  # the claim, and the trial of it that is measured anew
PLACES = ("1", "3.3", "6", "8.2")
LEAD = (
    "The chapter says that synthetic data enlarge and balance data sets and make models robust, "
    "and warns of quality, cost and bias. Each sentence that can be tested became a claim with the "
    "differences that would show it and the smallest difference that matters, written down with "
    "the rule before its seeds were measured (`chapter/claims/registration.md`). All arms see the "
    "real data equally often. A difference is a gain, a harm, shown to be too small to matter, or "
    "open; where the chapter says “can” or “may”, one gain is enough."
)
EFFECTS_ALT = "A panel for each claim: every difference with its interval, and a band that matters."
EFFECTS = (
    "Every tested difference with its 95 % interval; right of 0 is as claimed. The band reaches to "
    "the smallest difference that matters. Triangles: a gain or, pointing down, a harm; squares: "
    "a gain that matters is excluded; circles: open."
)


def claims_part(out: Path, settings: ChapterSettings) -> Section:
    """Judge the published measures anew, and measure one claim. Writes OUT/claims, OUT/figures."""
    report = published()
    blocks: list[Block] = [Heading("The chapter's claims", PLACES), Paragraph(LEAD)]
    if report["claims"]:
        picture = out / "figures" / "claims.png"
        save_figure(effects_figure(report), picture)
        blocks += [verdicts(report), Picture(picture, EFFECTS_ALT, EFFECTS)]
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
    rows = tuple(
        TableRow(
            f"{name}: {entry['meaning']}",
            (entry["verdict"],),
            f"Chapter {', '.join(entry['places'])}; {entry['quantifier']}. {because(entry)} "
            + "; ".join(
                f"{each['name']} ({each['trial']}): {each['shown']}"
                for each in entry["effects"]
                if not each["left_out"]
            ),
        )
        for name, entry in report["claims"].items()
    )
    return Table("Verdicts on these data", ("claim", "verdict"), rows, numbers=False)


def scope(report: dict) -> str:
    """With how many seeds, where the measures are from, and what was not tested."""
    waiting = [
        claim.identifier for claim in known_claims() if claim.identifier not in report["claims"]
    ]
    not_yet = f" Not measured with all seeds yet: {', '.join(waiting)}." if waiting else ""
    return (
        "Measured once, in hours of computing (`python run.py claims --preset full`). Every seed "
        "is kept in `docs/claims/trials`; the verdicts were judged anew from them for this page."
        f"{not_yet} Not tested: "
        + "; ".join(f"{place} ({why})" for place, why in report["not_tested"].items())
        + "."
    )


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
    caption = f"{effect.name} after training on {sizes['labelled']} labelled digits"
    table = Table(caption, ("measured", "difference", "seeds", "updates"), tuple(rows))
    return (
        Heading("One claim, measured on this machine", claim.places),
        Paragraph(
            f"{LIVE_CLAIM}: {claim.meaning} A small convolutional network learns from the same "
            "few labelled digits with and without augmentation, in as many updates. With so few "
            "updates the interval here is wide, and augmentation is understated: what is bent "
            "anew at each step takes longer to learn. `python run.py claims` measures all claims "
            "at this size."
        ),
        table,
    )
