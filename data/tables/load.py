"""`load_table`: every table that `--data` can name, in one form."""

import dataclasses
import os
from collections.abc import Sequence

import numpy as np

from data.kinds import TABLE, parse
from data.splits import stratified_draw
from data.tables.cleaning import clean_table
from data.tables.columns import Draft
from data.tables.csv_files import RawTable, read_csv
from data.tables.dataset import Column, Step, Table, TableDataset
from data.tables.splits import split_rows
from foundation.errors import InputError

__all__ = [
    "Column",
    "Comparison",
    "Step",
    "Table",
    "TableDataset",
    "cleaned",
    "load_beside",
    "load_table",
    "read_rows",
]

PARTS = ("train", "validation", "test")


@dataclasses.dataclass(frozen=True, eq=False)
class Comparison:
    """A real data set and a synthetic table that was read as its rows were.

    Args:
      dataset: the real rows.
      synthetic: the readable synthetic rows, with the columns of `dataset`.
      unreadable: how many synthetic rows hold what their column cannot.
      absent: real columns that the synthetic file does not have; left out on both sides.
    """

    dataset: TableDataset
    synthetic: Table
    unreadable: int
    absent: tuple[str, ...]


def load_table(data: str, target: str | None = None, features: int | None = None) -> TableDataset:
    """Load, split and clean a table; the same arguments give the same rows.

    Split first: every step after it is fitted to the training part alone (erratum E36).

    Args:
      data: what data/tables/sources names: breast_cancer or csv:PATH.
      target: the column to be predicted; None: "diagnosis" for breast_cancer, else there is none.
      features: keep that many of the most telling columns; None: all.

    Returns: a TableDataset whose `steps` say what cleaning did.
    Raises: InputError if the name, the place or the content is at fault.
    """
    raw, target, marks = read_rows(data, target)
    parts, split = split_rows(raw, target)
    return cleaned(data, raw, parts, target, features, (marks, split))


def read_rows(data: str, target: str | None = None) -> tuple[RawTable, str | None, Step]:
    """What `load_table` splits and cleans: for an experiment that has a split of its own.

    Returns: the rows that have a target value; the target; how many rows were dropped.
    Raises: InputError as `load_table`.
    """
    raw, target = _read(data, target)
    raw, marks = _with_target(raw, target)
    return raw, target, marks


def cleaned(
    name: str,
    raw: RawTable,
    parts: np.ndarray,
    target: str | None,
    features: int | None = None,
    steps: tuple[Step, ...] = (),
) -> TableDataset:
    """The data set of rows that were split; its cleaning is learnt from the training rows.

    Args:
      name: of the data set.
      raw, target: from `read_rows`.
      parts: "train", "validation" or "test" for each row; rows of another part are left out.
      features: as `load_table`.
      steps: what was done before.

    Raises: InputError as `clean_table`.
    """
    draft, done = clean_table(raw, parts, target, features)
    return TableDataset(name, **_cut(draft, parts), steps=(*steps, *done))


def load_beside(
    data: str,
    synthetic: str | os.PathLike,
    target: str | None = None,
    held_out: str | os.PathLike | None = None,
) -> Comparison:
    """Load real rows, and synthetic ones of any origin as if they were more of them.

    Args:
      data, target: as `load_table`.
      synthetic: a csv file with the columns of `data`, in any order; others are passed over.
      held_out: a csv file of real rows that the generator has not seen. Then all rows of `data` are
        training rows, and these validate and test, half and half. None: `data` is split as by
        `load_table`, whose training part is what a generator of this project has seen.

    Raises: InputError as `load_table`, if the target is missing in a file, or no synthetic row can
      be read.
    """
    raw, target = _read(data, target)
    made = read_csv(synthetic)
    absent = tuple(name for name in raw.header if name not in made.header)
    if target in absent or len(absent) > len(raw.header) - 2:
        raise InputError(
            f"{synthetic} has the columns {', '.join(made.header[:6])}",
            f"those of {data}: {', '.join(raw.header[:6])}",
            "give both files the same header",
        )
    header = tuple(name for name in raw.header if name in made.header)
    raw, made = _columns(raw, header), _columns(made, header)
    raw, marks = _with_target(raw, target)
    if held_out is None:
        parts, split = split_rows(raw, target)
    else:
        unseen, _ = _with_target(_columns(read_csv(held_out), header), target)
        parts, split = _given_parts(raw, unseen, target)
        raw = dataclasses.replace(raw, rows=raw.rows + unseen.rows)
    parts = np.concatenate([parts, np.full(len(made.rows), "synthetic", object)])
    together = dataclasses.replace(raw, rows=raw.rows + made.rows)
    draft, steps = clean_table(together, parts, target)
    is_made = parts == "synthetic"
    unreadable = is_made & (draft.unreadable.any(axis=1) | np.isnan(draft.values).any(axis=1))
    parts[unreadable] = "unreadable"
    tables = _cut(draft, parts, (*PARTS, "synthetic"))
    if len(tables["synthetic"]) == 0:
        raise InputError(
            f"{synthetic}: not one row can be read as one of {data}",
            "numbers and categories as there",
            "compare the two files",
        )
    synthetic_rows = tables.pop("synthetic")
    return Comparison(
        TableDataset(data, **tables, steps=(marks, split, *steps)),
        synthetic_rows,
        int(unreadable.sum()),
        absent,
    )


def _read(data: str, target: str | None) -> tuple[RawTable, str | None]:
    """The cells that DATA names, and the target.

    Raises: InputError if there are none, or the target is no column.
    """
    source, place = parse(data, TABLE)
    raw, default = source.load(place)
    target = target or default
    if target is not None and target not in raw.header:
        raise InputError(
            f"--target {target}", f"a column of {data}: {', '.join(raw.header)}", "choose one"
        )
    return raw, target


def _with_target(raw: RawTable, target: str | None) -> tuple[RawTable, Step]:
    """The rows that have a target value, and how many cells are missing in them."""
    rows = raw.rows
    if target is not None:
        place = raw.header.index(target)
        rows = [row for row in rows if row[place] is not None]
    dropped = len(raw.rows) - len(rows)
    told = f"{len(rows)} rows of {len(raw.header)} columns"
    counts = {f"rows without {target}, dropped": dropped} if dropped else {}
    told += f"; {dropped} rows without {target} dropped" if dropped else ""
    return dataclasses.replace(raw, rows=rows), Step("read", told, counts)


def _columns(raw: RawTable, header: tuple[str, ...]) -> RawTable:
    """Only the columns named, in that order."""
    missing = [name for name in header if name not in raw.header]
    if missing:
        raise InputError(
            f"{raw.path} has no column {missing[0]}", "all columns of the real file", "add it"
        )
    places = [raw.header.index(name) for name in header]
    rows = [tuple(row[place] for place in places) for row in raw.rows]
    return dataclasses.replace(raw, header=header, rows=rows)


def _given_parts(raw: RawTable, unseen: RawTable, target: str | None) -> tuple[np.ndarray, Step]:
    """All of `raw` trains; half of `unseen` validates and half tests, drawn by class."""
    labels = np.zeros(len(unseen.rows), np.int64)
    if target is not None:
        cells = [row[unseen.header.index(target)] for row in unseen.rows]
        labels = np.unique(cells, return_inverse=True)[1]
    held_out = np.full(len(unseen.rows), "validation", object)
    held_out[stratified_draw(labels, len(unseen.rows) // 2)] = "test"
    parts = np.concatenate([np.full(len(raw.rows), "train", object), held_out])
    told = f"{len(raw.rows)} rows train; of {len(unseen.rows)} held-out rows half test"
    return parts, Step("split", told)


def _cut(draft: Draft, parts: np.ndarray, names: Sequence[str] = PARTS) -> dict[str, Table]:
    """The table of each part named; rows whose target could not be read are left out."""
    readable = ~np.isnan(draft.values).any(axis=1)
    return {
        part: Table(draft.columns, draft.values[(parts == part) & readable], draft.target)
        for part in names
    }
