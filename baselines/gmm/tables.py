"""Tables from Gaussian mixtures (chapter 4.1.1, 4.2.1)."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from baselines.gmm.em import Mixture, log_density
from baselines.gmm.fit import MixtureLearner, candidate_numbers
from baselines.gmm.images import MixtureSampler, by_class, mixture_arrays, restored_mixtures
from baselines.parts.draws import in_chunks
from data.tables.dataset import Column, Table, TableDataset
from data.tables.encoding import Encoding
from training.generator import check_labels


class TableMixture:
    """Gaussian mixtures over standardized columns (training.generator.Generator, Density).

    With classes, each class has a mixture over all columns but the target, which the label gives.
    A categorical column is a block of columns, of which the largest one is drawn: a Gaussian knows
    no categories, so their shares are only roughly kept.

    Args:
      encoding: of the columns that the mixtures describe.
      mixtures: of each class, or a single one.
      shares: p of each class, (mixtures,).
      columns, target: of the table, the target included.
      num_classes: 0 for a single mixture over all columns.
    """

    kind: ClassVar[str] = "table"

    def __init__(
        self,
        encoding: Encoding,
        mixtures: Sequence[Mixture],
        shares: np.ndarray,
        columns: tuple[Column, ...],
        target: str | None,
        num_classes: int,
    ):
        self.encoding, self.mixtures, self.shares = encoding, list(mixtures), shares
        self.columns, self.target, self.num_classes = columns, target, num_classes
        self.class_shares = shares if num_classes else None
        self.sampler = MixtureSampler(self.mixtures)

    def sample(self, seed: int, start: int, count: int, labels: np.ndarray | None = None) -> Table:
        """A Table; its target is the label. See Generator."""
        labels = check_labels(self.num_classes, count, labels)
        rows = in_chunks(
            lambda chunk, padded: self.sampler.draw(seed, chunk, padded), start, count, labels
        )
        table = self.encoding.decode(rows)
        if labels is None:
            return table
        place = [column.name for column in self.columns].index(self.target)
        return Table(self.columns, np.insert(table.values, place, labels, axis=1), self.target)

    def log_likelihood(self, table: Table) -> np.ndarray:
        """ln p of each row's standardized columns, given its class if there are classes.

        Args:
          table: with the columns of the data.

        Returns: float64 (rows,), in nats.
        """
        rows = self._encoded(table)
        if not self.num_classes:
            return log_density(rows, self.mixtures[0])
        found = np.empty(len(table))
        for label, mixture in enumerate(self.mixtures):
            mine = table.labels == label
            found[mine] = log_density(rows[mine], mixture)
        return found

    def _encoded(self, table: Table) -> np.ndarray:
        return self.encoding.encode(table.without_target() if self.num_classes else table)

    def describe(self) -> dict:
        return {
            "encoding": self.encoding.describe(),
            "columns": [column.describe() for column in self.columns],
            "target": self.target,
            "num_classes": self.num_classes,
            "components": [len(mixture.p) for mixture in self.mixtures],
        }

    def arrays(self) -> dict[str, np.ndarray]:
        arrays = {"shares": self.shares, **mixture_arrays(self.mixtures)}
        return arrays | self.encoding.arrays()

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TableMixture":
        encoding = Encoding.restore(description["encoding"], arrays)
        columns = tuple(map(Column.restore, description["columns"]))
        return cls(
            encoding,
            restored_mixtures(description["components"], arrays),
            arrays["shares"],
            columns,
            description["target"],
            int(description["num_classes"]),
        )


class TableLearner(MixtureLearner):
    """Mixtures of rows in training, one a class if the target has classes.

    Args:
      dataset: the table; `test` is not looked at.
      settings: a BaselineSettings.
    """

    def __init__(self, dataset: TableDataset, settings):
        self.dataset = dataset
        self.num_classes = dataset.num_classes if settings.per_class else 0
        train, validation = dataset.train, dataset.validation
        if self.num_classes:
            train, validation = train.without_target(), validation.without_target()
        self.encoding = Encoding.fit(train)
        super().__init__(
            by_class(self.encoding.encode(train), dataset.train.labels, self.num_classes),
            by_class(self.encoding.encode(validation), dataset.validation.labels, self.num_classes),
            [f"class {name}" for name in dataset.class_names[: self.num_classes]] or ["the data"],
            candidate_numbers(settings.components, settings.max_components),
            settings.covariance == "full",
            settings.covariance_floor,
            settings.tolerance,
            settings.seed,
        )

    def generator(self) -> TableMixture:
        counts = np.array([len(rows) for rows in self.train])
        train = self.dataset.train
        return TableMixture(
            self.encoding,
            self.chosen(),
            counts / counts.sum(),
            train.columns,
            train.target,
            self.num_classes,
        )
