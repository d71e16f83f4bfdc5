"""The chapter's errors on one page, each with the command that shows it."""

from pathlib import Path

from chapter.errata.entry import ERRATA
from chapter.page.config import ChapterSettings
from chapter.page.section import Paragraph, Section, Table, TableRow
from chapter.page.words import Words

SAY = Words("errata")
TITLE = SAY("title")


def errata_part(out: Path, settings: ChapterSettings) -> Section:
    """A table of the registry; it computes nothing and writes nothing."""
    rows = tuple(
        TableRow(
            f"{erratum.number}: {erratum.title}",
            (f"`python run.py errata --only {erratum.number}`",),
            f"Chapter {erratum.place}",
        )
        for erratum in ERRATA
    )
    table = Table(SAY("caption"), ("What is wrong", "See it"), rows, numbers=False)
    return Section(TITLE, (), (Paragraph(SAY("lead")), table), metrics={"count": len(rows)})
