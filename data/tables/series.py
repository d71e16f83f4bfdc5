"""`load_series`: a csv file whose rows are moments in time, one after the other."""

import dataclasses
import functools

import numpy as np

from data.tables.dataset import hash_of
from foundation.errors import InputError

SMALLEST_SERIES = 30  # rows: fewer leave parts of one or two
TRAINING, VALIDATION = 0.8, 0.1  # shares of the rows; the others test


@dataclasses.dataclass(frozen=True, eq=False)
class SeriesDataset:
    """A series of numbers over time, cut in three: the future is held out, not drawn at random.

    Args:
      name: what the user asked for.
      columns: their names.
      train, validation, test: float64 (steps, columns), in the units of the file: the first 80 % of
        the rows, the next 10 % and the last 10 %.
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
        return hash_of(self.columns, (self.train, self.validation, self.test))


def load_series(path: str) -> SeriesDataset:
    """Read the columns of numbers of a csv file, in the order of its rows.

    A column in which not one cell is a number (dates, names) is left out, and `left_out` names it.

    Raises: InputError if the file is at fault, too short, has no column of numbers, or lacks a
      number in one: a gap in time cannot be left out, and filling it is a choice to be made.
    """
    from data.tables.columns import number  # pandas: other data that name SeriesDataset need it not
    from data.tables.csv_files import read_csv

    cells = read_csv(path)
    if len(cells) < SMALLEST_SERIES:
        fault = f"{path} with {len(cells)} rows"
        raise InputError(fault, f"at least {SMALLEST_SERIES}", "give a longer one")
    numbers = cells.map(number).dropna(axis="columns", how="all")
    if numbers.empty:
        raise InputError(f"{path} without a column of numbers", "at least one", "add it")
    gaps = np.argwhere(numbers.isna())
    if len(gaps):
        row, name = gaps[0][0], numbers.columns[gaps[0][1]]
        cell = cells.fillna("").loc[row, name]
        raise InputError(
            f"{path}, row {row + 1} below the header: column {name!r} has "
            f"{repr(cell) if cell else 'nothing'} ({len(gaps)} such cells)",
            "a number in every row of a column of numbers",
            "fill the gaps, or delete the column",
        )
    values = numbers.to_numpy(np.float64)
    borders = [round(len(values) * share) for share in (TRAINING, TRAINING + VALIDATION)]
    left_out = tuple(name for name in cells if name not in numbers)
    return SeriesDataset(f"csv:{path}", tuple(numbers), *np.split(values, borders), left_out)
