"""Images from a trained generator, each a pure function of (run, seed, index, label)."""

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from data.images.load import ImageDataset
from foundation.errors import InputError
from gan.config import GanSettings
from gan.model import build_generator
from training.finished import load_weights, read_description
from training.run_directory import read_config
from training.seeds import GENERATION_NOISE, normal_noise

# Forward passes have this many rows, always: a matrix product of another shape may sum in another
# order and differ in the last bit, and then an image would depend on --count and --batch-size.
CHUNK = 500


def to_images(flat: np.ndarray, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Generator output in [-1, 1], shape (count, pixels), as uint8 images (count, h, w, c)."""
    scaled = np.clip(np.rint((flat + 1.0) * 127.5), 0, 255)  # [0, 255]
    return scaled.astype(np.uint8).reshape(-1, *image_shape)


def describe_model(settings: GanSettings, dataset: ImageDataset) -> dict:
    """What model.json says: enough to rebuild the generator and to name what it draws."""
    return {
        "model": "gan.generator",
        "latent_dim": settings.latent_dim,
        "image_shape": list(dataset.image_shape),
        "num_classes": dataset.num_classes if settings.variant == "conditional" else 0,
        "conditioning": settings.conditioning,
        "class_names": list(dataset.class_names),
    }


@dataclasses.dataclass(frozen=True)
class TrainedGenerator:
    """A generator read back from a run, or trained in memory.

    Args:
      run: the run directory; None: trained in memory.
      settings: the stored settings of the training.
      forward: graph code from noise, or [noise, labels], to flat images in [-1, 1].
      image_shape: (height, width, channels).
      num_classes: 0 unless the run is conditional.
      class_names: names of the data set's classes, empty if it has none.
    """

    run: Path | None
    settings: dict
    forward: Callable
    image_shape: tuple[int, int, int]
    num_classes: int
    class_names: tuple[str, ...]

    def balanced_labels(self, start: int, count: int) -> np.ndarray | None:
        """Labels of the samples start .. start + count - 1: index modulo the number of classes.

        Returns: int64 (count,), or None if the run has no labels.
        """
        if not self.num_classes:
            return None
        return np.arange(start, start + count) % self.num_classes

    def images(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Samples start .. start + count - 1 of the endless sequence that `seed` stands for.

        Args:
          seed: of the noise.
          start, count: which samples; an image does not depend on them, only on its own index.
          labels: int (count,) in [0, num_classes) for a conditional run; None otherwise.

        Returns: uint8 (count, height, width, channels) in [0, 255].
        Raises: ValueError if labels are missing, needless, or out of range.
        """
        if (labels is None) != (self.num_classes == 0):
            raise ValueError(
                f"labels {'missing' if labels is None else 'given'} for a run with "
                f"{self.num_classes} classes; give labels exactly to conditional runs"
            )
        if labels is not None and (
            len(labels) != count or np.min(labels) < 0 or np.max(labels) >= self.num_classes
        ):
            raise ValueError(
                f"{len(labels)} labels from {np.min(labels)} to {np.max(labels)}; "
                f"expected {count} labels from 0 to {self.num_classes - 1}"
            )
        out = np.empty((count, *self.image_shape), np.uint8)
        for chunk in range(start // CHUNK, (start + count - 1) // CHUNK + 1):
            first, last = max(start, chunk * CHUNK), min(start + count, (chunk + 1) * CHUNK)
            rows = slice(first - chunk * CHUNK, last - chunk * CHUNK)
            noise = normal_noise(
                seed, GENERATION_NOISE, chunk, (CHUNK, self.settings["latent_dim"])
            )
            inputs = noise
            if labels is not None:
                padded = np.zeros(CHUNK, np.int32)
                padded[rows] = labels[first - start : last - start]
                inputs = [noise, tf.constant(padded)]
            flat = self.forward(inputs).numpy()[rows]
            out[first - start : last - start] = to_images(flat, self.image_shape)
        return out

    def decode(self, noise: np.ndarray, label: int | None = None) -> np.ndarray:
        """Images of given noise vectors, for interpolation.

        Args:
          noise: float32 (count, latent_dim), count at most 500.
          label: one class for all of them (conditional runs).

        Returns: uint8 (count, height, width, channels).
        """
        padded = np.zeros((CHUNK, noise.shape[1]), np.float32)
        padded[: len(noise)] = noise
        labels = tf.fill([CHUNK], 0 if label is None else label)
        inputs = [tf.constant(padded), labels] if self.num_classes else tf.constant(padded)
        return to_images(self.forward(inputs).numpy()[: len(noise)], self.image_shape)


def load_generator(run: str | Path) -> TrainedGenerator:
    """Rebuild the generator of a run from RUN/model.

    Raises: InputError if `run` is no GAN run, or its model is missing or damaged.
    """
    config = read_config(run, "gan")
    keys = ("image_shape", "latent_dim", "num_classes", "conditioning", "class_names")
    description = read_description(run, keys)
    image_shape = tuple(description["image_shape"])
    model = build_generator(
        description["latent_dim"],
        image_shape,
        description["num_classes"],
        description["conditioning"],
    )
    load_weights(run, model, description)
    return TrainedGenerator(
        run=Path(run),
        settings=config["settings"],
        forward=forward_pass(model),
        image_shape=image_shape,
        num_classes=description["num_classes"],
        class_names=tuple(description["class_names"]),
    )


def forward_pass(model: keras.Model) -> Callable:
    """What TrainedGenerator calls. Batch normalization takes its moving averages."""
    return tf.function(functools.partial(model, training=False))


def chosen_labels(generator: TrainedGenerator, label: int | None, balanced: bool) -> int | None:
    """Check --label and --balanced against the run; None means balanced (or no labels at all).

    Raises: InputError if a label is asked of a run without labels, or is out of range.
    """
    if (label is not None or balanced) and not generator.num_classes:
        flag = f"--label {label}" if label is not None else "--balanced"
        raise InputError(
            f"{flag} with {generator.run}, which was trained without labels",
            "a conditional run",
            "leave the flag out, or train with --variant conditional",
        )
    if label is not None and label >= generator.num_classes:
        raise InputError(
            f"--label {label}",
            f"0 to {generator.num_classes - 1}",
            "choose one of the run's classes",
        )
    return label
