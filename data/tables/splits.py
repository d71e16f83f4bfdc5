"""Which rows of a table train, validate and test: drawn by class, equal rows never parted."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.splits import MINIMUM_PER_CLASS, stratified_draw
from data.tables.columns import RawTable
from data.tables.dataset import Step
from data.tables.schema.kinds import MOST_CLASSES, Declared, Place, learn_codec
from data.tables.schema.numbers import number
from foundation.errors import InputError

HELD_OUT_SHARE = 0.2  # each; tables are small, and a tenth of 500 rows measures little
SMALLEST_TABLE = 20  # rows
AMOUNTS = ("integer", "number", "date")  # kinds of a target that has no classes
COARSE_SHARE = 0.1  # of rows that equal another one; above it they meet by chance
NUMERIC_STRATA = 5  # stretches of equal count, for a target of numbers


def split_rows(raw: RawTable, stream: Sequence[int] | None = None) -> tuple[np.ndarray, Step]:
    """Draw 60/20/20, the same on every run (or by a `stream`, as `stratified_draw`), by class.

    Rows that equal each other stay in one part, or what was learnt by heart would pass for known.
    Where more than a tenth of the rows have such a double the table is coarse (few columns, few
    values): different people then look the same, and their rows are drawn one by one.

    Returns: "train", "validation" or "test" for each row, shape (rows,); what was done.
    Raises: InputError for fewer than 20 rows, or a class with fewer than 3 different rows.
    """
    if len(raw.cells) < SMALLEST_TABLE:
        fault = f"{raw.name} has {len(raw.cells)} rows"
        raise InputError(fault, f"at least {SMALLEST_TABLE}", "add rows")
    groups = _groups_of_equal_rows(raw.cells)
    doubles = len(groups) - groups.max() - 1
    coarse = (np.bincount(groups)[groups] > 1).mean() > COARSE_SHARE
    if coarse:
        groups = np.arange(len(groups))
    first_rows = np.unique(groups, return_index=True)[1]  # one row stands for each group
    strata, classes = _strata(raw)
    strata = strata[first_rows]
    for label, count in zip(classes, np.bincount(strata), strict=False):
        if count < MINIMUM_PER_CLASS:
            raise InputError(
                f"{raw.name}: class {label!r} of {raw.target} has {count} different rows",
                f"at least {MINIMUM_PER_CLASS}",
                "add rows of this class or remove it",
            )
    part_of_group = np.full(len(first_rows), "train", object)
    count = round(HELD_OUT_SHARE * len(first_rows))
    for part in ("test", "validation"):
        left = np.flatnonzero(part_of_group == "train")
        part_of_group[left[stratified_draw(strata[left], count, stream)]] = part
    parts = part_of_group[groups]
    sizes = {part: np.count_nonzero(parts == part) for part in ("train", "validation", "test")}
    told = "{train} rows train, {validation} validate, {test} test, drawn".format(**sizes)
    told += " by class" if classes else ""
    if doubles:
        told += f"; {doubles} rows repeat another, "
        told += "too many to be copies: drawn one by one" if coarse else "kept in the same part"
    return parts, Step("split", told, {"repeated rows": int(doubles)} if doubles else {})


def _groups_of_equal_rows(cells: pd.DataFrame) -> np.ndarray:
    """A number for each row, int64 (rows,): equal numbers for equal rows, in order of appearance.

    Columns in which no value comes twice and none is a fraction are left out of the comparison:
    these are names and numbers of rows, which make every row different.
    """
    compared = [
        name
        for name, column in cells.items()
        if column.duplicated().any() or (column.map(number) % 1 > 0).any()
    ]
    rows = cells.groupby(compared or list(cells), sort=False, dropna=False)
    return rows.ngroup().to_numpy()


def _strata(raw: RawTable) -> tuple[np.ndarray, list[str]]:
    """What the draw keeps the shares of, int64 (rows,), and the names of classes if these are."""
    if raw.target is None:
        return np.zeros(len(raw.cells), np.int64), []
    cells, declared = raw.cells[raw.target], raw.declared.get(raw.target, Declared())
    codes, names = pd.factorize(cells, sort=True)
    if len(names) <= MOST_CLASSES and declared.kind not in AMOUNTS:
        return codes, names.tolist()
    place = Place(raw.target, cells.tolist(), lambda: raw.decimal, raw.delimiter, is_target=True)
    codec = learn_codec(cells.value_counts().to_dict(), place, declared)
    numbers = pd.Series(codec.read(cells.tolist()) if codec.measured else np.nan)
    if numbers.isna().any():
        raise InputError(
            f"{raw.name}: target {raw.target} has {len(names)} different values",
            f"at most {MOST_CLASSES} classes, or numbers",
            "choose another --target",
        )
    ranks = numbers.rank(method="first").to_numpy(np.int64) - 1
    return ranks * NUMERIC_STRATA // len(ranks), []
