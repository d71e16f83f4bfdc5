"""Tables as matrices that models read, and back.

Numbers are brought to one scale, either by mean and deviation or by their ranks; a category becomes
a block of columns, one of them set. A cell without a value is the middle of the scale, or a block
with no column set; the column that says so (`Column.gap_of`) tells it apart. Everything is learnt
from the table given to `fit`, which is the training part, and can be undone: `decode` returns
original units and categories.
"""

import dataclasses

import numpy as np
from scipy.special import ndtr, ndtri

from data.tables.dataset import Column, Table

# The height of a set column. Rows that differ in one category are then 1 apart: as far as two
# numbers that are one standard deviation apart (Chawla et al. 2002, section 6.1, SMOTE-NC).
ONE_HOT = np.sqrt(0.5)


class StandardScores:
    """A column's values as (x - mean) / deviation, and back; scikit-learn rounds otherwise."""

    def __init__(self, parameters: np.ndarray):
        self.mean, self.deviation = parameters

    @staticmethod
    def learn(values: np.ndarray) -> np.ndarray:
        """Mean and deviation of observed values: the parameters."""
        return np.array([values.mean(), values.std() or 1.0])

    def forward(self, values: np.ndarray) -> np.ndarray:
        """Standard scores of values."""
        return (values - self.mean) / self.deviation

    def backward(self, scores: np.ndarray) -> np.ndarray:
        """Values whose standard scores these are."""
        return scores * self.deviation + self.mean


class NormalScores:
    """A column's values as quantiles of the standard normal distribution, and back.

        z = Phi^-1(F(x)),    x = F^-1(Phi(z))

    F is the empirical distribution function at mid-ranks, linear between observed values; F^-1 is
    linear between order statistics, so that a value held by many rows keeps its share of rows, and
    nothing leaves the range of what was observed.

    Args:
      ordered: the observed values in ascending order, float64 (n,), n >= 1.
    """

    learn = staticmethod(np.sort)

    def __init__(self, ordered: np.ndarray):
        self.ordered = ordered
        self.ranks = (np.arange(len(ordered)) + 0.5) / len(ordered)  # F of the order statistics

    def forward(self, values: np.ndarray) -> np.ndarray:
        """Normal scores of values; those beyond what was observed get the score of the extreme."""
        below = np.searchsorted(self.ordered, values, "left")
        up_to = np.searchsorted(self.ordered, values, "right")
        between = np.interp(values, self.ordered, self.ranks)
        observed = (below + up_to) / (2 * len(self.ordered))  # the middle of equal values
        return ndtri(np.where(up_to > below, observed, between))

    def backward(self, scores: np.ndarray) -> np.ndarray:
        """Values whose normal scores these are."""
        return np.interp(ndtr(scores), self.ranks, self.ordered)


SCALES = {"standard": StandardScores, "normal_scores": NormalScores}


@dataclasses.dataclass(frozen=True, eq=False)
class Encoding:
    """How the rows of a table become rows of numbers of one scale, and back.

    Args:
      columns, target: of the table.
      scale: a key of SCALES.
      parameters: what the scale has learnt of each column, float64; of categories nothing.
    """

    columns: tuple[Column, ...]
    target: str | None
    scale: str
    parameters: tuple[np.ndarray, ...]

    @classmethod
    def fit(cls, table: Table, scale: str = "standard") -> "Encoding":
        """Learn the scales of a table, which should be the training part."""
        parameters = tuple(
            SCALES[scale].learn(_known(values)) if column.is_numeric else np.empty(0)
            for column, values in zip(table.columns, table.values.T, strict=True)
        )
        return cls(table.columns, table.target, scale, parameters)

    @property
    def blocks(self) -> list[slice]:
        """Which columns of the matrix each column of the table becomes."""
        widths = [len(column.categories) or 1 for column in self.columns]
        ends = np.cumsum(widths).tolist()
        return [slice(end - width, end) for end, width in zip(ends, widths, strict=True)]

    def encode(self, table: Table) -> np.ndarray:
        """The matrix: float64 (rows, columns of all blocks)."""
        if table.names != [column.name for column in self.columns]:
            raise ValueError(f"columns {table.names}; those of the table that was fitted")
        matrix = np.zeros((len(table), self.blocks[-1].stop))
        for index, (column, block) in enumerate(zip(self.columns, self.blocks, strict=True)):
            values = table.values[:, index]
            rows = np.flatnonzero(~np.isnan(values))
            values = values[rows]
            if column.is_numeric:
                matrix[rows, block.start] = self._scale(index).forward(values)
            else:
                matrix[rows, block.start + values.astype(np.int64)] = ONE_HOT
        return matrix

    def unknown(self, table: Table) -> np.ndarray:
        """Which cells of its encoding stand for no value: bool, shape of the matrix."""
        widths = [len(column.categories) or 1 for column in self.columns]
        return np.repeat(np.isnan(table.values), widths, axis=1)

    def decode(self, matrix: np.ndarray) -> Table:
        """The table whose encoding is nearest to a matrix.

        A category is the one with the largest entry; numbers are made legal (`Column.legal`).
        """
        values = np.empty((len(matrix), len(self.columns)))
        for index, (column, block) in enumerate(zip(self.columns, self.blocks, strict=True)):
            if column.is_numeric:
                values[:, index] = column.legal(self._scale(index).backward(matrix[:, block.start]))
            else:
                values[:, index] = matrix[:, block].argmax(axis=1)
        return Table(self.columns, values, self.target).emptied()

    def _scale(self, index: int) -> StandardScores | NormalScores:
        return SCALES[self.scale](self.parameters[index])

    def describe(self) -> dict:
        """Everything but the arrays, fit for JSON."""
        columns = [column.describe() for column in self.columns]
        return {"columns": columns, "target": self.target, "scale": self.scale}

    def arrays(self) -> dict[str, np.ndarray]:
        """`parameters` by name."""
        return {f"scale_{index}": values for index, values in enumerate(self.parameters)}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "Encoding":
        """The encoding that `describe` and `arrays` stored; KeyError or TypeError otherwise."""
        columns = tuple(map(Column.restore, description["columns"]))
        parameters = tuple(arrays[f"scale_{index}"] for index in range(len(columns)))
        return cls(columns, description["target"], description["scale"], parameters)


def _known(values: np.ndarray) -> np.ndarray:
    """The values that are known; of none a single 0."""
    known = values[~np.isnan(values)]
    return known if len(known) else np.zeros(1)
