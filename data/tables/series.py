"""`load_series`: a csv file whose rows are moments in time, one after the other."""

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from data.tables.dataset import Column, Step, Table, hash_of
from foundation.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from data.tables.columns import Reading
    from data.tables.schema.columns import Schema

SMALLEST_SERIES = 30  # rows: fewer leave parts of one or two
TRAINING, VALIDATION = 0.8, 0.1  # shares of the rows; the others test
GAP = 1.5  # usual steps; two rows that are further apart have a gap between them
MOST_TOLD = 3  # gaps


@dataclasses.dataclass(frozen=True, eq=False)
class SeriesDataset:
    """A series over time, cut in three: the future is held out, not drawn at random.

    Args:
      name: what the user asked for.
      columns: numbers, and categories by their position.
      train, validation, test: float64 (steps, columns), in the units of the file: the first 80 % of
        the rows, the next 10 % and the last 10 %.
      schema: how the cells of the file became these numbers, and become cells again.
      steps: what was done.
    """

    name: str
    columns: tuple[Column, ...]
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    schema: "Schema | None" = None
    steps: tuple[Step, ...] = ()

    @functools.cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of all values and names: the same data, the same hash."""
        names = tuple(column.name for column in self.columns)
        return hash_of(names, (self.train, self.validation, self.test))

    def table(self, steps: np.ndarray) -> Table:
        """Steps, float64 (count, columns), as rows of a table."""
        return Table(self.columns, steps)


def load_series(path: str, reading: "Reading | None" = None) -> SeriesDataset:
    """Read a csv file in the order of its rows.

    The first column of dates that rises from row to row is the time: its gaps are told, and what is
    drawn goes on behind it. Ids and text are left out, and told.

    Raises: InputError if the file is at fault, too short, has no column that varies, or lacks a
      value in one: a gap in time cannot be left out, and filling it is a choice to be made.
    """
    # pandas: other data that name SeriesDataset need it not
    from data.tables.cleaning import spanned, types_step
    from data.tables.columns import Reading, raw_csv
    from data.tables.schema.columns import Schema

    raw = raw_csv(path, reading or Reading())
    cells, rows = raw.cells, len(raw.cells)
    if rows < SMALLEST_SERIES:
        fault = f"{path} with {rows} rows"
        raise InputError(fault, f"at least {SMALLEST_SERIES}", "give a longer one")
    train = np.arange(rows) < round(rows * TRAINING)
    schema, time = _timed(Schema.learn(raw, train, gaps=False), cells)
    table, unreadable = schema.read(cells)
    read = Step("read", f"{rows} rows of {len(cells.columns)} columns")
    if not table.columns:
        fault = f"{path} without a column of numbers or categories that varies"
        raise InputError(fault, "at least one", "add it")
    lost = np.argwhere(np.isnan(table.values))
    if len(lost):
        row, name = lost[0][0], table.names[lost[0][1]]
        cell = cells.fillna("").loc[row, name]
        raise InputError(
            f"{path}, row {row + 1} below the header: column {name!r} has "
            f"{repr(cell) if cell else 'nothing'} ({len(lost)} such cells)",
            "a value in every row, and of a category one that the first 80 % of the rows have",
            "fill the gaps, delete the column, or say in --schema FILE that it is text",
        )
    pairs = zip(table.columns, table.values.T, strict=True)
    columns = tuple(spanned(column, values[train]) for column, values in pairs)
    borders = [round(rows * share) for share in (TRAINING, TRAINING + VALIDATION)]
    parts, steps = np.split(table.values, borders), (read, types_step(schema, unreadable), time)
    return SeriesDataset(raw.name, columns, *parts, schema, steps)


def _timed(schema: "Schema", cells: "pd.DataFrame") -> tuple["Schema", Step]:
    """The schema with the first column of rising dates as the time; what its gaps are."""
    from data.tables.schema.dates import TimeCodec

    dates = [field for field in schema.fields if field.codec.kind == "date"]
    for field in dates:
        times, shown = field.read(cells[field.name])[0], cells[field.name]
        if not (np.diff(times) > 0).all():
            continue
        usual = float(np.median(np.diff(times)))
        codec = TimeCodec(**dataclasses.asdict(field.codec), last=float(times[-1]), step=usual)
        timed = dataclasses.replace(field, codec=codec)
        fields = tuple(timed if each is field else each for each in schema.fields)
        leaps = np.flatnonzero(np.diff(times) > GAP * usual)
        where = ", ".join(f"after {shown[row]}" for row in leaps[:MOST_TOLD])
        told = f"{field.name}, from {shown.iloc[0]} to {shown.iloc[-1]}"
        told += f"; {len(leaps)} gaps, passed over as if they were none: {where}" if where else ""
        counts = {"gaps": len(leaps)} if where else {}
        return dataclasses.replace(schema, fields=fields), Step("time", told, counts)
    told = "no date rises from row to row: " if dates else "no dates: "
    return schema, Step(
        "time", told + "the order of the rows", {"dates": len(dates)} if dates else {}
    )
