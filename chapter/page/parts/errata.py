"""The chapter's errors on one page, each with the command that shows it."""

from pathlib import Path

from chapter.errata.entry import ERRATA
from chapter.page.config import ChapterSettings
from chapter.page.section import Paragraph, Section, Table, TableRow

TITLE = "Where the chapter errs"


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
    return Section(
        title=TITLE,
        covers=(),
        blocks=(
            Paragraph(
                "Neither the formula nor the listings can be taken over as printed. Each erratum "
                "below has a number, which the code and `docs/errata.md` use too. Its command "
                "takes seconds and measures the defect beside its cure, or says what is right "
                "where it is a matter of words. `python run.py errata` shows them all."
            ),
            Table("The errata", ("What is wrong", "See it"), rows, numbers=False),
        ),
        metrics={"count": len(rows)},
    )
