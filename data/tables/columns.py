"""What the columns of a table of text hold: numbers or categories, as the training rows have it."""

import dataclasses
import math
from decimal import Decimal

import numpy as np
import pandas as pd

from data.tables.dataset import Column, Step, Table, written

MOST_NUMBERS = 0.95  # share of the cells; a few that are none are faults, not categories
MOST_CLASSES = 20  # more different numbers in the target are no classes


@dataclasses.dataclass(frozen=True, eq=False)
class RawTable:
    """A table as text.

    Args:
      name: what the user asked for, such as "csv:patients.csv".
      cells: a column of text for each of the header; NaN: missing, in the target in no row.
      target: name of the column to be predicted, or None.
    """

    name: str
    cells: pd.DataFrame
    target: str | None = None


@dataclasses.dataclass(eq=False)
class Draft:
    """A table while it is being cleaned: the steps change it.

    Args:
      frame: a column of float64 for numbers, of categories for the others; NaN: missing.
      train: bool (rows,), the rows that steps learn from.
      target: name of the column to be predicted, or None.
      decimals: of each column of numbers, the digits after the point that training cells have.
      unreadable: bool, shape of the cells: what the column of a cell cannot hold.
    """

    frame: pd.DataFrame
    train: np.ndarray
    target: str | None
    decimals: dict[str, int]
    unreadable: pd.DataFrame

    def learnt(self) -> pd.DataFrame:
        """What steps learn from: the training rows, without the target."""
        return self.frame[self.train].drop(columns=self.target or [])

    def table(self) -> Table:
        """All rows as models read them; NaN: missing."""
        columns, values = [], []
        for name, cells in self.frame.items():
            if name in self.decimals:
                span = float(cells[self.train].min()), float(cells[self.train].max())
                columns.append(Column(name, decimals=self.decimals[name], span=span))
                values.append(cells)
            else:
                columns.append(Column(name, tuple(cells.cat.categories)))
                values.append(cells.cat.codes.replace(-1, np.nan))
        return Table(tuple(columns), np.column_stack(values).astype(np.float64), self.target)


def read_columns(raw: RawTable, train: np.ndarray) -> tuple[Draft, Step]:
    """Which columns hold numbers and which categories, by their training cells.

    A column is one of numbers if nearly all of its training cells are, unless it has only two
    different ones, or is a target with at most 20. What then is no number, and a held-out category
    never seen in training, is unreadable and counts as missing.
    """
    read, decimals = {}, {}
    for name, cells in raw.cells.items():
        most_numbers, few = (1.0, MOST_CLASSES) if name == raw.target else (MOST_NUMBERS, 2)
        numbers = cells.map(number)
        seen, seen_numbers = cells[train].dropna(), numbers[train].dropna()
        most = len(seen_numbers) >= most_numbers * len(seen)
        if most and (seen_numbers.nunique() > few or seen.empty):
            read[name] = numbers
            decimals[name] = max(map(digits_after_point, seen[seen_numbers.index]), default=0)
            continue
        if len(seen_numbers) == len(seen):  # "0" and "0.0" are one category
            cells = cells.where(numbers.isna(), numbers.map(written, na_action="ignore"))
        known = cells[train].dropna().unique()
        known = sorted(known, key=lambda cell: (np.nan_to_num(number(cell), nan=np.inf), cell))
        read[name] = cells.where(cells.isin(known)).astype(pd.CategoricalDtype(known))
    frame = pd.DataFrame(read)
    unreadable = raw.cells.notna() & frame.isna()
    counts = unreadable.sum()[unreadable.any()].to_dict()
    told = f"{len(decimals)} columns of numbers, {len(read) - len(decimals)} of categories"
    step = Step.counted("types", f"{told}, cells that cannot be read", counts, told)
    return Draft(frame, train, raw.target, decimals, unreadable), step


def number(cell: str | float) -> float:
    """The finite number that a cell is, or NaN: of "1,234" and "12 kg", and of no cell."""
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) and "_" not in cell else math.nan


def digits_after_point(cell: str) -> int:
    """Digits after the point of a number as it is written: 2 of "0.10", 3 of "1.5e-2"."""
    return max(0, -Decimal(cell).as_tuple().exponent)
