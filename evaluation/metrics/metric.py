"""What a metric of images is: one file of this folder that ends in `METRIC = Metric(...)`.

`image_metrics` finds it by reading the folder; nothing else has to know of it. It is called with
the synthetic images, and again with real images in their place.
"""

import dataclasses
import functools
import importlib
import pkgutil
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

import evaluation.metrics
from data.images.dataset import ImageDataset, ImageSplit
from evaluation.metrics.arrays import image_rows
from foundation.errors import InputError

HELD_OUT = "real: as many other real images against the same held-out images"
AGAINST_TRAINING = "against the training images; real: held-out images instead of the synthetic"


class Network(Protocol):
    """What features come from: `evaluation.images.features.FeatureNetwork`."""

    def outputs(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features and class scores, each float32 (count, ...)."""


class ImageSet:
    """Images in every form that a metric takes; each form is computed once, when first needed.

    Args:
      images: uint8, shape (count, height, width, channels).
      labels: int, shape (count,), or None.
    """

    def __init__(self, images: np.ndarray, labels: np.ndarray | None, network: Network):
        self.images, self.labels, self.network = images, labels, network

    @classmethod
    def of(cls, split: ImageSplit, network: Network) -> "ImageSet":
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


@dataclasses.dataclass(frozen=True, eq=False)
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
    network: Network

    @functools.cached_property
    def training(self) -> ImageSet:
        """All training images."""
        return ImageSet.of(self.dataset.train, self.network)


def require_classes(dataset: ImageDataset, asker: str = "a figure of classes") -> None:
    """Raises: InputError unless there are at least two: else a network has learnt no classes."""
    if dataset.num_classes < 2:
        found = "one class" if dataset.num_classes else "no labels"
        mend = "sort them into one sub-folder per class, or leave it out"
        raise InputError(f"{asker} for data with {found}", "at least two classes", mend)


def labelled(side: ImageSet | ImageSplit) -> ImageSplit:
    """The images with their labels. Raises: InputError if they have none."""
    if side.labels is None:
        raise InputError("samples without labels", "labels", "use a conditional generator")
    return ImageSplit(side.images, side.labels)


class Words(NamedTuple):
    """What is said of one figure."""

    title: str  # for tables of the chapter's page
    protocol: str  # how it is measured, and what the real figure is
    how_to_read: str  # which way is better, and what a bad figure means


@dataclasses.dataclass(frozen=True)
class Metric:
    """Figures of images that are computed together.

    Args:
      place: its rows stand in the report after those of a lower place.
      compute: (candidate, real side) -> {name: {"value": ..., details}}, fit for JSON; InputError
        says why there is no answer ("too few samples", "no labels").
      stand_in: which real images take the candidate's place for the real figure: "other" (as many
        that are compared with held-out images; `compare_images` says which), "training" (the same,
        where the other split chooses something) or "held_out" (where candidates are compared with
        the training images, or with nothing but their own labels).
      figures: the names that `compute` yields, and the words of each.
    """

    place: int
    compute: Callable[[ImageSet, RealSide], dict[str, dict]]
    stand_in: str
    figures: dict[str, Words]


def image_metrics() -> tuple[Metric, ...]:
    """The METRIC of each file that has one, in the order of the report."""
    folder = pkgutil.walk_packages(evaluation.metrics.__path__, f"{evaluation.metrics.__name__}.")
    modules = [importlib.import_module(found.name) for found in folder]
    metrics = [module.METRIC for module in modules if hasattr(module, "METRIC")]
    return tuple(sorted(metrics, key=lambda metric: metric.place))


def titles() -> dict[str, str]:
    """Name of each figure -> its name for people."""
    return {
        name: words.title for metric in image_metrics() for name, words in metric.figures.items()
    }
