"""Which rows of a table train, validate and test: drawn by class, equal rows never parted."""

from collections.abc import Sequence

import numpy as np

from data.splits import stratified_draw
from data.tables.csv_files import RawTable, number
from data.tables.dataset import Step
from foundation.errors import InputError

HELD_OUT_SHARE = 0.2  # each; tables are small, and a tenth of 500 rows measures little
MOST_CLASSES = 20  # more different numbers in the target are no classes
SMALLEST_TABLE = 20  # rows
MINIMUM_PER_CLASS = 3  # one for each part
COARSE_SHARE = 0.1  # of rows that equal another one; above it they meet by chance
NUMERIC_STRATA = 5  # stretches of equal count, for a target of numbers


def split_rows(
    raw: RawTable, target: str | None, stream: Sequence[int] | None = None
) -> tuple[np.ndarray, Step]:
    """Draw 60/20/20, the same on every run; every class keeps its share.

    Rows that equal each other stay in one part, or what was learnt by heart would pass for known.
    Where more than a tenth of the rows have such a double the table is coarse (few columns, few
    values): different people then look the same, and their rows are drawn one by one.

    Args:
      raw: rows that all have a target value, if there is a target.
      target: name of the target column, or None.
      stream: of the draw; see `stratified_draw`.

    Returns: "train", "validation" or "test" for each row, shape (rows,); what was done.
    Raises: InputError for fewer than 20 rows, or a class with fewer than 3 different rows.
    """
    if len(raw.rows) < SMALLEST_TABLE:
        raise InputError(
            f"{raw.path} has {len(raw.rows)} rows", f"at least {SMALLEST_TABLE}", "add rows"
        )
    groups = _groups_of_equal_rows(raw)
    doubles = len(raw.rows) - groups.max() - 1
    coarse = np.count_nonzero(np.bincount(groups)[groups] > 1) > COARSE_SHARE * len(raw.rows)
    if coarse:
        groups = np.arange(len(raw.rows))
    first_rows = np.unique(groups, return_index=True)[1]  # one row stands for each group
    strata, classes = _strata(raw, target)
    strata = strata[first_rows]
    for label, count in enumerate(np.bincount(strata)):
        if classes and count < MINIMUM_PER_CLASS:
            raise InputError(
                f"{raw.path}: class {classes[label]!r} of {target} has {count} different rows",
                f"at least {MINIMUM_PER_CLASS}",
                "add rows of this class or remove it",
            )
    part_of_group = np.full(len(first_rows), "train", object)
    count = round(HELD_OUT_SHARE * len(first_rows))
    for part in ("test", "validation"):
        left = np.flatnonzero(part_of_group == "train")
        part_of_group[left[stratified_draw(strata[left], count, stream)]] = part
    parts = part_of_group[groups]
    sizes = [np.count_nonzero(parts == part) for part in ("train", "validation", "test")]
    how = "drawn by class" if classes else "drawn"
    told = "{} rows train, {} validate, {} test, {}".format(*sizes, how)
    if doubles:
        told += f"; {doubles} rows repeat another, "
        told += "too many to be copies: drawn one by one" if coarse else "kept in the same part"
    return parts, Step("split", told, {"repeated rows": int(doubles)} if doubles else {})


def _groups_of_equal_rows(raw: RawTable) -> np.ndarray:
    """A number for each row, int64 (rows,): equal numbers for equal rows, in order of appearance.

    Columns in which no value comes twice and none is a fraction are left out of the comparison:
    these are names and numbers of rows, which make every row different.
    """
    columns = list(zip(*raw.rows, strict=True))
    compared = [
        column
        for column in columns
        if len(set(column)) < len(column) or any(map(_is_fraction, column))
    ]
    seen: dict[tuple, int] = {}
    rows = zip(*compared, strict=True) if compared else raw.rows
    return np.array([seen.setdefault(row, len(seen)) for row in rows])


def _strata(raw: RawTable, target: str | None) -> tuple[np.ndarray, list[str]]:
    """What the draw keeps the shares of, int64 (rows,), and the names of classes if these are."""
    if target is None:
        return np.zeros(len(raw.rows), np.int64), []
    cells = [row[raw.header.index(target)] for row in raw.rows]
    names, codes = np.unique(cells, return_inverse=True)
    if len(names) <= MOST_CLASSES:
        return codes, names.tolist()
    numbers = [number(cell) for cell in cells]
    if None in numbers:
        raise InputError(
            f"{raw.path}: target {target} has {len(names)} different values",
            f"at most {MOST_CLASSES} classes, or numbers",
            "choose another --target",
        )
    order = np.argsort(numbers, kind="stable")
    strata = np.empty(len(cells), np.int64)
    strata[order] = np.arange(len(cells)) * NUMERIC_STRATA // len(cells)
    return strata, []


def _is_fraction(cell: str | None) -> bool:
    value = None if cell is None else number(cell)
    return value is not None and value != int(value)
