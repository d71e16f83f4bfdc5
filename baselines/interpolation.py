"""Samples between neighbours (chapter 3.2.3, interpolation): SMOTE.

    x = a + u (b - a),    u uniform in [0, 1)

a is a training sample of the class asked for, drawn at random, and b one of its k nearest
neighbours of that class. Nothing is modelled: each sample lies on a line between two training
samples, which is why it fits well and hides them badly (`evaluate table`, attack_auc).

Reference: Chawla, Bowyer, Hall and Kegelmeyer 2002, SMOTE: Synthetic Minority Over-sampling
  Technique, sections 4.2 and 6.1.
"""

import dataclasses
from collections.abc import Callable
from typing import ClassVar

import numpy as np

from baselines.parts.draws import CHUNK, INTERPOLATION, in_chunks, uniforms
from baselines.trained import load_baseline
from baselines.vae.images import ImageVae
from data.images.dataset import ImageDataset
from data.tables.dataset import Table, TableDataset
from data.tables.encoding import Encoding
from foundation.errors import InputError
from training.generator import check_labels

BLOCK_BYTES = 2**27  # of the distances that are held at a time
VAE_PREFIX = "vae_"  # of its weights' names among the arrays of a run


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
    def of(cls, rows: np.ndarray, labels: np.ndarray | None, k: int) -> "Neighbourhood":
        """Find the neighbours, by Euclidean distance.

        Raises: InputError for a class of one row, which has no neighbour.
        """
        labels = np.zeros(len(rows), np.int64) if labels is None else labels
        nearest = np.zeros((len(rows), k), np.int32)
        counts = np.zeros(len(rows), np.int64)
        for label in np.unique(labels):
            members = np.flatnonzero(labels == label)
            if len(members) < 2:
                raise InputError(
                    f"class {label} has 1 training sample to interpolate from",
                    "at least 2",
                    "add samples of this class or remove it",
                )
            found = nearest_others(rows[members], min(k, len(members) - 1))
            nearest[members, : found.shape[1]] = members[found]
            counts[members] = found.shape[1]
        return cls(rows, labels, nearest, counts)

    def draw(
        self, seed: int, start: int, count: int, labels: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which row each sample starts from, which it moves to, and how far.

        Returns: two int64 arrays of places (count,), and u, float64 (count,).
        """
        u = uniforms(seed, INTERPOLATION, start, count, 3)
        labels = np.zeros(count, np.int64) if labels is None else labels
        by_class = np.argsort(self.labels, kind="stable")
        sizes = np.bincount(self.labels)
        first = np.cumsum(sizes) - sizes
        base = by_class[first[labels] + (u[:, 0] * sizes[labels]).astype(np.int64)]
        choice = (u[:, 1] * self.counts[base]).astype(np.int64)
        return base, self.nearest[base, choice].astype(np.int64), u[:, 2]

    def points(self, base: np.ndarray, other: np.ndarray, shares: np.ndarray) -> np.ndarray:
        """a + u (b - a), float (count, d)."""
        kind = np.result_type(self.rows, np.float32)
        a, b = self.rows[base].astype(kind), self.rows[other].astype(kind)
        return a + shares[:, None].astype(kind) * (b - a)

    def arrays(self) -> dict[str, np.ndarray]:
        """The fields by name."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    @classmethod
    def restore(cls, arrays: dict[str, np.ndarray]) -> "Neighbourhood":
        """What `arrays` stored."""
        return cls(*(arrays[field.name] for field in dataclasses.fields(cls)))


def nearest_others(rows: np.ndarray, k: int) -> np.ndarray:
    """The k nearest other rows of each row, nearest first.

    Args:
      rows: (n, d), n > k; uint8 rows are compared in float32.

    Returns: int64 (n, k).
    """
    rows = rows.astype(np.result_type(rows, np.float32))
    rows = rows - rows.mean(axis=0)  # distances stay, the cancellation below shrinks
    norms = np.einsum("nd,nd->n", rows, rows)
    nearest = np.empty((len(rows), k), np.int64)
    block = max(1, BLOCK_BYTES // (len(rows) * rows.itemsize))
    for start in range(0, len(rows), block):
        part = rows[start : start + block]
        distances = norms - 2 * (part @ rows.T)  # less |part|^2, the same for all of a row
        own = np.arange(len(part))
        distances[own, start + own] = np.inf
        found = np.argpartition(distances, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(distances, found, axis=1), axis=1, kind="stable")
        nearest[start : start + block] = np.take_along_axis(found, order, axis=1)
    return nearest


class ImageInterpolation:
    """Images between a training image and one of its nearest: pixel by pixel, or by their codes.

    Args:
      neighbourhood: of the images' pixels, or of the codes that `vae` gives them.
      image_shape: (height, width, channels).
      num_classes: 0 without classes.
      vae: what decodes a point between two codes; None: between pixels.
    """

    kind: ClassVar[str] = "images"

    def __init__(
        self,
        neighbourhood: Neighbourhood,
        image_shape: tuple[int, int, int],
        num_classes: int,
        vae: ImageVae | None = None,
    ):
        self.neighbourhood, self.vae = neighbourhood, vae
        self.image_shape, self.num_classes = tuple(image_shape), num_classes

    @classmethod
    def fit(cls, data: ImageDataset, settings: object) -> "ImageInterpolation":
        """Find the `settings.neighbours` nearest training images of each, within its class.

        With `settings.latent`, the run of a VAE: those with the nearest mean codes.

        Raises: InputError for a class of one image, and for a run that is no VAE of such images.
        """
        images, labels = data.train.images, data.train.labels
        vae = None if settings.latent is None else vae_of(settings.latent, data)
        rows = images.reshape(len(images), -1) if vae is None else vae.encode(images, labels)
        found = Neighbourhood.of(rows, labels, settings.neighbours)
        return cls(found, data.image_shape, data.num_classes, vae)

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """See `Generator.sample`: uint8 (count, height, width, channels)."""
        if self.vae is not None and count:
            latent = LatentInterpolation(self.neighbourhood, self.vae.decode, self.num_classes)
            return latent.sample(seed, start, count, labels)
        labels = check_labels(self.num_classes, count, labels)
        points = self.neighbourhood.points(*self.neighbourhood.draw(seed, start, count, labels))
        return np.rint(points).astype(np.uint8).reshape(-1, *self.image_shape)

    def describe(self) -> dict:
        """See `Generator.describe`."""
        return {
            "image_shape": list(self.image_shape),
            "num_classes": self.num_classes,
            "vae": self.vae and self.vae.describe(),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """See `Generator.arrays`."""
        weights = self.vae.arrays() if self.vae else {}
        named = {VAE_PREFIX + name: weight for name, weight in weights.items()}
        return self.neighbourhood.arrays() | named

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "ImageInterpolation":
        """See `Generator.restore`."""
        shape, classes = tuple(description["image_shape"]), int(description["num_classes"])
        vae = None
        if description["vae"] is not None:
            weights = {
                name.removeprefix(VAE_PREFIX): array
                for name, array in arrays.items()
                if name.startswith(VAE_PREFIX)
            }
            vae = ImageVae.restore(description["vae"], weights)
        return cls(Neighbourhood.restore(arrays), shape, classes, vae)


def vae_of(run: str, data: ImageDataset) -> ImageVae:
    """The VAE of a run, that it may encode the images of `data`.

    Raises: InputError if it is the run of another model, or of images of another form.
    """
    found = load_baseline(run).generator
    if not isinstance(found, ImageVae):
        raise InputError(
            f"--latent {run}, a {type(found).__name__}",
            "the run of a variational autoencoder",
            "train one: python run.py baseline train vae",
        )
    if (found.image_shape, found.num_classes) != (data.image_shape, data.num_classes):
        raise InputError(
            f"--latent {run}, for images {found.image_shape} of {found.num_classes} classes",
            f"a VAE for images {data.image_shape} of {data.num_classes} classes",
            "train one on these data: python run.py baseline train vae --data ...",
        )
    return found


class TableInterpolation:
    """Rows between a training row and one of its nearest, in standardized columns.

    A category is the one that most of the k neighbours have (SMOTE-NC), ties going to the row's
    own. Categories that are rare everywhere die out by that, which the total variation shows.
    """

    kind: ClassVar[str] = "table"

    def __init__(self, neighbourhood: Neighbourhood, encoding: Encoding, num_classes: int):
        self.neighbourhood, self.encoding = neighbourhood, encoding
        self.num_classes = num_classes
        self.class_shares = None
        if num_classes:
            counts = np.bincount(neighbourhood.labels, minlength=num_classes)
            self.class_shares = counts / counts.sum()

    @classmethod
    def fit(cls, data: TableDataset, settings: object) -> "TableInterpolation":
        """Find the `settings.neighbours` nearest training rows of each, within its class.

        Raises: InputError for a class of one row.
        """
        encoding = Encoding.fit(data.train)
        rows = encoding.encode(data.train)
        found = Neighbourhood.of(rows, data.train.labels, settings.neighbours)
        return cls(found, encoding, data.num_classes)

    def sample(self, seed: int, start: int, count: int, labels: np.ndarray | None = None) -> Table:
        """See `Generator.sample`: a Table; its target is the label."""
        labels = check_labels(self.num_classes, count, labels)
        base, other, shares = self.neighbourhood.draw(seed, start, count, labels)
        points = self.neighbourhood.points(base, other, shares)
        for column, block in zip(self.encoding.columns, self.encoding.blocks, strict=True):
            if not column.is_numeric:
                points[:, block] = self._votes(base, block)
        return self.encoding.decode(points)

    def _votes(self, base: np.ndarray, block: slice) -> np.ndarray:
        """Neighbours that have each category, and half a vote of the row itself: (count, width)."""
        neighbourhood = self.neighbourhood
        held = neighbourhood.rows[:, block] > 0  # (n, width)
        voters = np.arange(neighbourhood.nearest.shape[1]) < neighbourhood.counts[base, None]
        votes = held[neighbourhood.nearest[base]] & voters[:, :, None]  # (count, k, width)
        return votes.sum(axis=1) + 0.5 * held[base]

    def describe(self) -> dict:
        """See `Generator.describe`."""
        return {"encoding": self.encoding.describe(), "num_classes": self.num_classes}

    def arrays(self) -> dict[str, np.ndarray]:
        """See `Generator.arrays`."""
        return self.neighbourhood.arrays() | self.encoding.arrays()

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TableInterpolation":
        """See `Generator.restore`."""
        encoding = Encoding.restore(description["encoding"], arrays)
        return cls(Neighbourhood.restore(arrays), encoding, int(description["num_classes"]))


class LatentInterpolation:
    """What `between` returns; it samples as a Generator does."""

    def __init__(self, neighbourhood: Neighbourhood, decode: Callable, num_classes: int):
        self.neighbourhood, self.decode, self.num_classes = neighbourhood, decode, num_classes

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """See `Generator.sample`; what the decoder makes. Count is at least 1."""
        labels = check_labels(self.num_classes, count, labels)

        def decoded(chunk: int, labels: np.ndarray | None) -> np.ndarray:
            drawn = self.neighbourhood.draw(seed, chunk * CHUNK, CHUNK, labels)
            return self.decode(self.neighbourhood.points(*drawn), labels)

        return in_chunks(decoded, start, count, labels)


def between(
    codes: np.ndarray,
    decode: Callable[[np.ndarray, np.ndarray | None], np.ndarray],
    labels: np.ndarray | None = None,
    neighbours: int = 5,
) -> LatentInterpolation:
    """Interpolation in a latent space: neighbours among codes, and a decoder for the points.

    Between two pixels lies a double exposure; between two codes of a good model lies an image.

    Args:
      codes: float (n, d), of training samples.
      decode: (codes float (CHUNK, d), labels int64 (CHUNK,) or None) -> samples (CHUNK, ...).
      labels: int64 (n,), in which every class up to the largest occurs; None without classes.
      neighbours: k.

    Raises: InputError for a class of one code.

    Example:
      >>> codes = np.array([[0.0], [1.0], [10.0], [11.0]])
      >>> drawn = between(codes, lambda codes, labels: codes, neighbours=1).sample(0, 0, 100)
      >>> bool(((drawn <= 1) | (drawn >= 10)).all())
      True
    """
    num_classes = 0 if labels is None else int(labels.max()) + 1
    return LatentInterpolation(Neighbourhood.of(codes, labels, neighbours), decode, num_classes)
