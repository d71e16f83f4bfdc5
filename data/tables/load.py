"""`load_table`: every table that `--data` can name, in one form."""

import dataclasses
import os

import numpy as np
import pandas as pd

from data.kinds import TABLE, parse
from data.splits import stratified_draw
from data.tables.cleaning import clean_table
from data.tables.columns import Draft, RawTable
from data.tables.csv_files import read_csv
from data.tables.dataset import Step, Table, TableDataset
from data.tables.splits import split_rows
from foundation.errors import InputError


@dataclasses.dataclass(frozen=True, eq=False)
class Comparison:
    """A real data set and synthetic rows that were read as its own.

    Args:
      dataset, synthetic: with the same columns.
      unreadable: how many synthetic rows hold what their column cannot, and were left out.
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

    Raises: InputError if the name, the place or the content is at fault.
    """
    raw, read = read_rows(data, target)
    parts, split = split_rows(raw)
    return cleaned(raw, parts, features, (read, split))


def read_rows(data: str, target: str | None = None) -> tuple[RawTable, Step]:
    """What `load_table` splits and cleans: for an experiment that has a split of its own.

    Returns: the rows that have a target value; how many rows have none.
    """
    source, place = parse(data, TABLE)
    cells, default = source.load(place)
    target = target or default
    if target is not None and target not in cells:
        names = ", ".join(cells)
        raise InputError(f"--target {target}", f"a column of {data}: {names}", "choose one")
    known = cells.dropna(subset=[] if target is None else [target], ignore_index=True)
    told, dropped = f"{len(known)} rows of {len(known.columns)} columns", len(cells) - len(known)
    counts = {f"rows without {target}, dropped": dropped} if dropped else {}
    return RawTable(data, known, target), Step.counted("read", told, counts, told)


def cleaned(
    raw: RawTable, parts: np.ndarray, features: int | None = None, steps: tuple[Step, ...] = ()
) -> TableDataset:
    """The data set of rows that were split; its cleaning is learnt from the training rows.

    Args:
      raw: from `read_rows`.
      parts: "train", "validation" or "test" for each row; rows of another part are left out.
      features, steps: how many columns to keep, as `load_table`; what was done before.
    """
    draft, done = clean_table(raw, parts, features)
    return _dataset(raw.name, draft, parts, (*steps, *done))


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
    raw, read = read_rows(data, target)
    made = read_csv(synthetic)
    names = [name for name in raw.cells if name in made]
    absent = tuple(name for name in raw.cells if name not in made)
    if raw.target in absent or len(names) < 2:
        raise InputError(
            f"{synthetic} has the columns {', '.join(made.columns[:6])}",
            f"those of {data}: {', '.join(raw.cells.columns[:6])}",
            "give both files the same header",
        )
    real = [raw.cells[names]]
    if held_out is None:
        parts, split = split_rows(dataclasses.replace(raw, cells=real[0]))
    else:
        unseen, dropped = _held_out(held_out, names, raw.target)
        real.append(unseen)
        parts, split = _given_parts(*real, raw.target, dropped)
    parts = np.concatenate([parts, np.full(len(made), "synthetic", object)])
    together = pd.concat([*real, made[names]], ignore_index=True)
    draft, steps = clean_table(dataclasses.replace(raw, cells=together), parts)
    wrong = draft.unreadable[draft.frame.columns] | draft.frame.isna()
    is_made, is_wrong = parts == "synthetic", wrong.any(axis=1).to_numpy()
    if is_wrong[is_made].all():
        raise InputError(
            f"{synthetic}: not one row can be read as one of {data}",
            "numbers and categories as there",
            "compare the two files",
        )
    dataset = _dataset(data, draft, parts, (read, split, *steps))
    readable = draft.table().take(is_made & ~is_wrong)
    return Comparison(dataset, readable, int(is_wrong[is_made].sum()), absent)


def _held_out(
    path: str | os.PathLike, names: list[str], target: str | None
) -> tuple[pd.DataFrame, int]:
    """The columns named of a file of real rows; how many rows without a target were dropped."""
    cells = read_csv(path)
    for name in names:
        if name not in cells:
            fault = f"{path} has no column {name}"
            raise InputError(fault, "all columns of the real file", "add it")
    known = cells.dropna(subset=[] if target is None else [target], ignore_index=True)
    return known[names], len(cells) - len(known)


def _given_parts(
    train: pd.DataFrame, unseen: pd.DataFrame, target: str | None, dropped: int
) -> tuple[np.ndarray, Step]:
    """The first rows train; half of the unseen ones validates and half tests, drawn by class."""
    labels = pd.factorize(unseen[target], sort=True)[0] if target else np.zeros(len(unseen), int)
    parts = np.repeat(np.array(["train", "validation"], object), [len(train), len(unseen)])
    parts[len(train) + stratified_draw(labels, len(unseen) // 2)] = "test"
    told = f"{len(train)} rows train; of {len(unseen)} held-out rows half test"
    counts = {f"held-out rows without {target}, dropped": dropped} if dropped else {}
    return parts, Step.counted("split", told, counts, told)


def _dataset(name: str, draft: Draft, parts: np.ndarray, steps: tuple[Step, ...]) -> TableDataset:
    """The three parts; rows whose target could not be read are left out."""
    table = draft.table()
    readable = ~np.isnan(table.values).any(axis=1)
    names = ("train", "validation", "test")
    return TableDataset(name, *(table.take(readable & (parts == part)) for part in names), steps)
