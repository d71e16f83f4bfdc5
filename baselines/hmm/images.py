"""Images from a hidden Markov model (chapter 4.1.1): each is a series of rows of pixels.

A step is one row, from top to bottom; the state says what kind of row it is, and the states before
what may follow. Pixels of a row are independent given the state, so samples are grainy.
"""

import math
from typing import ClassVar

import numpy as np

from baselines.hmm.emissions import Gaussian
from baselines.hmm.fit import Hmm, HmmLearner, Streams
from baselines.hmm.gaussian import draw_series, model_arrays, restored_models, series_log_likelihood
from baselines.parts.pixels import to_images
from data.images.load import ImageDataset
from foundation.errors import InputError
from training.generator import check_labels, fit_in_memory


class ImageHmm:
    """Images as series of rows (training.generator.Generator, Density).

    The density is over pixels in [0, 1], in nats an image.

    Args:
      models: of each class, or a single one.
      shares: p of each class, (models,).
      image_shape: (height, width, channels).
      class_names: of the labels; empty without.
    """

    kind: ClassVar[str] = "images"

    def __init__(
        self,
        models: list[Hmm],
        shares: np.ndarray,
        image_shape: tuple[int, int, int],
        class_names: tuple[str, ...],
    ):
        self.models, self.shares = models, shares
        self.image_shape, self.class_names = image_shape, class_names
        self.num_classes = len(class_names)

    @classmethod
    def fit(cls, data: ImageDataset, settings) -> "ImageHmm":
        """Fit to data.train (see Generator)."""
        return fit_in_memory(ImageLearner(data, settings), settings.epochs)

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Images, uint8 (count, height, width, channels); see Generator."""
        labels = check_labels(self.num_classes, count, labels)
        chosen = np.zeros(count, np.int64) if labels is None else labels
        rows = draw_series(self.models, chosen, seed, start, self.image_shape[0])
        return to_images(rows, self.image_shape)

    def log_likelihood(self, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """ln p of each image in nats: float64 (count,).

        Args:
          images: uint8 (count, height, width, channels).
          labels: with them, ln p(image | label); without, ln sum_label p(label) p(image | label).
        """
        series = image_series(images)
        if labels is not None:
            labels = check_labels(self.num_classes, len(images), labels)
            found = np.empty(len(images))
            for label, model in enumerate(self.models):
                found[labels == label] = series_log_likelihood(model, series[labels == label])
            return found
        joint = [
            math.log(share) + series_log_likelihood(model, series)
            for share, model in zip(self.shares, self.models, strict=True)
        ]
        return np.logaddexp.reduce(joint, axis=0)

    def describe(self) -> dict:
        return {
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
            "states": len(self.models[0].pi),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        return {"shares": self.shares, **model_arrays(self.models)}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "ImageHmm":
        return cls(
            restored_models(arrays),
            arrays["shares"],
            tuple(description["image_shape"]),
            tuple(description["class_names"]),
        )


class ImageLearner(HmmLearner):
    """Baum-Welch on images, one model a class if there are classes; nats an image.

    Args:
      dataset: real images; `test` is not looked at.
      settings: a BaselineSettings.
    """

    def __init__(self, dataset: ImageDataset, settings):
        self.dataset = dataset
        labelled = settings.per_class and dataset.num_classes > 0
        self.class_names = dataset.class_names if labelled else ()
        groups = range(len(self.class_names) or 1)
        train, validation = (
            [
                image_streams(split.images[split.labels == group] if labelled else split.images)
                for group in groups
            ]
            for split in (dataset.train, dataset.validation)
        )
        for name, streams in zip(self.class_names or ("the data",), train, strict=True):
            if not streams.observations:
                raise InputError(
                    f"no training image of class {name}",
                    "at least one of each class",
                    "use more images (--max-images), or --no-per-class",
                )
        _, width, channels = dataset.image_shape
        super().__init__(
            train,
            validation,
            Gaussian(width * channels, settings.covariance_floor),
            settings.states,
            settings.batch_size,
            settings.smoothing,
            settings.tolerance,
            settings.seed,
        )
        self.panels = {"nats an image": self.panels["nats an observation"]}

    def generator(self) -> ImageHmm:
        counts = np.array([streams.observations for streams in self.train])
        shape = self.dataset.image_shape
        return ImageHmm(self.models(), counts / counts.sum(), shape, self.class_names)


def image_series(images: np.ndarray) -> np.ndarray:
    """uint8 (count, height, width, channels) to float32 (count, height, width * channels).

    Returns: values in [0, 1].
    """
    return images.reshape(*images.shape[:2], -1).astype(np.float32) / np.float32(255)


def image_streams(images: np.ndarray) -> Streams:
    """Every image a stream; the observations are the images."""
    x = np.ascontiguousarray(image_series(images).transpose(1, 0, 2))  # (T, S, columns)
    return Streams(x, np.ones(x.shape[:2]), len(images))
