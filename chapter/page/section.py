"""What a part of the report hands over: prose, pictures, charts and tables, without any HTML.

A text may mark code with backticks; everything else in it is shown as it stands.
"""

import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Heading:
    """Begins a subsection; `covers` names the chapter's sections, such as ("3.2.1", "5.1.2")."""

    text: str
    covers: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Paragraph:
    """A few sentences."""

    text: str


@dataclasses.dataclass(frozen=True)
class Picture:
    """An image file, which the page embeds.

    Args:
      path: PNG or GIF.
      alt: what it shows, for those who cannot see it.
      caption: what to look at.
      still: for an animation, the picture for readers who asked their system for less motion.
    """

    path: Path
    alt: str
    caption: str
    still: Path | None = None


@dataclasses.dataclass(frozen=True)
class Chart:
    """Curves over epochs, drawn in the colours of the page.

    Args:
      title: above the curves; with `caption`, all that a reader who cannot see them gets.
      epochs: the horizontal axis, ascending.
      curves: legend -> one value an epoch; at most four curves.
      y_range: lowest and highest value of the vertical axis, so that charts can share one.
      levels: legend -> a horizontal dotted line.
      caption: how to read it.
    """

    title: str
    epochs: tuple[int, ...]
    curves: dict[str, tuple[float, ...]]
    y_range: tuple[float, float]
    caption: str
    levels: dict[str, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Excerpt:
    """Text as it was written, line by line: a model's or a human's."""

    text: str
    caption: str


@dataclasses.dataclass(frozen=True)
class SideBySide:
    """Pictures, charts or excerpts next to each other where the screen is wide enough."""

    figures: tuple[Picture | Chart | Excerpt, ...]


@dataclasses.dataclass(frozen=True)
class TableRow:
    """One row: its name, a note in small print below the name, and the other cells as text."""

    name: str
    cells: tuple[str, ...]
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Table:
    """A table; cells stand to the right, as numbers do, unless `numbers` is False.

    Args:
      caption: what the table holds.
      columns: headings, the one of the row names first.
      rows: one cell fewer each than there are headings.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    numbers: bool = True

    def __post_init__(self):
        for row in self.rows:
            if len(row.cells) != len(self.columns) - 1:
                raise ValueError(
                    f"row {row.name!r} has {len(row.cells)} cells; {len(self.columns) - 1} are "
                    "expected; give every column but the first one cell"
                )


Block = Heading | Paragraph | Picture | Chart | Excerpt | SideBySide | Table


@dataclasses.dataclass(frozen=True)
class Section:
    """One part of the report.

    Args:
      title: its heading.
      covers: the chapter's sections that it runs.
      blocks: its content, in order.
      first_look: what of it belongs on the first screen of the page.
      data: name of each data set it used -> SHA-256, for the footer.
      metrics: its figures as JSON values, for the result of the command.
    """

    title: str
    covers: tuple[str, ...]
    blocks: tuple[Block, ...]
    first_look: tuple[Block, ...] = ()
    data: dict[str, str] = dataclasses.field(default_factory=dict)
    metrics: dict = dataclasses.field(default_factory=dict)
