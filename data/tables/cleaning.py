"""From cells of text to a clean table, in steps that each say what they did (chapter 3.2.1).

Every step learns from the training rows alone and is then applied to all rows, so that no held-out
value has a say in what a model will see.
"""

import dataclasses

import numpy as np

from data.tables.columns import MISSING, Draft, read_columns, with_counts
from data.tables.csv_files import RawTable
from data.tables.dataset import Step, Table
from data.tables.features import relevance, select_features
from foundation.errors import InputError

RARE = "(rare)"
RAREST = 5  # training rows; with fewer a category is one of a few people, and nothing is learnt
MOST_NAMES = 20  # a text column with more values than that, most of them single, names its rows
MOST_MISSING = 0.5  # share of a column; beyond it more would be invented than is known
# Interquartile ranges beyond the quartiles. With Tukey's 3, one row in ten of breast_cancer has an
# "outlier", because its columns are skewed; what lies beyond 5 is far out of any usual shape.
FENCE = 5.0
TOLD_FEATURES = 3  # named in the summary of their relevance


def clean_table(
    raw: RawTable, parts: np.ndarray, target: str | None, features: int | None = None
) -> tuple[Draft, tuple[Step, ...]]:
    """All steps, in order.

    Args:
      raw: rows that all have a target value, if there is a target.
      parts: of each row; steps learn from those that are "train".
      target: name of the target column, or None.
      features: how many of the most telling columns to keep; None: all.

    Returns: the clean table with no NaN but in a target that could not be read; what was done.
    Raises: InputError if no column is left, or features are to be chosen without a target.
    """
    if features is not None and target is None:
        raise InputError(f"{features} features without a target", "--target COLUMN", "name one")
    draft, step = read_columns(raw, parts == "train", target)
    steps = [step]
    for clean in (
        drop_nearly_empty,
        drop_names,
        drop_constant,
        merge_rare,
        fill_missing,
        clip_outliers,
        lambda draft: choose_features(draft, features),
        note_scaling,
    ):
        draft, step = clean(draft)
        steps.append(step)
        if not list(draft.features()):
            raise InputError(
                f"{raw.path}: no column is left after the step {step.name!r}",
                "at least one column besides the target that varies",
                "add columns",
            )
    return draft, tuple(steps)


def drop_nearly_empty(draft: Draft) -> tuple[Draft, Step]:
    """Drop columns of which more than half is missing."""
    missing = {
        index: int(np.isnan(values).sum())
        for index, _, values in draft.features()
        if np.isnan(values).mean() > MOST_MISSING
    }
    return _dropped(draft, "nearly empty columns", missing)


def drop_names(draft: Draft) -> tuple[Draft, Step]:
    """Drop columns that name rows, not describe them: a model could only repeat the names.

    These are text columns with more than 20 values that differ in most rows, and whole numbers that
    rise from each row to the next.
    """
    names = {}
    for index, column, values in draft.features():
        known = values[~np.isnan(values)]
        different = len(np.unique(known))
        if column.is_numeric:
            named = column.decimals == 0 and len(known) >= 2 and (np.diff(known) > 0).all()
        else:
            named = len(column.categories) > max(MOST_NAMES, 0.5 * len(known))
        if named:
            names[index] = different
    return _dropped(draft, "names of rows", names)


def drop_constant(draft: Draft) -> tuple[Draft, Step]:
    """Drop columns with one value only."""
    constant = {
        index: len(values)
        for index, _, values in draft.features()
        if len(np.unique(values[~np.isnan(values)])) < 2 and not np.isnan(values).any()
    }
    return _dropped(draft, "constant columns", constant)


def merge_rare(draft: Draft) -> tuple[Draft, Step]:
    """Make one category, "(rare)", of those that fewer than 5 training rows have.

    Only where there are two of them at least: one alone would gain nothing by a new name. What
    held-out rows have and training rows do not is rare, too.
    """
    columns, values, unreadable = list(draft.columns), draft.values.copy(), draft.unreadable.copy()
    merged = {}
    for index, column, train_values in draft.features():
        if column.is_numeric:
            continue
        codes = train_values[~np.isnan(train_values)].astype(np.int64)
        counts = np.bincount(codes, minlength=len(column.categories))
        rare = {name for name, n in zip(column.categories, counts, strict=True) if n < RAREST}
        if len(rare - {MISSING}) < 2:
            continue
        kept = [name for name in column.categories if name not in rare - {MISSING}]
        kept = [*kept, *([RARE] if RARE not in kept else [])]
        new_codes = [kept.index(name if name in kept else RARE) for name in column.categories]
        held = ~np.isnan(values[:, index])
        values[held, index] = np.array(new_codes)[values[held, index].astype(np.int64)]
        values[unreadable[:, index], index] = kept.index(RARE)
        unreadable[:, index] = False
        columns[index] = dataclasses.replace(column, categories=tuple(kept))
        merged[column.name] = len(column.categories) - len(kept) + 1
    draft = dataclasses.replace(draft, columns=tuple(columns), values=values, unreadable=unreadable)
    told = f"categories of fewer than {RAREST} training rows made one" if merged else "none"
    return draft, Step("rare categories", with_counts(told, merged), merged)


def fill_missing(draft: Draft) -> tuple[Draft, Step]:
    """Numbers by the median; categories by one of their own, for what is missing can tell.

    The median is an observed value (the lower of two). A category missing in held-out rows only is
    filled by the most frequent one.
    """
    columns, values, counts = list(draft.columns), draft.values.copy(), {}
    for index, column, train_values in draft.features():
        missing = np.isnan(values[:, index])
        if not missing.any():
            continue
        counts[column.name] = int(missing.sum())
        known = train_values[~np.isnan(train_values)]
        if column.is_numeric:
            filler = np.quantile(known, 0.5, method="lower")
        elif len(known) < len(train_values):
            columns[index] = dataclasses.replace(column, categories=(*column.categories, MISSING))
            filler = len(column.categories)
        else:
            filler = np.bincount(known.astype(np.int64)).argmax()
        values[missing, index] = filler
    filled = dataclasses.replace(draft, columns=tuple(columns), values=values)
    told = "the training median for numbers, a category of their own for categories"
    return filled, Step("missing values", with_counts(told if counts else "none", counts), counts)


def clip_outliers(draft: Draft) -> tuple[Draft, Step]:
    """Move training numbers that lie far outside the usual to the border of the usual.

    The border is 5 interquartile ranges beyond the quartiles. Held-out rows stay as they are: a
    model is judged on what happens. Columns with no interquartile range (mostly one value) and the
    target are left alone. Then the span of every column is noted.
    """
    columns, values, counts = list(draft.columns), draft.values.copy(), {}
    for index, column in enumerate(columns):
        if not column.is_numeric:
            continue
        known = values[draft.train, index]
        lower, upper = np.nanquantile(known, [0.25, 0.75])
        reach = FENCE * (upper - lower)
        if reach > 0 and column.name != draft.target:
            clipped = np.round(np.clip(known, lower - reach, upper + reach), column.decimals)
            beyond = (known < lower - reach) | (known > upper + reach)
            values[draft.train, index] = np.where(beyond, clipped, known)
            if beyond.any():
                counts[column.name] = int(beyond.sum())
        span = values[draft.train, index]
        columns[index] = dataclasses.replace(
            column, span=(float(np.nanmin(span)), float(np.nanmax(span)))
        )
    told = f"training values beyond {FENCE:g} interquartile ranges moved to that border"
    clipped = dataclasses.replace(draft, columns=tuple(columns), values=values)
    return clipped, Step("outliers", with_counts(told if counts else "none", counts), counts)


def choose_features(draft: Draft, count: int | None) -> tuple[Draft, Step]:
    """Keep the columns that tell most of the target and do not repeat one another."""
    if draft.target is None:
        return draft, Step("feature selection", "none: no target to judge by")
    rows = draft.train & ~np.isnan(draft.values).any(axis=1)
    table = Table(draft.columns, draft.values[rows], draft.target)
    telling = [f"{name} {share:.2f}" for name, share in relevance(table).items()]
    told = "share of the target told: " + ", ".join(telling[:TOLD_FEATURES])
    if count is None:
        return draft, Step("feature selection", f"all {len(telling)} kept; {told}")
    names = [*select_features(table, count), draft.target]
    kept = [index for index, column in enumerate(draft.columns) if column.name in names]
    dropped = {column.name: 1 for column in draft.columns if column.name not in names}
    told = f"{len(kept) - 1} of {len(telling)} kept; {told}"
    return draft.keep(kept), Step("feature selection", told, dropped)


def note_scaling(draft: Draft) -> tuple[Draft, Step]:
    """Nothing is scaled in the table itself: models do that (data/tables/encoding.py)."""
    told = "left to the models, by what they learn of the training rows; the table keeps its units"
    return draft, Step("scaling", told)


def _dropped(draft: Draft, name: str, why: dict[int, int]) -> tuple[Draft, Step]:
    """The draft without the columns at these places, and the step that says so."""
    kept = [index for index in range(len(draft.columns)) if index not in why]
    counts = {draft.columns[index].name: count for index, count in why.items()}
    return draft.keep(kept), Step(
        name, with_counts("dropped" if counts else "none", counts), counts
    )
