"""`load_series`: a csv file whose rows are moments in time, one after the other."""

import dataclasses
import functools
import hashlib

import numpy as np

from data.tables.csv_files import RawTable, number, read_csv
from foundation.errors import InputError

SMALLEST_SERIES = 30  # rows: fewer leave parts of one or two
VALIDATION_SHARE = TEST_SHARE = 0.1


@dataclasses.dataclass(frozen=True, eq=False)
class SeriesDataset:
    """A series of numbers over time, cut in three: the future is held out, not drawn at random.

    Args:
      name: what the user asked for.
      columns: names of the columns.
      train, validation, test: float64 (steps, columns), in the units of the file; the first 80 % of
        the rows, the next 10 % and the last 10 %.
      left_out: columns that hold no numbers, such as dates.
    """

    name: str
    columns: tuple[str, ...]
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    left_out: tuple[str, ...] = ()

    @functools.cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of all values and names: the same data, the same hash."""
        digest = hashlib.sha256(repr(self.columns).encode())
        for part in (self.train, self.validation, self.test):
            digest.update(repr(part.shape).encode())
            digest.update(np.ascontiguousarray(part.astype("<f8")).tobytes())
        return digest.hexdigest()


def load_series(path: str) -> SeriesDataset:
    """Read the columns of numbers of a csv file, in the order of its rows.

    A column in which not one cell is a number (dates, names) is left out, and told so.

    Raises: InputError if the file is at fault, too short, has no column of numbers, or lacks a
      number in one: a gap in time cannot be left out, and filling it is a choice to be made.
    """
    raw = read_csv(path)
    if len(raw.rows) < SMALLEST_SERIES:
        raise InputError(
            f"{path} with {len(raw.rows)} rows", f"at least {SMALLEST_SERIES}", "give a longer one"
        )
    numbers = np.array([[np.nan if c is None else _value(c) for c in row] for row in raw.rows])
    kept = np.flatnonzero(~np.isnan(numbers).all(axis=0))
    if not len(kept):
        raise InputError(f"{path} without a column of numbers", "at least one", "add it")
    _check_gaps(raw, numbers, kept)
    values = numbers[:, kept]
    validation = round(len(values) * (1 - VALIDATION_SHARE - TEST_SHARE))
    test = round(len(values) * (1 - TEST_SHARE))
    return SeriesDataset(
        f"csv:{path}",
        tuple(raw.header[index] for index in kept),
        values[:validation],
        values[validation:test],
        values[test:],
        tuple(name for index, name in enumerate(raw.header) if index not in kept),
    )


def _value(cell: str) -> float:
    found = number(cell)
    return np.nan if found is None else found


def _check_gaps(raw: RawTable, numbers: np.ndarray, kept: np.ndarray) -> None:
    gaps = np.argwhere(np.isnan(numbers[:, kept]))
    if len(gaps):
        row, column = gaps[0][0], kept[gaps[0][1]]
        cell = raw.rows[row][column]
        raise InputError(
            f"{raw.path}, row {row + 1} below the header: column {raw.header[column]!r} has "
            f"{'nothing' if cell is None else repr(cell)} ({len(gaps)} such cells)",
            "a number in every row of a column of numbers",
            "fill the gaps, or delete the column",
        )
