"""Images from Gaussian mixtures (chapter 4.1.1, 4.2.1) over their principal components."""

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from baselines.gmm.em import Mixture, log_density
from baselines.gmm.fit import MixtureLearner, candidate_numbers
from baselines.parts.draws import CHUNK, choose, in_chunks
from baselines.parts.pca import Pca
from baselines.parts.pixels import to_images, to_rows
from data.images.load import ImageDataset
from foundation.errors import InputError
from foundation.purposes import MIXTURE_DRAW, rng
from training.generator import check_labels


class MixtureSampler:
    """Draws from mixtures, one for each class.

    Args:
      mixtures: of each class, or a single one; all of the same dimension.
    """

    def __init__(self, mixtures: Sequence[Mixture]):
        self.cumulative = [np.cumsum(mixture.p) for mixture in mixtures]
        self.first = np.cumsum([0, *(len(mixture.p) for mixture in mixtures[:-1])])
        self.mu = np.concatenate([mixture.mu for mixture in mixtures])
        sigma = np.concatenate([mixture.sigma for mixture in mixtures])
        self.full = sigma.ndim == 3
        self.factors = np.linalg.cholesky(sigma) if self.full else np.sqrt(sigma)

    def draw(self, seed: int, chunk: int, labels: np.ndarray | None) -> np.ndarray:
        """x = mu_k + L_k z for a chunk, with k drawn by p: float64 (CHUNK, d).

        Args:
          labels: which mixture for each row, int (CHUNK,); None: the only one.
        """
        random = rng(seed, MIXTURE_DRAW, chunk)
        uniform, z = random.random(CHUNK), random.standard_normal((CHUNK, self.mu.shape[1]))
        labels = np.zeros(CHUNK, np.int64) if labels is None else labels
        k = np.empty(CHUNK, np.int64)
        for label, cumulative in enumerate(self.cumulative):
            mine = labels == label
            k[mine] = self.first[label] + choose(cumulative[None], uniform[mine])
        factors = self.factors[k]  # (CHUNK, d, d) or (CHUNK, d)
        scaled = np.einsum("nij,nj->ni", factors, z) if self.full else factors * z
        return self.mu[k] + scaled


class ImageMixture:
    """Gaussian mixtures over the principal components of images (training.generator.Generator).

    `sample` draws codes and puts them back into pixels. What lies outside the plane of the
    components, on average `residual_variance` a direction, is left out of the samples: it would be
    pixel noise. `log_likelihood` counts it, as a Gaussian, so it is a density of whole images.

    Args:
      pca: from pixels in [0, 1] to codes.
      mixtures: of each class, or a single one.
      shares: p of each class, (mixtures,).
      image_shape: (height, width, channels).
      class_names: of the labels; empty without.
      floor: the variance added in every direction.
    """

    kind: ClassVar[str] = "images"

    def __init__(
        self,
        pca: Pca,
        mixtures: Sequence[Mixture],
        shares: np.ndarray,
        image_shape: tuple[int, int, int],
        class_names: tuple[str, ...],
        floor: float,
    ):
        self.pca, self.mixtures, self.shares = pca, list(mixtures), shares
        self.image_shape, self.class_names, self.floor = image_shape, class_names, floor
        self.num_classes = len(class_names)
        self.sampler = MixtureSampler(self.mixtures)

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Images, uint8 (count, height, width, channels); see Generator."""
        labels = check_labels(self.num_classes, count, labels)

        def draw(chunk: int, padded: np.ndarray | None) -> np.ndarray:
            codes = self.sampler.draw(seed, chunk, padded)
            return to_images(self.pca.decode(codes), self.image_shape)

        return in_chunks(draw, start, count, labels)

    def log_likelihood(self, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """ln p of each image in nats, as a density over pixels in [0, 1]: float64 (count,).

        Args:
          images: uint8 (count, height, width, channels).
          labels: with them, ln p(image | label); without, ln sum_label p(label) p(image | label).
        """
        rows = to_rows(images)
        codes = self.pca.encode(rows)
        residual = self.pca.residual_log_likelihood(rows, self.floor)
        if labels is not None:
            labels = check_labels(self.num_classes, len(codes), labels)
            found = np.empty(len(codes))
            for label, mixture in enumerate(self.mixtures):
                found[labels == label] = log_density(codes[labels == label], mixture)
            return residual + found
        joint = [
            math.log(share) + log_density(codes, mixture)
            for share, mixture in zip(self.shares, self.mixtures, strict=True)
        ]
        return residual + np.logaddexp.reduce(joint, axis=0)

    def describe(self) -> dict:
        return {
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
            "covariance_floor": self.floor,
            "components": [len(mixture.p) for mixture in self.mixtures],
            "pca_dims": self.pca.dims,
            "pca_kept_variance": self.pca.kept_variance,
        }

    def arrays(self) -> dict[str, np.ndarray]:
        return {**self.pca.arrays(), "shares": self.shares, **mixture_arrays(self.mixtures)}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "ImageMixture":
        return cls(
            Pca.restore(arrays),
            restored_mixtures(description["components"], arrays),
            arrays["shares"],
            tuple(description["image_shape"]),
            tuple(description["class_names"]),
            description["covariance_floor"],
        )


class ImageLearner(MixtureLearner):
    """Mixtures of images in training: principal components first, then EM in their plane.

    The components are those of all training images, so that the classes share one plane.

    Args:
      dataset: real images; `test` is not looked at.
      settings: a BaselineSettings.
    """

    def __init__(self, dataset: ImageDataset, settings):
        train, validation = dataset.train, dataset.validation
        self.dataset, self.floor_value = dataset, settings.covariance_floor
        rows = to_rows(train.images)
        self.pca = Pca.fit(rows, settings.pca_dims)
        codes, held_out = self.pca.encode(rows), self.pca.encode(to_rows(validation.images))
        labelled = settings.per_class and dataset.num_classes > 0
        self.class_names = dataset.class_names if labelled else ()
        super().__init__(
            by_class(codes, train.labels, len(self.class_names)),
            by_class(held_out, validation.labels, len(self.class_names)),
            [f"class {name}" for name in self.class_names] or ["the data"],
            candidate_numbers(settings.components, settings.max_components),
            settings.covariance == "full",
            settings.covariance_floor,
            settings.tolerance,
            settings.seed,
        )

    def generator(self) -> ImageMixture:
        counts = np.array([len(rows) for rows in self.train])
        return ImageMixture(
            self.pca,
            self.chosen(),
            counts / counts.sum(),
            self.dataset.image_shape,
            self.class_names,
            self.floor_value,
        )


def by_class(rows: np.ndarray, labels: np.ndarray | None, num_classes: int) -> list[np.ndarray]:
    """The rows of each class; all of them as one group where there are no classes."""
    return [rows[labels == label] for label in range(num_classes)] if num_classes else [rows]


def mixture_arrays(mixtures: Sequence[Mixture]) -> dict[str, np.ndarray]:
    """The parameters of all mixtures, one after the other."""
    return {
        name: np.concatenate([getattr(mixture, name) for mixture in mixtures])
        for name in Mixture._fields
    }


def restored_mixtures(components: list[int], arrays: dict[str, np.ndarray]) -> list[Mixture]:
    """The mixtures that `mixture_arrays` laid out, of so many components each.

    Raises: InputError if the numbers do not fit the arrays.
    """
    if sum(components) != len(arrays["p"]):
        raise InputError(
            f"a stored mixture of {len(arrays['p'])} components where {sum(components)} are named",
            "the files that `baseline train` wrote",
            "restore them, or train again",
        )
    borders = np.cumsum(components)[:-1]
    parts = (np.split(arrays[name], borders) for name in Mixture._fields)
    return [Mixture(*parameters) for parameters in zip(*parts, strict=True)]
