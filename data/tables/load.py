"""`load_table`: every table that `--data` can name, in one form."""

import dataclasses
import os

import numpy as np
import pandas as pd

from data.kinds import TABLE, parse
from data.splits import stratified_draw
from data.tables.cleaning import Cleaned, clean_table
from data.tables.columns import RawTable, Reading, raw_csv
from data.tables.dataset import Step, Table, TableDataset
from data.tables.splits import split_rows
from foundation.errors import InputError

READING = Reading()


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


def load_table(
    data: str,
    target: str | None = None,
    features: int | None = None,
    reading: Reading = READING,
) -> TableDataset:
    """Load, split and clean a table; the same arguments give the same rows.

    Split first: every step after it is fitted to the training part alone (erratum E36).

    Args:
      data: what data/tables/sources names: breast_cancer or csv:PATH.
      target: the column to be predicted; None: "diagnosis" for breast_cancer, else there is none.
      features: keep that many of the most telling columns; None: all.
      reading: how a csv file is to be read.

    Raises: InputError if the name, the place or the content is at fault.
    """
    raw, read = read_rows(data, target, reading)
    parts, split = split_rows(raw)
    return cleaned(raw, parts, features, (read, split))


def read_rows(
    data: str, target: str | None = None, reading: Reading = READING
) -> tuple[RawTable, Step]:
    """What `load_table` splits and cleans: for an experiment that has a split of its own.

    Returns: the rows that have a target value; how many rows have none.
    """
    source, place = parse(data, TABLE)
    if reading != READING and not source.takes_place:
        fault = f"{data} with a flag on how a csv file is read"
        raise InputError(fault, "--data csv:PATH", "leave the flag out")
    return with_target(source.load(place, reading), target)


def with_target(raw: RawTable, target: str | None) -> tuple[RawTable, Step]:
    """The rows that have a value of the target, if one is named or usual; how many have none.

    Raises: InputError if there is no such column.
    """
    cells, target = raw.cells, target or raw.target
    if target is not None and target not in cells:
        names = ", ".join(cells)
        raise InputError(f"--target {target}", f"a column of {raw.name}: {names}", "choose one")
    known = cells.dropna(subset=[] if target is None else [target], ignore_index=True)
    told, dropped = f"{len(known)} rows of {len(known.columns)} columns", len(cells) - len(known)
    counts = {f"rows without {target}, dropped": dropped} if dropped else {}
    step = Step.counted("read", told, counts | dict(raw.notes), told)
    return dataclasses.replace(raw, cells=known, target=target), step


def cleaned(
    raw: RawTable, parts: np.ndarray, features: int | None = None, steps: tuple[Step, ...] = ()
) -> TableDataset:
    """The data set of rows that were split; its cleaning is learnt from the training rows.

    Args:
      raw: from `read_rows`.
      parts: "train", "validation" or "test" for each row; rows of another part are left out.
      features, steps: how many columns to keep, as `load_table`; what was done before.
    """
    return _dataset(raw, clean_table(raw, parts, features), parts, steps)


def load_beside(
    data: str,
    synthetic: str | os.PathLike,
    target: str | None = None,
    held_out: str | os.PathLike | None = None,
    reading: Reading = READING,
) -> Comparison:
    """Load real rows, and synthetic ones of any origin as if they were more of them.

    Args:
      data, target, reading: as `load_table`.
      synthetic: a csv file with the columns of `data`, in any order; others are passed over.
      held_out: a csv file of real rows that the generator has not seen. Then all rows of `data` are
        training rows, and these validate and test, half and half. None: `data` is split as by
        `load_table`, whose training part is what a generator of this project has seen.

    Raises: InputError as `load_table`, if the target is missing in a file, or no synthetic row can
      be read.
    """
    alike = dataclasses.replace(reading, schema=None)  # only the real file is declared
    raw, read = read_rows(data, target, reading)
    made = _in_either(synthetic, alike)
    unseen = None if held_out is None else _in_either(held_out, alike)
    return beside(raw, made, unseen, (read,))


def _in_either(path: str | os.PathLike, reading: Reading) -> RawTable:
    """A csv file in UTF-8, as we write it, or in the encoding of the real one."""
    try:
        return raw_csv(path, dataclasses.replace(reading, encoding=None))
    except InputError:
        if reading.encoding is None:
            raise
        return raw_csv(path, reading)


def beside(
    raw: RawTable, made: RawTable, held_out: RawTable | None, steps: tuple[Step, ...] = ()
) -> Comparison:
    """As `load_beside`, of rows that were read; those of `raw` have a target value."""
    names = [name for name in raw.cells if name in made.cells]
    absent = tuple(name for name in raw.cells if name not in made.cells)
    if raw.target in absent or len(names) < 2:
        raise InputError(
            f"{made.name} has the columns {', '.join(made.cells.columns[:6])}",
            f"those of {raw.name}: {', '.join(raw.cells.columns[:6])}",
            "give both files the same header",
        )
    real = [raw.cells[names]]
    if held_out is None:
        parts, split = split_rows(dataclasses.replace(raw, cells=real[0]))
    else:
        unseen, dropped = _held_out(held_out, names, raw.target)
        real.append(unseen)
        parts, split = _given_parts(*real, raw.target, dropped)
    parts = np.concatenate([parts, np.full(len(made.cells), "synthetic", object)])
    together = pd.concat([*real, made.cells[names]], ignore_index=True)
    found = clean_table(dataclasses.replace(raw, cells=together), parts)
    dataset = _dataset(raw, found, parts, (*steps, split))
    wrong = found.unreadable.to_numpy().any(axis=1)
    for place in range(len(found.table.columns)):  # no cell where real columns always have one
        if place not in found.table.gaps:
            wrong |= np.isnan(found.table.values[:, place])
    is_made = parts == "synthetic"
    if wrong[is_made].all():
        raise InputError(
            f"{made.name}: not one row can be read as one of {raw.name}",
            "numbers and categories as there",
            "compare the two files",
        )
    readable = found.table.take(is_made & ~wrong)
    return Comparison(dataset, readable, int(wrong[is_made].sum()), absent)


def _held_out(held_out: RawTable, names: list[str], target: str | None) -> tuple[pd.DataFrame, int]:
    """The columns named of a file of real rows; how many rows without a target were dropped."""
    cells = held_out.cells
    for name in names:
        if name not in cells:
            fault = f"{held_out.name} has no column {name}"
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


def _dataset(
    raw: RawTable, found: Cleaned, parts: np.ndarray, steps: tuple[Step, ...]
) -> TableDataset:
    """The three parts; rows whose target could not be read are left out."""
    table = found.table
    readable = np.ones(len(table), bool)
    if table.target is not None:
        readable = ~np.isnan(table.values[:, table.target_index])
    three = (table.take(readable & (parts == part)) for part in ("train", "validation", "test"))
    return TableDataset(raw.name, *three, (*steps, *found.steps), found.schema)
