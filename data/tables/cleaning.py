"""From cells of text to a clean table, in steps that each say what they did (chapter 3.2.1).

Every step learns from the training rows alone and is then applied to all rows, so that no held-out
value has a say in what a model will see. No cell is changed unless that was asked for.
"""

import dataclasses

import numpy as np
import pandas as pd

from data.tables.columns import RawTable
from data.tables.dataset import DIGITS, Column, Step, Table
from data.tables.features import relevance, select_features
from data.tables.schema.columns import Schema
from foundation.errors import InputError

# Interquartile ranges beyond the quartiles. With Tukey's 3, one row in ten of breast_cancer has an
# "outlier", because its columns are skewed; what lies beyond 5 is far out of any usual shape.
FENCE = 5.0


@dataclasses.dataclass(frozen=True, eq=False)
class Cleaned:
    """All rows, clean.

    Args:
      table: NaN: missing, or unreadable.
      unreadable: bool, shape of the cells: what the column of a cell cannot hold.
      schema: of the columns that are left.
      steps: what was done.
    """

    table: Table
    unreadable: pd.DataFrame
    schema: Schema
    steps: tuple[Step, ...]


def clean_table(raw: RawTable, parts: np.ndarray, features: int | None = None) -> Cleaned:
    """All steps, in order; they learn from the rows whose part is "train".

    Raises: InputError if no column is left for models, or features are to be chosen without a
      target.
    """
    if features is not None and raw.target is None:
        raise InputError(f"{features} features without a target", "--target COLUMN", "name one")
    train = parts == "train"
    schema = Schema.learn(raw, train, gaps=not raw.filled)
    table, unreadable = schema.read(raw.cells)
    steps = [types_step(schema, unreadable)]
    if not any(name != raw.target for name in table.names):
        raise InputError(
            f"{raw.name}: no column of it varies but ids and text"
            + " beside the target" * bool(raw.target),
            "a column of numbers, dates or categories",
            "add one, or say in --schema FILE what they are",
        )
    for step in (
        lambda table: missing_cells(table, train, raw.filled),
        lambda table: outliers(table, train, raw.clipped),
        lambda table: choose_features(table, train, features),
    ):
        table, told = step(table)
        steps.append(told)
    columns = tuple(
        spanned(column, values[train])
        for column, values in zip(table.columns, table.values.T, strict=True)
    )
    if features is not None:
        kept = tuple(field for field in schema.fields if field.name in table.names)
        schema = dataclasses.replace(schema, fields=kept)
    told = Step("scaling", "left to the models, by what they learn of the training rows")
    return Cleaned(dataclasses.replace(table, columns=columns), unreadable, schema, (*steps, told))


def spanned(column: Column, values: np.ndarray) -> Column:
    """The column with the span of its training values, if none was declared."""
    if not column.is_numeric or column.span is not None or np.isnan(values).all():
        return column
    return dataclasses.replace(column, span=(float(np.nanmin(values)), float(np.nanmax(values))))


def types_step(schema: Schema, unreadable: pd.DataFrame) -> Step:
    """What kinds of columns there are, and what cannot be read."""
    kinds: dict[str, list[str]] = {}
    for field in schema.fields:
        kinds.setdefault(field.codec.kind, []).append(field.name)
    told = ", ".join(f"{len(names)} {kind}" for kind, names in kinds.items())
    for kind, fate in (("id", "given anew"), ("text", "not learnt, given back empty")):
        if kind in kinds:
            told += f"; {kind}, {fate}: {', '.join(kinds[kind])}"
    counts = unreadable.sum()[unreadable.any()].to_dict()
    return Step.counted("types", f"{told}; cells that cannot be read", counts, told)


def missing_cells(table: Table, train: np.ndarray, filled: bool) -> tuple[Table, Step]:
    """Count them; with `filled` numbers become the training median, an observed value.

    That is what every published figure on breast_cancer was measured with, where the trial "cells
    missing" asks what filling costs.
    """
    values, counts = table.values.copy(), {}
    for place, column in enumerate(table.columns):
        gaps = np.isnan(values[:, place])
        if gaps.any():
            counts[column.name] = int(gaps.sum())
        if filled and column.is_numeric and gaps.any() and column.name != table.target:
            median = pd.Series(values[train, place]).quantile(0.5, interpolation="lower")
            values[gaps, place] = median
    told = "the training median for numbers" if filled else "modelled, and given back as they are"
    return table.with_values(values), Step.counted("missing values", told, counts)


def outliers(table: Table, train: np.ndarray, clipped: bool) -> tuple[Table, Step]:
    """Count training numbers that lie far outside the usual; move them to its border if asked to.

    The border is 5 interquartile ranges beyond the quartiles of the cells that are known. Held-out
    rows stay as they are: a model is judged on what happens. Columns with no interquartile range
    (mostly one value) and the target are left alone.
    """
    values, counts = table.values.copy(), {}
    for place, column in enumerate(table.columns):
        known = values[train, place]
        known = known[~np.isnan(known)]
        if not column.is_numeric or column.name == table.target or not len(known):
            continue
        lower, upper = pd.Series(known).quantile([0.25, 0.75])
        reach = FENCE * (upper - lower)
        is_far = train & ((values[:, place] < lower - reach) | (values[:, place] > upper + reach))
        if reach > 0 and is_far.any():
            counts[column.name] = int(is_far.sum())
            border = np.clip(values[is_far, place], lower - reach, upper + reach)
            if clipped:
                values[is_far, place] = np.round(border, min(column.decimals, DIGITS))
    told = "moved to that border" if clipped else "kept (--clip-outliers moves them to that border)"
    told = f"training values beyond {FENCE:g} interquartile ranges {told}"
    return table.with_values(values), Step.counted("outliers", told, counts)


def choose_features(table: Table, train: np.ndarray, count: int | None) -> tuple[Table, Step]:
    """Keep the columns that tell most of the target and do not repeat one another."""
    if table.target is None:
        return table, Step("feature selection", "none: no target to judge by")
    known = table.take(train & ~np.isnan(table.values[:, table.target_index]))
    shares = relevance(known)
    kept = list(shares) if count is None else select_features(known, count)
    names = [c.gap_of or c.name for c in table.columns]
    places = [place for place, name in enumerate(names) if name in (*kept, table.target)]
    dropped = {name: 1 for name in shares if name not in kept}
    chosen = table
    if count is not None:
        columns = tuple(table.columns[place] for place in places)
        chosen = Table(columns, table.values[:, places], table.target)
    how_many = f"all {len(kept)}" if count is None else f"{len(kept)} of {len(shares)}"
    best = ", ".join(f"{name} {share:.2f}" for name, share in list(shares.items())[:3])
    told = f"{how_many} kept; share of the target told: {best}"
    return chosen, Step("feature selection", told, dropped)
