"""Images from a trained generator, each a pure function of (run, seed, index, label)."""

import functools
from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf

from gan import conditional
from gan.model import build_generator
from training.finished import keras_arrays, set_keras_arrays
from training.generator import check_labels
from training.seeds import GENERATION_NOISE, normal_noise

# Forward passes have this many rows, always: a matrix product of another shape may sum in another
# order and differ in the last bit, and then an image would depend on --count and --batch-size.
CHUNK = 500
SIZES = ("latent_dim", "image_shape", "num_classes", "conditioning")  # of build_generator


def to_images(flat: np.ndarray, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Generator output in [-1, 1], shape (count, pixels), as uint8 images (count, h, w, c)."""
    scaled = np.clip(np.rint((flat + 1.0) * 127.5), 0, 255)  # [0, 255]
    return scaled.astype(np.uint8).reshape(-1, *image_shape)


class TrainedGenerator:
    """The generator of a trained GAN (training.generator.Generator of images).

    Args:
      model: from noise, or [noise, labels], to flat images in [-1, 1].
      latent_dim: size of the noise vector.
      image_shape: (height, width, channels).
      num_classes: 0 unless the GAN is conditional.
      conditioning: how the label enters.
      class_names: names of the data set's classes, empty if it has none.
    """

    kind: ClassVar[str] = "images"

    def __init__(
        self,
        model: keras.Model,
        latent_dim: int,
        image_shape: tuple[int, int, int],
        num_classes: int,
        conditioning: str,
        class_names: tuple[str, ...],
    ):
        self.model, self.latent_dim, self.image_shape = model, latent_dim, tuple(image_shape)
        self.num_classes, self.conditioning = num_classes, conditioning
        self.class_names = tuple(class_names)
        # Batch normalization takes its moving averages.
        self._forward = tf.function(functools.partial(model, training=False))

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Images start .. start + count - 1 of the endless sequence that `seed` stands for.

        Args:
          seed: of the noise.
          start, count: which samples; an image does not depend on them, only on its own index.
          labels: int (count,) in [0, num_classes) for a conditional GAN; None otherwise.

        Returns: uint8 (count, height, width, channels) in [0, 255].
        Raises: ValueError if labels are missing, needless, or out of range.
        """
        labels = check_labels(self.num_classes, count, labels)
        out = np.empty((count, *self.image_shape), np.uint8)
        for chunk in range(start // CHUNK, (start + count - 1) // CHUNK + 1):
            first, last = max(start, chunk * CHUNK), min(start + count, (chunk + 1) * CHUNK)
            rows = slice(first - chunk * CHUNK, last - chunk * CHUNK)
            noise = normal_noise(seed, GENERATION_NOISE, chunk, (CHUNK, self.latent_dim))
            inputs = noise
            if labels is not None:
                padded = np.zeros(CHUNK, np.int32)
                padded[rows] = labels[first - start : last - start]
                inputs = [noise, tf.constant(padded)]
            flat = self._forward(inputs).numpy()[rows]
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
        return to_images(self._forward(inputs).numpy()[: len(noise)], self.image_shape)

    def describe(self) -> dict:
        return {
            "latent_dim": self.latent_dim,
            "image_shape": list(self.image_shape),
            "num_classes": self.num_classes,
            "conditioning": self.conditioning,
            "class_names": list(self.class_names),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        return keras_arrays(self.model)

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TrainedGenerator":
        latent_dim, image_shape, num_classes, conditioning = (description[name] for name in SIZES)
        model = (
            conditional.build_generator(latent_dim, image_shape, num_classes, conditioning)
            if num_classes
            else build_generator(latent_dim, image_shape)
        )
        set_keras_arrays(model, arrays)
        sizes = latent_dim, image_shape, num_classes, conditioning
        return cls(model, *sizes, description["class_names"])
