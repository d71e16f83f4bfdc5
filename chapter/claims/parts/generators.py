"""The image generators of the trials, fitted in memory to the real images of a trial alone."""

import dataclasses
import math
import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

import gan.train
from baselines.config import BaselineSettings
from baselines.registry import fit
from data.images.dataset import ImageDataset, ImageSplit
from data.source import IMAGES
from data.synthetic.provenance import Samples
from foundation.errors import Diverged, InputError
from foundation.quiet import retracing_allowed
from gan.config import GanSettings
from training.generator import Generator, balanced_labels

GAN, GMM, VAE = "gan", "gmm", "vae"
# What a fit says of images that it cannot be fitted to. Anything else is a fault and must be seen.
CANNOT_BE_FITTED = (InputError, Diverged, np.linalg.LinAlgError)


class Made(NamedTuple):
    """Synthetic images.

    source: with their labels, as data.synthetic.fusion takes them.
    seconds: CPU seconds, of all threads, of the fit and of drawing these images.
    """

    source: Samples
    seconds: float


@dataclasses.dataclass(frozen=True, eq=False)
class FittedGenerator:
    """A generator that has seen the training images of a trial, and what that took.

    Args:
      name: of the model.
      model: with labels, of images (training.generator.Generator).
      fit_seconds: CPU seconds of the fit.
    """

    name: str
    model: Generator
    fit_seconds: float

    def made(self, seed: int, labels: np.ndarray) -> Made:
        """An image for each label; image i depends on (model, seed, i, its label) only."""
        used = time.process_time()
        with retracing_allowed():
            images = self.model.sample(seed, 0, len(labels), labels)
        seconds = self.fit_seconds + time.process_time() - used
        origin = {"generator": self.name, "seed": seed}
        return Made(Samples(self.name, images, labels, origin=origin), seconds)

    def balanced(self, seed: int, count: int) -> Made:
        """`count` images with the classes in turn, so that all are equally frequent."""
        return self.made(seed, balanced_labels(self.model, 0, count))


def fit_generator(
    name: str, dataset: ImageDataset, seed: int, preset: str, updates: int | None = None
) -> FittedGenerator:
    """Fit a generator to dataset.train.

    The validation images choose what the model chooses by them (the Gaussians of a mixture), as
    they choose the hyperparameters of the classifiers. No global random state is changed.

    Args:
      name: "interpolation", "inverse_transform", "gmm", "vae" or "gan" (conditional).
      dataset: with labels; `test` is not passed on.
      seed: of the fit.
      preset: "smoke", "quick" or "full", of the model's other settings.
      updates: steps of gan and vae, rounded up to whole passes over the images; None: as many
        passes as the preset has. The rate of the GAN falls over the last quarter of them.

    Raises: InputError if the model cannot be fitted to so few images; Diverged if its training
      fails.
    """
    used = time.process_time()
    data = dataclasses.replace(dataset, test=_none_of(dataset.train))
    given = {"seed": seed, "preset": preset, "quiet": True}
    with retracing_allowed():  # every network is a new one
        model = _gan(data, given, updates) if name == GAN else _baseline(name, data, given, updates)
    return FittedGenerator(name, model, time.process_time() - used)


def fit_each(dataset: ImageDataset, seed: int, sizes: Mapping) -> dict[str, FittedGenerator | None]:
    """The generators of a trial; None for one that cannot be fitted to these images.

    Args:
      sizes: "generators": their names; "preset"; "vae_updates", "gan_updates"; see `fit_generator`.
    """
    fitted = {}
    for name in sizes["generators"]:
        try:
            updates = sizes.get(f"{name}_updates")
            fitted[name] = fit_generator(name, dataset, seed, sizes["preset"], updates)
        except CANNOT_BE_FITTED:
            fitted[name] = None
    return fitted


def _baseline(name: str, data: ImageDataset, given: dict, updates: int | None) -> Generator:
    given = {**given, "model": name, "data": "mnist"}  # stands for any images: they are passed
    if name == VAE:
        # It would measure them after every pass, of which there are hundreds where images are few.
        data = dataclasses.replace(data, validation=_none_of(data.train))
        if updates is not None:
            batch = BaselineSettings.resolve(given).batch_size
            given["epochs"] = _passes(updates, len(data.train), batch)
    settings = BaselineSettings.resolve(given)
    return fit(name, IMAGES, data, settings)


def _gan(data: ImageDataset, given: dict, updates: int | None) -> Generator:
    given = {**given, "variant": "conditional"}
    if updates is not None:
        batch = GanSettings.resolve(given).batch_size
        passes = _passes(updates, len(data.train), batch)
        given |= {"epochs": passes, "decay_start": 3 * passes // 4, "decay_end": passes}
    return gan.train.fit(GanSettings.resolve(given), data)


def _passes(updates: int, count: int, batch: int) -> int:
    """Passes over `count` images that take at least so many updates."""
    return math.ceil(updates / math.ceil(count / batch))


def _none_of(split: ImageSplit) -> ImageSplit:
    return split.take(np.empty(0, np.int64))
