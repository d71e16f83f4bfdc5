"""The fitted variational autoencoder: samples, codes, reconstructions, likelihood (chapter 3.1)."""

import math
from typing import ClassVar

import numpy as np
import tensorflow as tf

from baselines.parts.draws import CHUNK, chunks, in_chunks
from baselines.parts.pixels import to_images, to_rows
from baselines.vae.importance import log_likelihood
from baselines.vae.model import Shape, Vae
from foundation.purposes import VAE_SAMPLES, VAE_WEIGHTS, rng
from training.generator import check_labels
from training.seeds import normal_noise


class ImageVae:
    """A conditional variational autoencoder of images (training.generator.Generator).

    `sample` gives the mean image of a drawn code; the Gaussian around it, the same for every pixel,
    is left out: it would be pixel noise. `log_likelihood` counts it.

    Args:
      vae: the distributions.
      shares: p of each class in the training images, (max(num_classes, 1),).
      image_shape: (height, width, channels).
      class_names: of the labels; empty without.
    """

    kind: ClassVar[str] = "images"

    def __init__(
        self,
        vae: Vae,
        shares: np.ndarray,
        image_shape: tuple[int, int, int],
        class_names: tuple[str, ...],
    ):
        self.vae, self.shares = vae, shares
        self.image_shape, self.class_names = image_shape, class_names
        self.num_classes = len(class_names)
        self.latent_dim = vae.shape.latent_dim
        self._decode = tf.function(vae.decode)
        self._encode = tf.function(vae.encode)
        self._weigh = tf.function(self._importance_weights)

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Images, uint8 (count, height, width, channels); see Generator."""
        labels = check_labels(self.num_classes, count, labels)

        def draw(chunk: int, padded: np.ndarray | None) -> np.ndarray:
            chosen = _int32(np.zeros(CHUNK) if padded is None else padded)
            return self._decode(self._prior_codes(seed, chunk, chosen), chosen).numpy()

        if count == 0:
            return np.empty((0, *self.image_shape), np.uint8)
        return to_images(in_chunks(draw, start, count, labels), self.image_shape)

    def _prior_codes(self, seed: int, chunk: int, labels: tf.Tensor) -> tf.Tensor:
        """z ~ p(z | y) of a chunk: a component by its share, then a normal vector."""
        generator = rng(seed, VAE_SAMPLES, chunk)
        u = generator.random((CHUNK, 1))
        noise = generator.standard_normal((CHUNK, self.latent_dim)).astype(np.float32)
        log_pi, mean, log_variance = (each.numpy() for each in self.vae.prior_parameters(labels))
        reached = np.cumsum(np.exp(log_pi.astype(np.float64)), axis=1)  # (CHUNK, components)
        k = np.minimum((u >= reached).sum(axis=1), reached.shape[1] - 1)  # the last sum may be < 1
        row = np.arange(CHUNK)
        return tf.constant(mean[row, k] + np.exp(log_variance[row, k] / 2) * noise)

    def encode(self, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """The mean codes m(x, y) of images: float32 (count, latent_dim).

        Args:
          images: uint8 (count, height, width, channels).
          labels: int (count,), exactly for a model with labels.
        """
        parts = self._forward(lambda rows, chosen: self._encode(rows, chosen)[0], images, labels)
        return np.concatenate([part.numpy() for part in parts])[: len(images)]

    def decode(self, codes: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """The mean images of codes (count, latent_dim): uint8 (count, height, width, channels)."""
        codes = np.asarray(codes, np.float32)
        labels = check_labels(self.num_classes, len(codes), labels)
        parts = []
        for _, rows in chunks(0, len(codes)):
            start, size = len(parts) * CHUNK, rows.stop
            padded = np.pad(codes[start : start + size], [(0, CHUNK - size), (0, 0)])
            chosen = _padded_labels(labels, start, size)
            parts.append(self._decode(tf.constant(padded), chosen).numpy()[:size])
        return to_images(np.concatenate(parts), self.image_shape)

    def reconstruct(self, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """What the decoder makes of each image's mean code; the same shape, uint8."""
        return self.decode(self.encode(images, labels), labels)

    def log_likelihood(
        self, images: np.ndarray, labels: np.ndarray | None = None, draws: int = 100
    ) -> np.ndarray:
        """ln p of each image in nats, as a density over pixels in [0, 1]: float64 (count,).

        A lower bound on average, see baselines.vae.importance; image i gets the noise of index i.

        Args:
          images: uint8 (count, height, width, channels).
          labels: with them, ln p(image | label); without, ln sum_label p(label) p(image | label),
            which takes as many times longer as there are classes.
          draws: codes drawn for each image.
        """
        if labels is not None or not self.num_classes:
            parts = self._forward(self._weigh, images, labels, tf.constant(draws))
            return np.concatenate([part.numpy() for part in parts])[: len(images)]
        joint = [
            math.log(share)
            + self.log_likelihood(images, np.full(len(images), label, np.int64), draws)
            for label, share in enumerate(self.shares)
        ]
        return np.logaddexp.reduce(joint, axis=0)

    def _importance_weights(self, rows, labels, draws, chunk):
        """`log_likelihood` of one chunk; graph code."""
        vae = self.vae
        code = vae.encode(rows, labels)

        def log_weight(k: tf.Tensor) -> tf.Tensor:
            noise = normal_noise(k, VAE_WEIGHTS, chunk, (CHUNK, self.latent_dim))
            reconstruction, divergence = vae.elbo_parts_of_code(rows, labels, code, noise)
            return reconstruction - divergence

        return log_likelihood(log_weight, draws, CHUNK)

    def _forward(self, function, images: np.ndarray, labels: np.ndarray | None, *more) -> list:
        """Call function(rows, labels, *more) for every chunk of images, the last one padded."""
        labels = check_labels(self.num_classes, len(images), labels)
        if tuple(images.shape[1:]) != self.image_shape:
            raise ValueError(f"images of {images.shape[1:]}; {self.image_shape} is expected")
        results = []
        for chunk, rows in chunks(0, len(images)):
            start, size = chunk * CHUNK, rows.stop
            padded = np.pad(to_rows(images[start : start + size]), [(0, CHUNK - size), (0, 0)])
            chosen = _padded_labels(labels, start, size)
            last = (tf.constant(chunk),) if more else ()
            results.append(function(tf.constant(padded), chosen, *more, *last))
        return results

    def describe(self) -> dict:
        return {
            "image_shape": list(self.image_shape),
            "class_names": list(self.class_names),
            **self.vae.shape._asdict(),
            "sigma": float(self.vae.sigma),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        weights = {f"{i:02d}": weight for i, weight in enumerate(self.vae.get_weights())}
        return {**weights, "shares": self.shares}

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "ImageVae":
        vae = Vae(Shape(*(description[name] for name in Shape._fields)))
        names = [f"{i:02d}" for i in range(len(vae.weights))]
        vae.set_weights([arrays[name] for name in names])
        return cls(
            vae,
            arrays["shares"],
            tuple(description["image_shape"]),
            tuple(description["class_names"]),
        )


def _padded_labels(labels: np.ndarray | None, start: int, size: int) -> tf.Tensor:
    """The labels of a chunk, int32 (CHUNK,); 0 where there are none."""
    padded = np.zeros(CHUNK)
    if labels is not None:
        padded[:size] = labels[start : start + size]
    return _int32(padded)


def _int32(labels: np.ndarray) -> tf.Tensor:
    return tf.constant(labels, tf.int32)
