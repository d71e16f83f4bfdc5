"""Marginals and a Gaussian copula for rows of numbers, for tables and for images."""

import dataclasses
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from scipy.special import ndtri

from baselines.config import BaselineSettings
from baselines.parts.draws import CHUNK, check_class, in_chunks
from baselines.parts.pca import Pca
from data.images.dataset import ImageDataset
from data.tables.dataset import Column, Table, TableDataset
from data.tables.encoding import NormalScores
from foundation.purposes import INVERSE_TRANSFORM, rng
from training.generator import check_labels


@dataclasses.dataclass(frozen=True, eq=False)
class Copula:
    """Marginals and a Gaussian copula for rows of numbers.

    Args:
      ordered: float64 (n, d), each column in ascending order, its NaN (no value) last: the
        marginals.
      root: float64 (d, d), root @ root.T = R.
    """

    ordered: np.ndarray
    root: np.ndarray

    @classmethod
    def fit(cls, rows: np.ndarray, dependent: bool = True, coarse: Sequence[int] = ()) -> "Copula":
        """From rows (n, d), n >= 2; without `dependent` R is the identity.

        Each correlation is that of the rows which have both values. Those of `coarse` columns,
        which hold categories, are divided by what cutting z into these takes away from them.
        """
        ordered = np.sort(rows, axis=0)
        if not dependent:
            return cls(ordered, np.eye(rows.shape[1]))
        pairs = zip(ordered.T, rows.T, strict=True)
        scores = np.stack([_scale(column).forward(x) for column, x in pairs], axis=1)
        known = ~np.isnan(rows)
        scores = np.where(known, scores, 0.0)
        lengths = np.linalg.norm(scores, axis=0)
        scores /= np.where(lengths > 0, lengths, 1.0)  # a constant column has scores 0 only
        counts, both = known.sum(axis=0), known.astype(np.float64).T @ known
        shares = np.sqrt(np.outer(counts, counts)) / np.maximum(both, 1.0)  # 1 where all are known
        kept = np.array([_kept(c) if i in coarse else 1.0 for i, c in enumerate(ordered.T)])
        correlation = (scores.T @ scores * shares / np.outer(kept, kept)).clip(-1.0, 1.0)
        np.fill_diagonal(correlation, 1.0)
        # R has eigenvalues of 0 where columns repeat each other or outnumber the rows; Cholesky
        # would fail there, this root does not.
        values, vectors = np.linalg.eigh(correlation)
        return cls(ordered, vectors * np.sqrt(values.clip(min=0.0)))

    def transform(self, independent: np.ndarray) -> np.ndarray:
        """Rows of the distribution, from independent standard normal numbers (count, d)."""
        pairs = zip(self.ordered.T, (independent @ self.root.T).T, strict=True)
        return np.stack([_scale(column).backward(z) for column, z in pairs], axis=1)


def _scale(ordered: np.ndarray) -> NormalScores:
    """Of the values that are known; where none is, 0 stands for them."""
    known = ordered[~np.isnan(ordered)]
    return NormalScores(known if len(known) else np.zeros(1))


def _kept(ordered: np.ndarray) -> float:
    """The correlation of z with the normal score of the category into which it is cut.

    Reference: Olsson, Drasgow and Dorans 1982, The polyserial correlation coefficient.
    """
    known = ordered[~np.isnan(ordered)]
    counts = np.unique(known, return_counts=True)[1]
    if len(counts) < 2:
        return 1.0
    ends = np.cumsum(counts) / counts.sum()
    shares, scores = counts / counts.sum(), ndtri(ends - counts / counts.sum() / 2)
    heights = np.exp(-(ndtri(np.append(0.0, ends)) ** 2) / 2) / np.sqrt(2 * np.pi)
    centred = scores - shares @ scores
    return float(-np.diff(heights) @ centred / np.sqrt(shares @ centred**2))


class ClassCopulas:
    """One Copula for each class, or a single one."""

    def __init__(self, copulas: list[Copula], num_classes: int):
        self.copulas, self.num_classes = copulas, num_classes
        counts = np.array([len(copula.ordered) for copula in copulas])
        self.class_shares = counts / counts.sum() if num_classes else None  # of the fitted rows

    @classmethod
    def fit(
        cls,
        rows: np.ndarray,
        labels: np.ndarray | None,
        class_names: tuple[str, ...],
        dependent: bool,
        coarse: Sequence[int] = (),
    ) -> "ClassCopulas":
        """From rows (n, d) and their classes, if these are to be kept apart; else () of names.

        Raises: InputError for a class of fewer than 2 rows.
        """
        if not class_names:
            labels = np.zeros(len(rows), np.int64)
        copulas = []
        for label, name in enumerate(class_names or ("of all",)):
            members = rows[labels == label]
            check_class(name, len(members))
            copulas.append(Copula.fit(members, dependent, coarse))
        return cls(copulas, len(class_names))

    def rows(self, seed: int, chunk: int, labels: np.ndarray | None) -> np.ndarray:
        """The rows of a whole chunk, (CHUNK, d): for each class a whole product, then its rows."""
        width = self.copulas[0].ordered.shape[1]
        normal = rng(seed, INVERSE_TRANSFORM, chunk).standard_normal((CHUNK, width))
        if labels is None:
            return self.copulas[0].transform(normal)
        made = np.empty_like(normal)
        for label in np.unique(labels):
            made[labels == label] = self.copulas[label].transform(normal)[labels == label]
        return made

    def arrays(self) -> dict[str, np.ndarray]:
        found = {}
        for label, copula in enumerate(self.copulas):
            found |= {f"ordered_{label}": copula.ordered, f"root_{label}": copula.root}
        return found

    @classmethod
    def restore(cls, num_classes: int, arrays: dict[str, np.ndarray]) -> "ClassCopulas":
        labels = range(max(num_classes, 1))
        copulas = [Copula(arrays[f"ordered_{label}"], arrays[f"root_{label}"]) for label in labels]
        return cls(copulas, num_classes)


class TableInverseTransform:
    """Rows of a table. Categories are ordered as in their Column and take part by their rank."""

    kind: ClassVar[str] = "table"

    def __init__(self, copulas: ClassCopulas, columns: tuple[Column, ...], target: str | None):
        self.copulas, self.columns, self.target = copulas, columns, target
        self.num_classes, self.class_shares = copulas.num_classes, copulas.class_shares

    def sample(self, seed: int, start: int, count: int, labels: np.ndarray | None = None) -> Table:
        """See `Generator.sample`. Count is at least 1."""
        labels = check_labels(self.num_classes, count, labels)
        values = in_chunks(
            lambda chunk, labels: self.copulas.rows(seed, chunk, labels), start, count, labels
        )
        for index, column in enumerate(self.columns):
            values[:, index] = column.legal(values[:, index])
        return Table(self.columns, values, self.target).emptied()

    def describe(self) -> dict:
        columns = [column.describe() for column in self.columns]
        return {"columns": columns, "target": self.target, "num_classes": self.num_classes}

    def arrays(self) -> dict[str, np.ndarray]:
        return self.copulas.arrays()

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TableInverseTransform":
        copulas = ClassCopulas.restore(int(description["num_classes"]), arrays)
        columns = tuple(map(Column.restore, description["columns"]))
        return cls(copulas, columns, description["target"])


def fit_table(data: TableDataset, settings: BaselineSettings) -> TableInverseTransform:
    """Learn marginals, and with `settings.copula` their dependence.

    With `settings.per_class` and a categorical target there is a distribution for each class;
    else the target is a column like the others.

    Raises: InputError for a class of one row.
    """
    train, names = data.train, data.class_names if settings.per_class else ()
    coarse = [  # not the target, which has a distribution of each class, or is one of them
        index
        for index, column in enumerate(train.columns)
        if not column.is_numeric and index != train.target_index
    ]
    copulas = ClassCopulas.fit(train.values, train.labels, names, settings.copula, coarse)
    return TableInverseTransform(copulas, train.columns, train.target)


class ImageInverseTransform:
    """Images, as the inverse transform of their principal components.

    Those of a class are nearly, but not quite, uncorrelated and bell-shaped: marginals and copula
    take them as they are. What PCA leaves out is left out.
    """

    kind: ClassVar[str] = "images"

    def __init__(self, copulas: ClassCopulas, pca: Pca, image_shape: tuple[int, int, int]):
        self.copulas, self.pca, self.image_shape = copulas, pca, image_shape
        self.num_classes = copulas.num_classes

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """See `Generator.sample`: uint8 (count, height, width, channels). Count is at least 1."""
        labels = check_labels(self.num_classes, count, labels)

        def images(chunk: int, labels: np.ndarray | None) -> np.ndarray:
            pixels = self.pca.decode(self.copulas.rows(seed, chunk, labels))
            return np.rint(pixels.clip(0, 255)).astype(np.uint8)

        return in_chunks(images, start, count, labels).reshape(-1, *self.image_shape)

    def describe(self) -> dict:
        return {"image_shape": list(self.image_shape), "num_classes": self.num_classes}

    def arrays(self) -> dict[str, np.ndarray]:
        return self.copulas.arrays() | self.pca.arrays()

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "ImageInverseTransform":
        copulas = ClassCopulas.restore(int(description["num_classes"]), arrays)
        return cls(copulas, Pca.restore(arrays), tuple(description["image_shape"]))


def fit_images(data: ImageDataset, settings: BaselineSettings) -> ImageInverseTransform:
    """As `fit_table`, of the first `settings.pca_dims` components.

    Raises: InputError for a class of one image, or images too large for PCA.
    """
    train = data.train
    rows = train.images.reshape(len(train), -1)  # uint8 (count, pixels)
    pca = Pca.fit(rows, settings.pca_dims)
    names = data.class_names if settings.per_class else ()
    copulas = ClassCopulas.fit(pca.encode(rows), train.labels, names, settings.copula)
    return ImageInverseTransform(copulas, pca, data.image_shape)
