"""Training rows, their nearest others, and the points between them."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from baselines.parts.draws import CHUNK, check_class, in_chunks
from foundation.purposes import INTERPOLATION, rng


@dataclasses.dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Training rows, and of each the nearest others of its class.

    Args:
      rows: float (n, d), or uint8 where these are pixels.
      labels: int64 (n,); all 0 without classes.
      nearest: int32 (n, k), places of the nearest rows, nearest first.
      counts: int64 (n,), how many of `nearest` are true: fewer than k in a class of k rows or less.
    """

    rows: np.ndarray
    labels: np.ndarray
    nearest: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(
        cls, rows: np.ndarray, labels: np.ndarray | None, k: int, class_names: Sequence[str] = ()
    ) -> "Neighbourhood":
        """Find the neighbours, by Euclidean distance; `class_names` are for messages.

        Raises: InputError for a class of one row, which has no neighbour.
        """
        labels = np.zeros(len(rows), np.int64) if labels is None else labels
        nearest = np.zeros((len(rows), k), np.int32)
        counts = np.zeros(len(rows), np.int64)
        for label in np.unique(labels):
            members = np.flatnonzero(labels == label)
            check_class(class_names[label] if class_names else label, len(members))
            found = nearest_others(rows[members], min(k, len(members) - 1))
            nearest[members, : found.shape[1]] = members[found]
            counts[members] = found.shape[1]
        return cls(rows, labels, nearest, counts)

    def draw(
        self, seed: int, start: int, count: int, labels: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which row each sample starts from, which it moves to, and how far: u (count,)."""
        u = in_chunks(
            lambda chunk, _: rng(seed, INTERPOLATION, chunk).random((CHUNK, 3)), start, count, None
        )
        labels = np.zeros(count, np.int64) if labels is None else labels
        by_class = np.argsort(self.labels, kind="stable")
        sizes = np.bincount(self.labels)
        first = np.cumsum(sizes) - sizes
        base = by_class[first[labels] + (u[:, 0] * sizes[labels]).astype(np.int64)]
        choice = (u[:, 1] * self.counts[base]).astype(np.int64)
        return base, self.nearest[base, choice].astype(np.int64), u[:, 2]

    def sample(self, seed: int, start: int, count: int, labels: np.ndarray | None) -> np.ndarray:
        """The points start .. start + count - 1, float (count, d)."""
        return self.points(*self.draw(seed, start, count, labels))

    def points(self, base: np.ndarray, other: np.ndarray, shares: np.ndarray) -> np.ndarray:
        """a + u (b - a), float (count, d)."""
        kind = np.result_type(self.rows, np.float32)
        a, b = self.rows[base].astype(kind), self.rows[other].astype(kind)
        return a + shares[:, None].astype(kind) * (b - a)

    def arrays(self) -> dict[str, np.ndarray]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    @classmethod
    def restore(cls, arrays: dict[str, np.ndarray]) -> "Neighbourhood":
        return cls(*(arrays[field.name] for field in dataclasses.fields(cls)))


def nearest_others(rows: np.ndarray, k: int) -> np.ndarray:
    """The k nearest other rows of each of the rows (n, d), n > k, nearest first: int64 (n, k)."""
    from sklearn.neighbors import NearestNeighbors  # here: a second, that who draws need not wait

    rows = rows.astype(np.result_type(rows, np.float32))
    model = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(rows)
    return model.kneighbors(return_distance=False)
