"""What the columns of a table of text hold: numbers or categories, as the training rows have it."""

import dataclasses
from collections.abc import Iterable

import numpy as np

from data.tables.csv_files import RawTable, decimals, number, written
from data.tables.dataset import Column, Step
from data.tables.splits import MOST_CLASSES

MISSING = "(missing)"  # the category that stands for no known one, also in synthetic tables
MOST_NUMBERS = 0.95  # share of the cells; a few that are none are faults, not categories


@dataclasses.dataclass(frozen=True, eq=False)
class Draft:
    """A table while it is being cleaned.

    Args:
      columns, values, target: as in Table; what is missing is NaN.
      train: bool (rows,), the rows that steps learn from.
      unreadable: bool (rows, columns), cells that hold something the column cannot.
    """

    columns: tuple[Column, ...]
    values: np.ndarray
    target: str | None
    train: np.ndarray
    unreadable: np.ndarray

    def keep(self, kept: Iterable[int]) -> "Draft":
        """Only the columns at these places."""
        kept = list(kept)
        return dataclasses.replace(
            self,
            columns=tuple(self.columns[index] for index in kept),
            values=self.values[:, kept],
            unreadable=self.unreadable[:, kept],
        )

    def features(self) -> Iterable[tuple[int, Column, np.ndarray]]:
        """(place, column, values of the training rows) of every column but the target."""
        for index, column in enumerate(self.columns):
            if column.name != self.target:
                yield index, column, self.values[self.train, index]


def read_columns(raw: RawTable, train: np.ndarray, target: str | None) -> tuple[Draft, Step]:
    """Which columns hold numbers and which categories, by their training cells.

    A column is one of numbers if nearly all of its training cells are, unless it has only two
    different ones, or is a target with at most 20. What then is no number, and a held-out category
    never seen in training, is unreadable and counts as missing.
    """
    columns, values, unreadable, counts = [], [], [], {}
    for name, cells in zip(raw.header, zip(*raw.rows, strict=True), strict=True):
        seen = [cell for cell, learnt in zip(cells, train, strict=True) if learnt and cell]
        numbers = [value for value in map(number, seen) if value is not None]
        most = len(numbers) >= (1.0 if name == target else MOST_NUMBERS) * len(seen)
        few = len(set(numbers)) <= (MOST_CLASSES if name == target else 2)
        if most and (not few or not seen):
            written_as = [cell for cell in seen if number(cell) is not None]
            column = Column(name, decimals=max(map(decimals, written_as), default=0))
            found = [None if cell is None else number(cell) for cell in cells]
        else:
            if len(numbers) == len(seen):  # "0" and "0.0" are one category
                cells = [_written_alike(cell) for cell in cells]
            different = {cell for cell, learnt in zip(cells, train, strict=True) if learnt and cell}
            column = Column(name, tuple(sorted(different, key=_by_size)))
            codes = {category: code for code, category in enumerate(column.categories)}
            found = [codes.get(cell) for cell in cells]
        columns.append(column)
        values.append([np.nan if value is None else value for value in found])
        unreadable.append(
            [
                value is None and cell not in (None, MISSING)
                for cell, value in zip(cells, found, strict=True)
            ]
        )
        if any(unreadable[-1]):
            counts[name] = sum(unreadable[-1])
    numeric = sum(column.is_numeric for column in columns)
    told = f"{numeric} columns of numbers, {len(columns) - numeric} of categories"
    told = with_counts(told + (", cells that cannot be read" if counts else ""), counts)
    values = np.array(values, np.float64).T  # (rows, columns)
    draft = Draft(tuple(columns), values, target, train, np.array(unreadable).T)
    return draft, Step("types", told, counts)


def with_counts(words: str, counts: dict[str, int]) -> str:
    """The words, and behind a colon what was touched how often."""
    return ": ".join([words, ", ".join(f"{name} ({n})" for name, n in counts.items())]).rstrip(": ")


def _by_size(name: str) -> tuple[bool, float, str]:
    """Sorts numbers by size, then texts by letter."""
    value = number(name)
    return (value is None, value or 0.0, name)


def _written_alike(cell: str | None) -> str | None:
    value = None if cell is None else number(cell)
    return cell if value is None else written(value)
