"""The chain of regressions, its links, and the rows of a table along it."""

import dataclasses
from typing import ClassVar

import numpy as np
from scipy.special import softmax

from baselines.config import BaselineSettings
from baselines.parts.draws import CHUNK, choose, in_chunks
from data.tables.dataset import Table, TableDataset
from data.tables.encoding import ONE_HOT, Encoding
from foundation.purposes import REGRESSION, rng
from training.generator import check_labels

# Of the ridge, in units of a standardized row's square. With the smallest it is least squares:
# more rows than columns choose it; nearly as many columns as rows need a large one.
STRENGTHS = (1e-6, 1e-2, 1e-1, 1.0, 10.0, 100.0, 1000.0)


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
        """From rows (n, d), the column's scaled values (n,) and the classes int64 (n,).

        Rows without a value (NaN) tell nothing of it.
        """
        known = ~np.isnan(values)
        rows, values, labels = rows[known], values[known], labels[known]
        weights, bias, residuals = ridge_regression(rows, values)
        return cls(weights, bias, residuals[np.lexsort((residuals, labels))], np.bincount(labels))

    def draw(self, rows: np.ndarray, labels: np.ndarray, u: np.ndarray) -> np.ndarray:
        """Values for rows of these classes, by numbers u uniform in [0, 1)."""
        values = rows @ self.weights + self.bias
        ends = np.cumsum(self.counts)
        for label, (end, count) in enumerate(zip(ends, self.counts, strict=True)):
            ranks = (np.arange(count) + 0.5) / count  # the inverse transform of the residuals
            known = self.residuals[end - count : end]
            if not count:  # a class whose rows have no value at all: of all classes
                known, ranks = np.sort(self.residuals), (np.arange(ends[-1]) + 0.5) / ends[-1]
            drawn = np.interp(u, ranks, known)
            values += np.where(labels == label, drawn, 0.0)
        return values


def ridge_regression(rows: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """The w (d,) and b that minimise |y - X w - b|^2 + strength |w|^2, and residuals to draw from.

    The strength is the one that predicts rows left out best. With the leverages h a row left out is
    missed by e_i / (1 - h_i). The residuals are e_i / sqrt(1 - h_i): a fit bends towards its rows,
    and without the root its residuals are too small by that.

    Reference: Allen 1974, The relationship between variable selection and data augmentation and a
      method for prediction (leaving one out); MacKinnon and White 1985, Some
      heteroskedasticity-consistent covariance matrix estimators with improved finite sample
      properties (the root, HC2).
    """
    if rows.shape[1] == 0:  # all leverages are 1 / n
        return np.zeros(0), float(y.mean()), (y - y.mean()) / np.sqrt(1.0 - 1.0 / len(y))
    from sklearn.linear_model import RidgeCV  # here: a second, that who draws need not wait

    model = RidgeCV(STRENGTHS, store_cv_results=True).fit(rows, y)
    missed = np.sqrt(model.cv_results_[:, STRENGTHS.index(model.alpha_)])  # |e_i| / (1 - h_i)
    errors = y - model.predict(rows)
    residuals = np.sign(errors) * np.sqrt(np.abs(errors) * missed)
    return model.coef_, float(model.intercept_), residuals


@dataclasses.dataclass(frozen=True, eq=False)
class Logistic:
    """p(category | x) = softmax(W x + b); for numbers there is Linear (erratum E31).

    Args:
      weights: W, float64 (categories, d).
      biases: b, float64 (categories,); -inf for a category that was never seen.
    """

    weights: np.ndarray
    biases: np.ndarray

    @classmethod
    def fit(cls, rows: np.ndarray, codes: np.ndarray, categories: int) -> "Logistic":
        """From rows (n, d), d may be 0, and codes int64 (n,) in [0, categories)."""
        seen, counts = np.unique(codes, return_counts=True)
        weights, biases = np.zeros((categories, rows.shape[1])), np.full(categories, -np.inf)
        if len(seen) == 1 or rows.shape[1] == 0:
            biases[seen] = np.log(counts / counts.sum())
            return cls(weights, biases)
        from sklearn.linear_model import LogisticRegression  # as in ridge_regression

        model = LogisticRegression(max_iter=1000).fit(rows, codes)
        fitted = seen[-len(model.coef_) :]  # of two categories the second, against the first
        biases[seen] = 0.0
        weights[fitted], biases[fitted] = model.coef_, model.intercept_
        return cls(weights, biases)

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """p of each category: float64 (rows, categories)."""
        return softmax(rows @ self.weights.T + self.biases, axis=1)

    def draw(self, rows: np.ndarray, u: np.ndarray) -> np.ndarray:
        """A category for each row, by numbers u uniform in [0, 1): int64 (rows,)."""
        return choose(np.cumsum(self.probabilities(rows), axis=1), u)


@dataclasses.dataclass(frozen=True, eq=False)
class TableRegression:
    """A chain of regressions, one for each column.

    A column that says where another has no value stands before it, so that what is not there has
    no say in what follows, as in training.

    encoding: of the columns; numbers as normal scores.
    order: places of the columns in the chain; a categorical target first.
    links: the regression of each column in `order`; None for the target, which is asked for.
    class_shares: share of each class in the training part; None without a categorical target.
    """

    encoding: Encoding
    order: list[int]
    links: list[Linear | Logistic | None]
    class_shares: np.ndarray | None
    kind: ClassVar[str] = "table"

    @property
    def num_classes(self) -> int:
        return 0 if self.class_shares is None else len(self.class_shares)

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
        u = rng(seed, REGRESSION, chunk).random((CHUNK, len(self.order)))
        classes = np.zeros(CHUNK, np.int64) if labels is None else labels
        before, empty = matrix[:, :0], {}
        for step, (place, link) in enumerate(zip(self.order, self.links, strict=True)):
            block, column = blocks[place], self.encoding.columns[place]
            if isinstance(link, Linear):
                matrix[:, block.start] = link.draw(before, classes, u[:, step])
            else:
                codes = classes if link is None else link.draw(before, u[:, step])
                matrix[np.arange(CHUNK), block.start + codes] = ONE_HOT
                if column.gap_of:
                    empty[column.gap_of] = codes > 0
            if column.name in empty:
                matrix[empty[column.name], block] = 0.0
            before = np.concatenate([before, matrix[:, block]], axis=1)
        return matrix

    def describe(self) -> dict:
        return {"encoding": self.encoding.describe()}

    def arrays(self) -> dict[str, np.ndarray]:
        """The fields of each link, by its place in the chain."""
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


def fit(data: TableDataset, settings: BaselineSettings) -> TableRegression:
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
        known = ~np.isnan(train.values[:, place])
        if data.num_classes and place == train.target_index:
            links.append(None)
        elif column.is_numeric:
            scores = np.where(known, matrix[:, block.start], np.nan)
            links.append(Linear.fit(before, scores, labels))
        else:
            codes = train.values[known, place].astype(np.int64)
            links.append(Logistic.fit(before[known], codes, len(column.categories)))
        before = np.concatenate([before, matrix[:, block]], axis=1)
    return TableRegression(encoding, order, links, train.class_shares)
