"""Which columns tell of which: association, relevance to the target, and a choice of features."""

import numpy as np

from data.tables.dataset import Column, Table

MOST_SHARED = 0.9  # association between two columns taken


def association(column_a: Column, a: np.ndarray, column_b: Column, b: np.ndarray) -> float:
    """How much one column tells of another, as the share of variance explained, in [0, 1].

    Two columns of numbers: the squared Pearson correlation. One of each: the correlation ratio
    (variance between the categories over all variance). Two of categories: Cramér's V, squared.
    Rows in which one has no value (NaN) do not count; where none is left it is 0.
    """
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if not len(a):
        return 0.0
    if column_a.is_numeric and column_b.is_numeric:
        a, b = a - a.mean(), b - b.mean()
        return _share((a @ b) ** 2, (a @ a) * (b @ b))
    if column_a.is_numeric or column_b.is_numeric:
        numbers, codes = (a, b) if column_a.is_numeric else (b, a)
        numbers, codes = numbers - numbers.mean(), codes.astype(np.int64)
        counts = np.bincount(codes)
        sums, held = np.bincount(codes, numbers), counts > 0
        return _share((sums[held] ** 2 / counts[held]).sum(), (numbers**2).sum())
    joint = np.zeros((len(column_a.categories), len(column_b.categories)))
    np.add.at(joint, (a.astype(np.int64), b.astype(np.int64)), 1 / len(a))
    joint = joint[joint.sum(axis=1) > 0][:, joint.sum(axis=0) > 0]
    expected = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return _share(((joint - expected) ** 2 / expected).sum(), min(joint.shape) - 1)


def relevance(table: Table) -> dict[str, float]:
    """Column -> how much it tells of the target (`association`), the most telling first."""
    told = {
        name: _association(table, name, table.target)
        for name, column in zip(table.names, table.columns, strict=True)
        if name != table.target and not column.gap_of
    }
    return dict(sorted(told.items(), key=lambda item: -item[1]))


def select_features(table: Table, count: int) -> list[str]:
    """Names of the `count` most telling columns that do not repeat one another, in their order.

    From the most telling on, a column is taken unless one already taken explains more than 0.9 of
    it; so there may be fewer.
    """
    taken: list[str] = []
    for name in relevance(table):
        if len(taken) < count and not any(
            _association(table, name, other) > MOST_SHARED for other in taken
        ):
            taken.append(name)
    return [name for name in table.names if name in taken]


def _association(table: Table, a: str, b: str) -> float:
    columns = dict(zip(table.names, table.columns, strict=True))
    return association(columns[a], table.column(a), columns[b], table.column(b))


def _share(part: float, whole: float) -> float:
    return float(min(part / whole, 1.0)) if whole > 0 else 0.0
