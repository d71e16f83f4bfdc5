"""Chained regressions (chapter 3.1, regression models): each column given those before it.

    p(x_1, ..., x_d) = p(x_1) p(x_2 | x_1) ... p(x_d | x_1, ..., x_{d-1})

The class comes first, then the columns as they stand in the table. A column of numbers is a linear
regression plus a residual drawn from those of the same class; a categorical one a multinomial
logistic regression, from whose probabilities a category is drawn. A regression alone gives a mean
and generates nothing (erratum E32): the drawn residual makes it a generator.
Numbers enter and leave as normal scores (data/tables/encoding.py), which keeps their skewed
marginals.

Reference: Nowok, Raab and Dibben 2016, synthpop: Bespoke Creation of Synthetic Data in R (methods
  `normrank` and `polyreg`).
"""

import dataclasses
from typing import ClassVar

import numpy as np

from baselines.entry import TABLE, Baseline
from baselines.parts.draws import CHUNK, REGRESSION, in_chunks
from baselines.parts.logistic import Logistic
from baselines.parts.ridge import ridge_regression
from data.tables.dataset import Table, TableDataset
from data.tables.encoding import ONE_HOT, Encoding
from training.generator import check_labels

BASELINE = Baseline(
    "each column given those before it",
    data="breast_cancer",
    generators={TABLE: "baselines.regression:TableRegression"},
    fits={TABLE: "baselines.regression:fit"},
)


@dataclasses.dataclass(frozen=True, eq=False)
class Linear:
    """x = w . (columns before) + b + e, e drawn from the residuals of the row's class.

    Args:
      weights: w, float64 (d,).
      bias: b.
      residuals: float64 (n,), class by class, each class in ascending order.
      counts: int64 (classes,), how many of each class.
    """

    weights: np.ndarray
    bias: float
    residuals: np.ndarray
    counts: np.ndarray

    @classmethod
    def fit(cls, rows: np.ndarray, values: np.ndarray, labels: np.ndarray) -> "Linear":
        """From rows (n, d), the column's scaled values (n,) and the classes int64 (n,)."""
        weights, bias, residuals = ridge_regression(rows, values)
        return cls(weights, bias, residuals[np.lexsort((residuals, labels))], np.bincount(labels))

    def draw(self, rows: np.ndarray, labels: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Values for rows of these classes, by numbers u uniform in [0, 1)."""
        values = rows @ self.weights + self.bias
        ends = np.cumsum(self.counts)
        for label, (end, count) in enumerate(zip(ends, self.counts, strict=True)):
            ranks = (np.arange(count) + 0.5) / count  # the inverse transform of the residuals
            drawn = np.interp(u, ranks, self.residuals[end - count : end])
            values += np.where(labels == label, drawn, 0.0)
        return values


class TableRegression:
    """A chain of regressions, one for each column.

    Args:
      encoding: of the columns; numbers as normal scores.
      order: places of the columns in the chain; a categorical target first.
      links: the regression of each column in `order`; None for the target, which is asked for.
      class_shares: share of each class in the training part; None without a categorical target.
    """

    kind: ClassVar[str] = "table"

    def __init__(
        self,
        encoding: Encoding,
        order: list[int],
        links: list[Linear | Logistic | None],
        class_shares: np.ndarray | None,
    ):
        self.encoding, self.order, self.links = encoding, order, links
        self.class_shares = class_shares
        self.num_classes = 0 if class_shares is None else len(class_shares)

    def sample(self, seed: int, start: int, count: int, labels: np.ndarray | None = None) -> Table:
        """See `Generator.sample`. Count is at least 1."""
        labels = check_labels(self.num_classes, count, labels)
        matrix = in_chunks(
            lambda chunk, labels: self._chunk(seed, chunk, labels), start, count, labels
        )
        return self.encoding.decode(matrix)

    def _chunk(self, seed: int, chunk: int, labels: np.ndarray | None) -> np.ndarray:
        """The encoded rows of a whole chunk, along the chain."""
        blocks = self.encoding.blocks
        matrix = np.zeros((CHUNK, blocks[-1].stop))
        u = np.random.default_rng([seed, REGRESSION, chunk]).random((CHUNK, len(self.order)))
        classes = np.zeros(CHUNK, np.int64) if labels is None else labels
        before = matrix[:, :0]
        for step, (place, link) in enumerate(zip(self.order, self.links, strict=True)):
            block = blocks[place]
            if isinstance(link, Linear):
                matrix[:, block.start] = link.draw(before, classes, u[:, step])
            else:
                codes = classes if link is None else link.draw(before, u[:, step])
                matrix[np.arange(CHUNK), block.start + codes] = ONE_HOT
            before = np.concatenate([before, matrix[:, block]], axis=1)
        return matrix

    def describe(self) -> dict:
        """See `Generator.describe`."""
        return {"encoding": self.encoding.describe()}

    def arrays(self) -> dict[str, np.ndarray]:
        """See `Generator.arrays`: the fields of each link, by its place in the chain."""
        found = {"order": np.array(self.order)}
        if self.class_shares is not None:
            found["class_shares"] = self.class_shares
        for step, link in enumerate(self.links):
            if link is not None:
                for field in dataclasses.fields(link):
                    found[f"{field.name}_{step}"] = np.asarray(getattr(link, field.name))
        return found | self.encoding.arrays()

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TableRegression":
        """See `Generator.restore`."""
        encoding = Encoding.restore(description["encoding"], arrays)
        order, links, shares = arrays["order"].tolist(), [], arrays.get("class_shares")
        for step, place in enumerate(order):
            if step == 0 and shares is not None:
                links.append(None)
                continue
            kind = Linear if encoding.columns[place].is_numeric else Logistic
            links.append(
                kind(*(arrays[f"{field.name}_{step}"] for field in dataclasses.fields(kind)))
            )
        return cls(encoding, order, links, shares)


def fit(data: TableDataset, settings: object) -> TableRegression:
    """Fit every link to the training part; there is nothing to choose."""
    train = data.train
    encoding = Encoding.fit(train, "normal_scores")
    matrix = encoding.encode(train)
    labels = np.zeros(len(train), np.int64) if train.labels is None else train.labels
    order = list(range(len(train.columns)))
    if data.num_classes:
        order = [train.target_index, *(i for i in order if i != train.target_index)]
    links, before = [], matrix[:, :0]
    for place in order:
        column, block = train.columns[place], encoding.blocks[place]
        if data.num_classes and place == train.target_index:
            links.append(None)
        elif column.is_numeric:
            links.append(Linear.fit(before, matrix[:, block.start], labels))
        else:
            codes = train.values[:, place].astype(np.int64)
            links.append(Logistic.fit(before, codes, len(column.categories)))
        before = np.concatenate([before, matrix[:, block]], axis=1)
    return TableRegression(encoding, order, links, train.class_shares)
