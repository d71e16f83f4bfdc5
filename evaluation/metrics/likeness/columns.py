"""Fidelity of synthetic tables: single columns, pairs of columns, whole rows. Pure functions.

Distances are between two sets of rows, 0 for equal distributions; two samples of one distribution
are never 0 apart, which is why each stands beside the same figure for real rows.
"""

import itertools

import numpy as np
from scipy import stats

from data.tables.dataset import Table
from foundation.errors import InputError

CUTS = 4  # stretches of equal count that numbers are cut into for joint tables


def ks_statistic(a: np.ndarray, b: np.ndarray) -> float:
    """The Kolmogorov-Smirnov distance of two sets of numbers: max |F_a(x) - F_b(x)|, in [0, 1].

    NaN is no value: how often there is none, the column that says so tells (`Column.gap_of`).
    """
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    if not (len(a) and len(b)):
        return float(len(a) != len(b))  # one side has no value at all
    return float(stats.ks_2samp(a, b, method="asymp").statistic)  # its p-value costs least so


def total_variation(a: np.ndarray, b: np.ndarray) -> float:
    """Half the sum of |share in a - share in b| over all values: 0 equal, 1 nothing in common."""
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    if not (len(a) and len(b)):
        return float(len(a) != len(b))
    values = np.unique(np.concatenate([a, b]))
    shares = [
        np.bincount(np.searchsorted(values, each), minlength=len(values)) / len(each)
        for each in (a, b)
    ]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def column_distances(a: Table, b: Table, numeric: bool) -> dict[str, float]:
    """`ks_statistic` of each column of numbers, or `total_variation` of each categorical one."""
    measure = ks_statistic if numeric else total_variation
    found = {
        column.name: measure(a.column(column.name), b.column(column.name))
        for column in a.columns
        if column.is_numeric == numeric
    }
    if not found:
        kind = "numbers" if numeric else "categories"
        raise InputError(f"a table without columns of {kind}", "at least one", "nothing to mend")
    return found


def correlation_matrix(table: Table, ranks: bool) -> tuple[list[str], np.ndarray]:
    """Correlations of the columns of numbers: Pearson's, or Spearman's with `ranks`.

    Each is over the rows that have both values.

    Returns: names, float64 (d, d); NaN for a column with one value.
    Raises: InputError for fewer than two such columns.
    """
    names = [column.name for column in table.columns if column.is_numeric]
    if len(names) < 2:
        raise InputError(
            f"a table with {len(names)} columns of numbers", "at least two", "nothing to mend"
        )
    rows = np.stack([table.column(name) for name in names])  # (d, n)
    if np.isnan(rows).any():
        from pandas import DataFrame  # slow to import, and few tables need it

        frame = DataFrame(rows.T)
        return names, frame.corr("spearman" if ranks else "pearson").to_numpy()
    if ranks:
        rows = stats.rankdata(rows, axis=1)
    return names, np.corrcoef(np.where(np.ptp(rows, axis=1, keepdims=True) > 0, rows, np.nan))


def correlation_difference(a: Table, b: Table, ranks: bool = False) -> dict:
    """Mean and largest |difference| of the correlations of all pairs of columns of numbers.

    A pair with a column that has one value only has no correlation: it counts as 0.

    Returns: {"value": mean, "largest", "pair": the two names}.
    """
    names, of_a = correlation_matrix(a, ranks)
    _, of_b = correlation_matrix(b, ranks)
    rows, columns = np.triu_indices(len(names), 1)
    differences = np.abs(np.nan_to_num(of_a) - np.nan_to_num(of_b))[rows, columns]
    worst = int(differences.argmax())
    return {
        "value": float(differences.mean()),
        "largest": float(differences[worst]),
        "pair": [names[rows[worst]], names[columns[worst]]],
    }


def joint_total_variation(a: Table, b: Table, training: Table) -> dict:
    """Mean and largest total variation of the joint tables of pairs with a categorical column.

    Numbers are cut into quarters at the training part's quartiles.

    Returns: {"value": mean, "largest", "pair"}.
    Raises: InputError where no pair has a categorical column.
    """
    codes_of_a, codes_of_b = _cut(a, training), _cut(b, training)
    found = {}
    for i, j in itertools.combinations(range(len(a.columns)), 2):
        if not (a.columns[i].is_numeric and a.columns[j].is_numeric):
            width = max(codes_of_a[:, j].max(), codes_of_b[:, j].max()) + 1
            joint = [codes[:, i] * width + codes[:, j] for codes in (codes_of_a, codes_of_b)]
            found[i, j] = total_variation(*joint)
    if not found:
        raise InputError("a table without categories", "at least one column", "nothing to mend")
    worst = max(found, key=found.get)
    return {
        "value": float(np.mean(list(found.values()))),
        "largest": found[worst],
        "pair": [a.columns[place].name for place in worst],
    }


def _cut(table: Table, training: Table) -> np.ndarray:
    """Every column as codes: int64 (rows, columns)."""
    codes = np.empty(table.values.shape, np.int64)
    for index, column in enumerate(table.columns):
        values = table.values[:, index]
        if column.is_numeric:
            borders = np.nanquantile(training.values[:, index], np.arange(1, CUTS) / CUTS)
            values = np.where(np.isnan(values), CUTS, np.searchsorted(borders, values, "right"))
        codes[:, index] = np.nan_to_num(values, nan=len(column.categories))
    return codes
