"""Images from Gaussian mixtures (chapter 4.1.1, 4.2.1) over their principal components."""

import dataclasses
import math
from typing import ClassVar

import numpy as np

from baselines.config import BaselineSettings
from baselines.gmm.em import log_density
from baselines.gmm.fit import MixtureLearner, by_class
from baselines.gmm.mixtures import ClassMixtures
from baselines.parts.draws import in_chunks
from baselines.parts.pca import Pca, to_images, to_rows
from data.images.dataset import ImageDataset
from training.generator import check_labels


@dataclasses.dataclass(frozen=True, eq=False)
class ImageMixture:
    """Gaussian mixtures over the principal components of images (training.generator.Generator).

    `sample` draws codes and puts them back into pixels. What lies outside the plane of the
    components, on average `residual_variance` a direction, is left out of the samples: it would be
    pixel noise. `log_likelihood` counts it, as a Gaussian, so it is a density of whole images.

    pca: from pixels in [0, 1] to codes.
    mixtures: of each class, or a single one.
    shares: p of each class, (mixtures,).
    floor: the variance added in every direction.
    """

    pca: Pca
    mixtures: ClassMixtures
    shares: np.ndarray
    image_shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    floor: float
    kind: ClassVar[str] = "images"

    @property
    def num_classes(self) -> int:
        return len(self.class_names)

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Images, uint8 (count, height, width, channels); see Generator."""
        labels = check_labels(self.num_classes, count, labels)

        def draw(chunk: int, padded: np.ndarray | None) -> np.ndarray:
            codes = self.mixtures.draw(seed, chunk, padded)
            return to_images(self.pca.decode(codes), self.image_shape)

        return in_chunks(draw, start, count, labels)

    def log_likelihood(self, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """ln p of each image in nats, over pixels in [0, 1], of uint8 images: float64 (count,).

        With labels, ln p(image | label); without, ln sum_label p(label) p(image | label).
        """
        rows = to_rows(images)
        codes = self.pca.encode(rows)
        residual = self.pca.residual_log_likelihood(rows, self.floor)
        if labels is not None:
            labels = check_labels(self.num_classes, len(codes), labels)
            return residual + self.mixtures.log_density(codes, labels)
        joint = [
            math.log(share) + log_density(codes, mixture)
            for share, mixture in zip(self.shares, self.mixtures.mixtures, strict=True)
        ]
        return residual + np.logaddexp.reduce(joint, axis=0)

    def describe(self) -> dict:
        return {
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
            "covariance_floor": self.floor,
            "components": self.mixtures.components,
            "pca_dims": self.pca.dims,
        }

    def arrays(self) -> dict[str, np.ndarray]:
        return {**self.pca.arrays(), "shares": self.shares, **self.mixtures.arrays()}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "ImageMixture":
        return cls(
            Pca.restore(arrays),
            ClassMixtures.restore(description["components"], arrays),
            arrays["shares"],
            tuple(description["image_shape"]),
            tuple(description["class_names"]),
            description["covariance_floor"],
        )


class ImageLearner(MixtureLearner):
    """Mixtures of images in training: principal components first, then EM in their plane.

    The components are those of all training images, so that the classes share one plane. `test` is
    not looked at.
    """

    def __init__(self, dataset: ImageDataset, settings: BaselineSettings):
        train, validation = dataset.train, dataset.validation
        self.image_shape, self.floor_value = dataset.image_shape, settings.covariance_floor
        self.class_names = dataset.class_names if settings.per_class else ()
        rows = to_rows(train.images)
        self.pca = Pca.fit(rows, settings.pca_dims)
        codes, held_out = self.pca.encode(rows), self.pca.encode(to_rows(validation.images))
        super().__init__(
            by_class(codes, train.labels, len(self.class_names)),
            by_class(held_out, validation.labels, len(self.class_names)),
            self.class_names,
            settings,
        )

    def generator(self) -> ImageMixture:
        shares = self.counts / self.counts.sum()
        about = self.image_shape, self.class_names, self.floor_value
        return ImageMixture(self.pca, self.chosen(), shares, *about)
