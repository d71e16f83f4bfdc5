"""Rows of a table between neighbours; a category is the one that most neighbours have."""

import dataclasses
from typing import ClassVar

import numpy as np

from baselines.config import BaselineSettings
from baselines.interpolation.neighbours import Neighbourhood
from data.tables.dataset import Table, TableDataset
from data.tables.encoding import Encoding
from training.generator import check_labels


@dataclasses.dataclass(frozen=True, eq=False)
class TableInterpolation:
    """Rows between a training row and one of its nearest, in standardized columns.

    A category is the one that most of the k neighbours have (SMOTE-NC), ties going to the row's
    own. Categories that are rare everywhere die out by that, which the total variation shows.
    Gaps are those of the row it starts from; towards a row without a value nothing moves.
    """

    neighbourhood: Neighbourhood
    encoding: Encoding
    num_classes: int
    kind: ClassVar[str] = "table"

    @property
    def class_shares(self) -> np.ndarray | None:
        counts = np.bincount(self.neighbourhood.labels, minlength=self.num_classes)
        return counts / counts.sum() if self.num_classes else None

    def sample(self, seed: int, start: int, count: int, labels: np.ndarray | None = None) -> Table:
        """See `Generator.sample`: a Table; its target is the label."""
        labels = check_labels(self.num_classes, count, labels)
        base, other, shares = self.neighbourhood.draw(seed, start, count, labels)
        points = self.neighbourhood.points(base, other, shares)
        columns, blocks = self.encoding.columns, self.encoding.blocks
        held = self.neighbourhood.rows
        gaps = {c.gap_of: block for c, block in zip(columns, blocks, strict=True) if c.gap_of}
        for column, block in zip(columns, blocks, strict=True):
            if column.gap_of:
                points[:, block] = held[base, block]
            elif not column.is_numeric:
                points[:, block] = self._votes(base, block)
            elif column.name in gaps:
                is_known = held[other, gaps[column.name].start] > 0
                points[:, block] = np.where(is_known[:, None], points[:, block], held[base, block])
        return self.encoding.decode(points)

    def _votes(self, base: np.ndarray, block: slice) -> np.ndarray:
        """Neighbours that have each category, and half a vote of the row itself: (count, width)."""
        neighbourhood = self.neighbourhood
        held = neighbourhood.rows[:, block] > 0  # (n, width)
        voters = np.arange(neighbourhood.nearest.shape[1]) < neighbourhood.counts[base, None]
        votes = held[neighbourhood.nearest[base]] & voters[:, :, None]  # (count, k, width)
        return votes.sum(axis=1) + 0.5 * held[base]

    def describe(self) -> dict:
        return {"encoding": self.encoding.describe(), "num_classes": self.num_classes}

    def arrays(self) -> dict[str, np.ndarray]:
        return self.neighbourhood.arrays() | self.encoding.arrays()

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TableInterpolation":
        encoding = Encoding.restore(description["encoding"], arrays)
        return cls(Neighbourhood.restore(arrays), encoding, int(description["num_classes"]))


def fit(data: TableDataset, settings: BaselineSettings) -> TableInterpolation:
    """Find the `settings.neighbours` nearest training rows of each, within its class.

    Raises: InputError for a class of one row.
    """
    encoding = Encoding.fit(data.train)
    rows, labels = encoding.encode(data.train), data.train.labels
    found = Neighbourhood.of(rows, labels, settings.neighbours, data.class_names)
    return TableInterpolation(found, encoding, data.num_classes)
