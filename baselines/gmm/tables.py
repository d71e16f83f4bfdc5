"""Tables from Gaussian mixtures (chapter 4.1.1, 4.2.1)."""

import dataclasses
from typing import ClassVar

import numpy as np

from baselines.config import BaselineSettings
from baselines.gmm.fit import MixtureLearner, by_class
from baselines.gmm.mixtures import ClassMixtures
from baselines.parts.draws import in_chunks
from data.tables.dataset import Column, Table, TableDataset
from data.tables.encoding import Encoding
from training.generator import check_labels

ROUNDS, MOST_PREDICTORS = 5, 50  # of filling gaps; the nearest by correlation


@dataclasses.dataclass(frozen=True, eq=False)
class TableMixture:
    """Gaussian mixtures over standardized columns (training.generator.Generator, Density).

    With classes, each class has a mixture over all columns but the target, which the label gives.
    A categorical column is a block of columns, of which the largest one is drawn: a Gaussian knows
    no categories, so their shares are only roughly kept.

    encoding: of the columns that the mixtures describe.
    mixtures: of each class, or a single one.
    shares: p of each class, (mixtures,).
    columns, target: of the table, the target included.
    num_classes: 0 for a single mixture over all columns.
    """

    encoding: Encoding
    mixtures: ClassMixtures
    shares: np.ndarray
    columns: tuple[Column, ...]
    target: str | None
    num_classes: int
    kind: ClassVar[str] = "table"

    @property
    def class_shares(self) -> np.ndarray | None:
        return self.shares if self.num_classes else None

    def sample(self, seed: int, start: int, count: int, labels: np.ndarray | None = None) -> Table:
        """A Table; its target is the label. See Generator."""
        labels = check_labels(self.num_classes, count, labels)
        rows = in_chunks(
            lambda chunk, padded: self.mixtures.draw(seed, chunk, padded), start, count, labels
        )
        table = self.encoding.decode(rows)
        if labels is None:
            return table
        place = [column.name for column in self.columns].index(self.target)
        return Table(self.columns, np.insert(table.values, place, labels, axis=1), self.target)

    def log_likelihood(self, table: Table) -> np.ndarray:
        """ln p, in nats, of each row's standardized columns, given its class if it has one."""
        if not self.num_classes:
            return self.mixtures.log_density(self.encoding.encode(table), None)
        rows = self.encoding.encode(table.without_target())
        return self.mixtures.log_density(rows, table.labels)

    def describe(self) -> dict:
        return {
            "encoding": self.encoding.describe(),
            "columns": [column.describe() for column in self.columns],
            "target": self.target,
            "num_classes": self.num_classes,
            "components": self.mixtures.components,
        }

    def arrays(self) -> dict[str, np.ndarray]:
        return {"shares": self.shares, **self.mixtures.arrays(), **self.encoding.arrays()}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TableMixture":
        return cls(
            Encoding.restore(description["encoding"], arrays),
            ClassMixtures.restore(description["components"], arrays),
            arrays["shares"],
            tuple(map(Column.restore, description["columns"])),
            description["target"],
            int(description["num_classes"]),
        )


class TableLearner(MixtureLearner):
    """Mixtures of rows in training, one a class if the target has classes."""

    def __init__(self, dataset: TableDataset, settings: BaselineSettings):
        self.columns, self.target = dataset.train.columns, dataset.train.target
        self.num_classes = dataset.num_classes if settings.per_class else 0
        parts = dataset.train, dataset.validation
        without = [part.without_target() if self.num_classes else part for part in parts]
        self.encoding = Encoding.fit(without[0])
        rows = filled(self.encoding, *without)
        groups = [
            by_class(each, part.labels, self.num_classes)
            for each, part in zip(rows, parts, strict=True)
        ]
        super().__init__(*groups, dataset.class_names[: self.num_classes], settings)

    def generator(self) -> TableMixture:
        shares = self.counts / self.counts.sum()
        about = self.columns, self.target, self.num_classes
        return TableMixture(self.encoding, self.chosen(), shares, *about)


def filled(encoding: Encoding, train: Table, validation: Table) -> list[np.ndarray]:
    """Both tables encoded, with a draw given the rest of the row where a cell has no value.

    A mean in each gap would be a spike, and tie no column to another. A cell is empty again in what
    the mixture draws, for the column that says so is drawn as well.

    Reference: van Buuren and Groothuis-Oudshoorn 2011, mice: Multivariate Imputation by Chained
      Equations in R (method `norm`).
    """
    tables = train, validation
    if not any(np.isnan(table.values).any() for table in tables):
        return [encoding.encode(table) for table in tables]
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer

    holed = [np.where(encoding.unknown(t), np.nan, encoding.encode(t)) for t in tables]
    about = {"n_nearest_features": min(MOST_PREDICTORS, holed[0].shape[1]), "random_state": 0}
    imputer = IterativeImputer(
        sample_posterior=True, max_iter=ROUNDS, keep_empty_features=True, **about
    )
    first, second = imputer.fit_transform(holed[0]), holed[1]
    return [first, imputer.transform(second) if len(second) else second]
