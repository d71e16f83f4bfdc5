"""Images between neighbours: pixel by pixel, or between the codes of a VAE."""

import dataclasses
from typing import ClassVar

import numpy as np

from baselines.config import BaselineSettings
from baselines.interpolation.neighbours import Neighbourhood
from baselines.parts.draws import CHUNK, in_chunks
from baselines.vae.images import ImageVae
from data.images.dataset import ImageDataset
from foundation.errors import InputError
from training.generator import check_labels
from training.stored import load_run

VAE_PREFIX = "vae_"  # of its weights' names among the arrays of a run


@dataclasses.dataclass(frozen=True, eq=False)
class ImageInterpolation:
    """Images between a training image and one of its nearest: pixel by pixel, or by their codes.

    neighbourhood: of the images' pixels, or of the codes that `vae` gives them.
    vae: what decodes a point between two codes; None: between pixels.
    """

    neighbourhood: Neighbourhood
    image_shape: tuple[int, int, int]
    num_classes: int
    vae: ImageVae | None = None
    kind: ClassVar[str] = "images"

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """See `Generator.sample`: uint8 (count, height, width, channels)."""
        labels = check_labels(self.num_classes, count, labels)
        if self.vae is None:
            points = self.neighbourhood.sample(seed, start, count, labels)
            return np.rint(points).astype(np.uint8).reshape(-1, *self.image_shape)

        def decoded(chunk: int, labels: np.ndarray | None) -> np.ndarray:
            points = self.neighbourhood.sample(seed, chunk * CHUNK, CHUNK, labels)
            return self.vae.decode(points, labels)

        return in_chunks(decoded, start, count, labels)

    def describe(self) -> dict:
        return {
            "image_shape": list(self.image_shape),
            "num_classes": self.num_classes,
            "vae": self.vae and self.vae.describe(),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        weights = self.vae.arrays() if self.vae else {}
        named = {VAE_PREFIX + name: weight for name, weight in weights.items()}
        return self.neighbourhood.arrays() | named

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "ImageInterpolation":
        vae = None
        if description["vae"] is not None:
            weights = {name.removeprefix(VAE_PREFIX): array for name, array in arrays.items()}
            vae = ImageVae.restore(description["vae"], weights)
        shape, classes = tuple(description["image_shape"]), int(description["num_classes"])
        return cls(Neighbourhood.restore(arrays), shape, classes, vae)


def fit(data: ImageDataset, settings: BaselineSettings) -> ImageInterpolation:
    """Find the `settings.neighbours` nearest training images of each, within its class.

    With `settings.latent`, the run of a VAE: those with the nearest mean codes.

    Raises: InputError for a class of one image, and for a run that is no VAE of such images.
    """
    images, labels = data.train.images, data.train.labels
    vae = None if settings.latent is None else vae_of(settings.latent, data)
    rows = images.reshape(len(images), -1) if vae is None else vae.encode(images, labels)
    found = Neighbourhood.of(rows, labels, settings.neighbours, data.class_names)
    return ImageInterpolation(found, data.image_shape, data.num_classes, vae)


def vae_of(run: str, data: ImageDataset) -> ImageVae:
    """The VAE of a run, that it may encode the images of `data`.

    Raises: InputError if it is the run of another model, or of images of another form.
    """
    found = load_run(run, "baseline").generator
    form = data.image_shape, data.num_classes
    if not isinstance(found, ImageVae) or (found.image_shape, found.num_classes) != form:
        shape = found.describe().get("image_shape")
        raise InputError(
            f"--latent {run}, {type(found).__name__} {shape} of {found.num_classes} classes",
            f"the run of a VAE for images {form[0]} of {form[1]} classes",
            "train one on these data: python run.py baseline train vae --data ...",
        )
    return found
