"""Images from a trained generator, each a pure function of (run, seed, index, label)."""

import functools
from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf

from foundation.purposes import GENERATION_NOISE
from gan import conditional
from gan.model import build_generator
from training.generator import check_labels
from training.seeds import normal_noise
from training.stored import keras_arrays, set_keras_arrays

# Forward passes have this many rows, always: a matrix product of another shape may sum in another
# order and differ in the last bit, and then an image would depend on --count and --batch-size.
CHUNK = 500


def to_images(flat: np.ndarray, image_shape: tuple[int, int, int]) -> np.ndarray:
    """Generator output in [-1, 1], shape (count, pixels), as uint8 images (count, h, w, c)."""
    scaled = np.clip(np.rint((flat + 1.0) * 127.5), 0, 255)  # [0, 255]
    return scaled.astype(np.uint8).reshape(-1, *image_shape)


class TrainedGenerator:
    """The generator of a trained GAN (training.generator.Generator of images).

    Args:
      model: from noise (batch, latent_dim), or [noise, labels], to flat images in [-1, 1].
      image_shape: (height, width, channels).
      num_classes: 0 unless the GAN is conditional.
      class_names: names of the data set's classes, empty if it has none.
    """

    kind: ClassVar[str] = "images"

    def __init__(
        self,
        model: keras.Model,
        latent_dim: int,
        image_shape: tuple[int, int, int],
        num_classes: int,
        class_names: tuple[str, ...],
    ):
        self.model, self.latent_dim, self.image_shape = model, latent_dim, tuple(image_shape)
        self.num_classes, self.class_names = num_classes, tuple(class_names)
        # Batch normalization takes its moving averages.
        self._forward = tf.function(functools.partial(model, training=False), autograph=False)

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Images start .. start + count - 1, uint8 (count, height, width, channels) in [0, 255].

        See training.generator.Generator; `labels` are for a conditional GAN.
        """
        labels = check_labels(self.num_classes, count, labels)
        out = np.empty((count, *self.image_shape), np.uint8)
        for chunk in range(start // CHUNK, (start + count - 1) // CHUNK + 1):
            first, last = max(start, chunk * CHUNK), min(start + count, (chunk + 1) * CHUNK)
            rows = slice(first - chunk * CHUNK, last - chunk * CHUNK)
            noise = normal_noise(seed, GENERATION_NOISE, chunk, (CHUNK, self.latent_dim))
            padded = np.zeros(CHUNK, np.int32)
            if labels is not None:
                padded[rows] = labels[first - start : last - start]
            out[first - start : last - start] = self._draw(noise, padded)[rows]
        return out

    def decode(self, noise: np.ndarray, label: int | None = None) -> np.ndarray:
        """Images, uint8, of given noise vectors, float32 (count, latent_dim), at most 500.

        `label` is one class for all of them (conditional runs).
        """
        padded = np.zeros((CHUNK, noise.shape[1]), np.float32)
        padded[: len(noise)] = noise
        return self._draw(tf.constant(padded), np.full(CHUNK, label or 0, np.int32))[: len(noise)]

    def _draw(self, noise: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        """Images of CHUNK noise vectors and labels, which only a conditional GAN looks at."""
        inputs = [noise, tf.constant(labels)] if self.num_classes else noise
        return to_images(self._forward(inputs).numpy(), self.image_shape)

    def describe(self) -> dict:
        return {
            "latent_dim": self.latent_dim,
            "image_shape": list(self.image_shape),
            "num_classes": self.num_classes,
            "class_names": list(self.class_names),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        return keras_arrays(self.model)

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "TrainedGenerator":
        sizes = description["latent_dim"], description["image_shape"]
        classes = description["num_classes"]
        model = conditional.build_generator(*sizes, classes) if classes else build_generator(*sizes)
        set_keras_arrays(model, arrays)
        return cls(model, *sizes, classes, description["class_names"])
