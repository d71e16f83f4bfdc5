"""Every metric of synthetic images, in groups that are computed together.

A group is a function (candidate, real side) -> {metric name: {"value": ..., details}}. It is called
with the synthetic images, and again with real images in their place. `GROUPS` lists them. A group
lets an InputError pass ("too few samples", "no labels"); the caller makes a reason of it.
"""

import dataclasses
import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from data.images.load import ImageDataset, ImageSplit
from evaluation.images.features import FeatureNetwork
from evaluation.metrics.arrays import image_rows
from evaluation.metrics.likeness.different_bins import DataBins, different_bins, jensen_shannon
from evaluation.metrics.likeness.frechet import frechet_distance
from evaluation.metrics.likeness.parzen import SIGMA_POINTS, parzen_score
from evaluation.metrics.likeness.precision_recall import precision_recall_density_coverage
from evaluation.metrics.privacy.nearest import exact_copies, nearest_images, nearest_rows
from foundation.errors import InputError

CLOSEST_PAIRS = 20  # listed in the report, for the picture
BINNED_VALUES = 2**27  # pixels in float32: 512 MB


class ImageSet:
    """Images in every form that a metric takes; each form is computed once, when first needed.

    Args:
      images: uint8, shape (count, height, width, channels).
      labels: int, shape (count,), or None.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray | None, network: FeatureNetwork):
        self.images, self.labels, self.network = images, labels, network

    @classmethod
    def of(cls, split: ImageSplit, network: FeatureNetwork) -> "ImageSet":
        """The images and labels of a split."""
        return cls(split.images, split.labels, network)

    @functools.cached_property
    def _outputs(self) -> tuple[np.ndarray, np.ndarray]:
        return self.network.outputs(self.images)

    @property
    def features(self) -> np.ndarray:
        """float32, shape (count, 64)."""
        return self._outputs[0]

    @property
    def classes(self) -> np.ndarray:
        """What the network takes each image for; int64, shape (count,)."""
        return self._outputs[1].argmax(axis=1)

    @functools.cached_property
    def rows(self) -> np.ndarray:
        """Pixels in [0, 1]; float32, shape (count, pixels)."""
        return image_rows("images", self.images)


@dataclasses.dataclass(frozen=True)
class RealSide:
    """The real images that candidates are measured against.

    Args:
      held_out: images kept from all training.
      split: which: "test" or "validation".
      dataset: all of the real data.
      network: trained on dataset.train only.
    """

    held_out: ImageSet
    split: str
    dataset: ImageDataset
    network: FeatureNetwork

    @functools.cached_property
    def training(self) -> ImageSet:
        """All training images."""
        return ImageSet(self.dataset.train.images, self.dataset.train.labels, self.network)

    @functools.cached_property
    def bins(self) -> DataBins:
        """Bins of the training images; of as many as fit in 512 MB."""
        images = self.dataset.train.images
        held = BINNED_VALUES // images[0].size
        if len(images) > held:
            images = images[np.random.default_rng(0).permutation(len(images))[:held]]
        return DataBins(image_rows("training images", images))


def frechet(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Distance between the two Gaussians that fit the features: fidelity and diversity in one."""
    distance = frechet_distance(candidate.features, real.held_out.features)
    return {"frechet_distance": {"value": distance}}


def neighbours(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Precision and density (fidelity), recall and coverage (diversity), in the features."""
    found = precision_recall_density_coverage(real.held_out.features, candidate.features)
    return {name: {"value": value} for name, value in found.items()}


def confirmation(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """How often the network, trained on real images, finds the label each image was made for."""
    _require_classes(real)
    if candidate.labels is None:
        raise InputError("samples without labels", "labels", "train a conditional generator")
    return {"class_confirmed": {"value": float((candidate.classes == candidate.labels).mean())}}


def class_shares(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Share of each class, as the network sees it: which classes are drawn too often or never."""
    return {"class_shares": {"value": _shares(candidate, real).tolist()}}


def class_distance(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Total variation between those shares and the held-out images': 0 (equal) to 1 (disjoint)."""
    difference = _shares(candidate, real) - _shares(real.held_out, real)
    return {"class_distance": {"value": float(np.abs(difference).sum() / 2)}}


def parzen(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Log-likelihood, in nats, of held-out images under a Parzen window around the candidates."""
    validation = image_rows("validation images", real.dataset.validation.images)
    if real.split == "test":
        points = image_rows("test images", real.dataset.test.images)  # all, as published
    else:  # what chose sigma cannot also score it
        boundary = min(SIGMA_POINTS, len(validation) // 2)
        validation, points = validation[:boundary], validation[boundary:]
    score = parzen_score(candidate.rows, validation, points)
    value = score.pop("log_likelihood")
    return {"parzen_log_likelihood": {"value": value, **score}}


def bins(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """How differently candidates and training images fill the training data's regions (pixels)."""
    count = min(len(candidate.images), len(real.held_out.images))  # NDB grows with it
    training, found = real.bins.counts, real.bins.count(candidate.rows[:count])
    return {
        "different_bins": {"value": different_bins(training, found), "bins": len(training)},
        "jensen_shannon": {"value": jensen_shannon(training, found)},
    }


def memorisation(candidate: ImageSet, real: RealSide) -> dict[str, dict]:
    """Distance to the nearest training image, in pixels and in features, and exact copies."""
    training = real.dataset.train.images
    indices, distances = nearest_images(candidate.images, training)
    _, feature_distances = nearest_rows(candidate.features, real.training.features)
    closest = np.argsort(distances, kind="stable")[:CLOSEST_PAIRS]
    return {
        "nearest_training_pixels": {
            "value": float(distances.mean()),
            "closest": [
                {"sample": int(i), "training": int(indices[i]), "distance": float(distances[i])}
                for i in closest
            ],
        },
        "nearest_training_features": {"value": float(feature_distances.mean())},
        "exact_copies": {"value": int(exact_copies(candidate.images, training).sum())},
    }


def _shares(candidate: ImageSet, real: RealSide) -> np.ndarray:
    _require_classes(real)
    counts = np.bincount(candidate.classes, minlength=real.dataset.num_classes)
    return counts / len(candidate.images)


def _require_classes(real: RealSide) -> None:
    """Raises: InputError unless the feature network learned classes; else it tells turns apart."""
    if real.dataset.num_classes < 2:
        found = "one class" if real.dataset.num_classes else "no labels"
        raise InputError(
            f"data with {found}", "at least two classes", "sort them into one sub-folder per class"
        )


class Group(NamedTuple):
    """Metrics computed together.

    Args:
      compute: (candidate, real side) -> {name: {"value": ..., details}}.
      names: what it yields, so that a group without an answer still has its lines.
      stand_in: which real images take the candidate's place for the reference: "training" (as many,
        where candidates are compared with held-out images) or "held_out" (where they are compared
        with the training images, or with nothing but their own labels).
    """

    compute: Callable[[ImageSet, RealSide], dict[str, dict]]
    names: tuple[str, ...]
    stand_in: str


GROUPS = (
    Group(frechet, ("frechet_distance",), "training"),
    Group(neighbours, ("precision", "recall", "density", "coverage"), "training"),
    Group(confirmation, ("class_confirmed",), "held_out"),
    Group(class_shares, ("class_shares",), "held_out"),
    Group(class_distance, ("class_distance",), "training"),
    Group(parzen, ("parzen_log_likelihood",), "training"),
    Group(bins, ("different_bins", "jensen_shannon"), "held_out"),
    Group(
        memorisation,
        ("nearest_training_pixels", "nearest_training_features", "exact_copies"),
        "held_out",
    ),
)
