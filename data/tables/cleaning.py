"""From cells of text to a clean table, in steps that each say what they did (chapter 3.2.1).

Every step learns from the training rows alone and is then applied to all rows, so that no held-out
value has a say in what a model will see.
"""

import numpy as np
import pandas as pd

from data.tables.columns import Draft, RawTable, read_columns
from data.tables.dataset import MISSING, Step
from data.tables.features import relevance, select_features
from foundation.errors import InputError

RARE = "(rare)"
RAREST = 5  # training rows; with fewer a category is one of a few people, and nothing is learnt
MOST_NAMES = 20  # a text column with more values than that, most of them single, names its rows
MOST_MISSING = 0.5  # share of a column; beyond it more would be invented than is known
# Interquartile ranges beyond the quartiles. With Tukey's 3, one row in ten of breast_cancer has an
# "outlier", because its columns are skewed; what lies beyond 5 is far out of any usual shape.
FENCE = 5.0


def clean_table(
    raw: RawTable, parts: np.ndarray, features: int | None = None
) -> tuple[Draft, tuple[Step, ...]]:
    """All steps, in order; they learn from the rows whose part is "train".

    Returns: the clean table with no NaN but in a target that could not be read; what was done.
    Raises: InputError if no column is left, or features are to be chosen without a target.
    """
    if features is not None and raw.target is None:
        raise InputError(f"{features} features without a target", "--target COLUMN", "name one")
    draft, step = read_columns(raw, parts == "train")
    steps = [step]
    for clean in (
        drop_nearly_empty,
        drop_names,
        drop_constant,
        merge_rare,
        fill_missing,
        clip_outliers,
        lambda draft: choose_features(draft, features),
    ):
        steps.append(clean(draft))
        if draft.learnt().columns.empty:
            raise InputError(
                f"{raw.name}: no column is left after the step {steps[-1].name!r}",
                "at least one column besides the target that varies",
                "add columns",
            )
    told = "left to the models, by what they learn of the training rows; the table keeps its units"
    return draft, (*steps, Step("scaling", told))


def drop_nearly_empty(draft: Draft) -> Step:
    """Drop columns of which more than half is missing."""
    missing = draft.learnt().isna()
    return _drop(draft, "nearly empty columns", missing.sum()[missing.mean() > MOST_MISSING])


def drop_names(draft: Draft) -> Step:
    """Drop columns that name rows, not describe them: a model could only repeat the names.

    These are text columns with more than 20 values that differ in most rows, and whole numbers that
    rise from each row to the next.
    """
    learnt = draft.learnt()
    different, known = learnt.nunique(), learnt.count()
    named = different > (0.5 * known).clip(lower=MOST_NAMES)
    for name, column in learnt.select_dtypes("number").items():
        rises = column.dropna().is_monotonic_increasing and different[name] == known[name] > 1
        named[name] = rises and draft.decimals[name] == 0
    return _drop(draft, "names of rows", different[named])


def drop_constant(draft: Draft) -> Step:
    """Drop columns with one value only; one that is sometimes missing still tells something."""
    learnt = draft.learnt()
    return _drop(draft, "constant columns", learnt.count()[learnt.nunique(dropna=False) < 2])


def merge_rare(draft: Draft) -> Step:
    """Make one category, "(rare)", of those that fewer than 5 training rows have.

    Only where there are two of them at least: one alone would gain nothing by a new name. What
    held-out rows have and training rows do not is rare, too.
    """
    merged = {}
    for name, learnt in draft.learnt().select_dtypes("category").items():
        counts = learnt.value_counts(sort=False)
        rare = list(counts.index[counts < RAREST])
        if len(rare) < 2:
            continue
        merged[name] = len(rare)
        kept = dict.fromkeys([*counts.index[counts >= RAREST], RARE])
        column = draft.frame[name]
        renamed = column.astype(object).mask(column.isin(rare) | draft.unreadable[name], RARE)
        draft.frame[name] = renamed.astype(pd.CategoricalDtype(list(kept)))
        draft.unreadable[name] = False
    told = f"categories of fewer than {RAREST} training rows made one"
    return Step.counted("rare categories", told, merged)


def fill_missing(draft: Draft) -> Step:
    """Numbers by the median; categories by one of their own, for what is missing can tell.

    The median is an observed value (the lower of two). A category missing in held-out rows only is
    filled by the most frequent one.
    """
    learnt = draft.learnt()
    gaps = draft.frame[learnt.columns].isna().sum()
    counts = gaps[gaps > 0].to_dict()
    for name in counts:
        column = draft.frame[name]
        if name in draft.decimals:
            filler = learnt[name].quantile(0.5, interpolation="lower")
        elif learnt[name].isna().any():
            column, filler = column.cat.add_categories(MISSING), MISSING
        else:
            filler = learnt[name].mode()[0]
        draft.frame[name] = column.fillna(filler)
    told = "the training median for numbers, a category of their own for categories"
    return Step.counted("missing values", told, counts)


def clip_outliers(draft: Draft) -> Step:
    """Move training numbers that lie far outside the usual to the border of the usual.

    The border is 5 interquartile ranges beyond the quartiles. Held-out rows stay as they are: a
    model is judged on what happens. Columns with no interquartile range (mostly one value) and the
    target are left alone.
    """
    counts = {}
    for name, column in draft.learnt().select_dtypes("number").items():
        lower, upper = column.quantile([0.25, 0.75])
        reach = FENCE * (upper - lower)
        beyond = column[~column.between(lower - reach, upper + reach)]
        if reach > 0 and len(beyond):
            counts[name] = len(beyond)
            border = beyond.clip(lower - reach, upper + reach).round(draft.decimals[name])
            draft.frame.loc[beyond.index, name] = border
    told = f"training values beyond {FENCE:g} interquartile ranges moved to that border"
    return Step.counted("outliers", told, counts)


def choose_features(draft: Draft, count: int | None) -> Step:
    """Keep the columns that tell most of the target and do not repeat one another."""
    if draft.target is None:
        return Step("feature selection", "none: no target to judge by")
    table = draft.table()
    table = table.take(draft.train & ~np.isnan(table.values).any(axis=1))
    shares = relevance(table)
    kept = list(shares) if count is None else select_features(table, count)
    dropped = {name: 1 for name in draft.learnt() if name not in kept}
    draft.frame = draft.frame.drop(columns=dropped)
    how_many = f"all {len(kept)}" if count is None else f"{len(kept)} of {len(shares)}"
    best = ", ".join(f"{name} {share:.2f}" for name, share in list(shares.items())[:3])
    told = f"{how_many} kept; share of the target told: {best}"
    return Step("feature selection", told, dropped)


def _drop(draft: Draft, name: str, why: pd.Series) -> Step:
    """Drop these columns; the step that says so, with a count for each."""
    draft.frame = draft.frame.drop(columns=why.index)
    return Step.counted(name, "dropped", why.to_dict())
