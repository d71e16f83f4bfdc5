"""The fitted variational autoencoder: samples, codes, reconstructions, likelihood (chapter 3.1)."""

import math
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import tensorflow as tf

from baselines.parts.draws import CHUNK, chunks, in_chunks
from baselines.parts.pca import to_images, to_rows
from baselines.vae.model import Shape, Vae, importance_weighted
from foundation.purposes import VAE_SAMPLES, VAE_WEIGHTS, rng
from training.generator import check_labels
from training.seeds import normal_noise


class ImageVae:
    """A conditional variational autoencoder of images (training.generator.Generator).

    `sample` gives the mean image of a drawn code; the Gaussian around it, the same for every pixel,
    is left out: it would be pixel noise. `log_likelihood` counts it.

    `shares` is p of each class in the training images, (max(num_classes, 1),).
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
        self._decode = tf.function(vae.decode, autograph=False)
        self._encode = tf.function(vae.encode, autograph=False)
        self._weigh = tf.function(self._importance_weights)

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> np.ndarray:
        """Images, uint8 (count, height, width, channels); see Generator."""
        labels = check_labels(self.num_classes, count, labels)

        def draw(chunk: int, padded: np.ndarray | None) -> np.ndarray:
            chosen = tf.constant(np.zeros(CHUNK) if padded is None else padded, tf.int32)
            return self._decode(self._prior_codes(seed, chunk, chosen), chosen).numpy()

        return to_images(in_chunks(draw, start, count, labels), self.image_shape)

    def _prior_codes(self, seed: int, chunk: int, labels: tf.Tensor) -> tf.Tensor:
        """z ~ p(z | y) of a chunk: a component by its share, then a normal vector."""
        generator = rng(seed, VAE_SAMPLES, chunk)
        u = generator.random((CHUNK, 1))
        noise = generator.standard_normal((CHUNK, self.vae.shape.latent_dim)).astype(np.float32)
        log_pi, mean, log_variance = (each.numpy() for each in self.vae.prior_parameters(labels))
        reached = np.cumsum(np.exp(log_pi.astype(np.float64)), axis=1)  # (CHUNK, components)
        k = np.minimum((u >= reached).sum(axis=1), reached.shape[1] - 1)  # the last sum may be < 1
        row = np.arange(CHUNK)
        return tf.constant(mean[row, k] + np.exp(log_variance[row, k] / 2) * noise)

    def encode(self, images: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """The mean codes m(x, y) of uint8 images: float32 (count, latent_dim)."""

        def encoded(rows: tf.Tensor, labels: tf.Tensor, chunk: tf.Tensor) -> tf.Tensor:
            return self._encode(rows, labels)[0]

        return self._forward(encoded, self._rows(images), labels)

    def decode(self, codes: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """The mean images of codes (count, latent_dim): uint8 (count, height, width, channels)."""

        def decoded(z: tf.Tensor, labels: tf.Tensor, chunk: tf.Tensor) -> tf.Tensor:
            return self._decode(z, labels)

        rows = self._forward(decoded, np.asarray(codes, np.float32), labels)
        return to_images(rows, self.image_shape)

    def log_likelihood(
        self, images: np.ndarray, labels: np.ndarray | None = None, draws: int = 100
    ) -> np.ndarray:
        """ln p of each image in nats, over pixels in [0, 1], of uint8 images: float64 (count,).

        A lower bound on average, see `importance_weighted`; image i gets the noise of index i.

        Args:
          labels: with them, ln p(image | label); without, ln sum_label p(label) p(image | label),
            which takes as many times longer as there are classes.
          draws: codes drawn for each image.
        """
        if labels is not None or not self.num_classes:

            def weighed(rows: tf.Tensor, labels: tf.Tensor, chunk: tf.Tensor) -> tf.Tensor:
                return self._weigh(rows, labels, tf.constant(draws), chunk)

            return self._forward(weighed, self._rows(images), labels)
        joint = [
            math.log(share)
            + self.log_likelihood(images, np.full(len(images), label, np.int64), draws)
            for label, share in enumerate(self.shares)
        ]
        return np.logaddexp.reduce(joint, axis=0)

    def _importance_weights(self, rows, labels, draws, chunk):
        """`log_likelihood` of one chunk; graph code."""
        code = self.vae.encode(rows, labels)

        def log_weight(k: tf.Tensor) -> tf.Tensor:
            noise = normal_noise(k, VAE_WEIGHTS, chunk, (CHUNK, self.vae.shape.latent_dim))
            reconstruction, divergence = self.vae.elbo_parts(rows, labels, noise, code)
            return reconstruction - divergence

        return importance_weighted(log_weight, draws, CHUNK)

    def _rows(self, images: np.ndarray) -> np.ndarray:
        if tuple(images.shape[1:]) != self.image_shape:
            raise ValueError(f"images of {images.shape[1:]}; {self.image_shape} is expected")
        return to_rows(images)

    def _forward(self, function: Callable, rows: np.ndarray, labels: np.ndarray | None):
        """function(rows, labels, chunk) of every CHUNK rows, the last ones padded, as one array."""
        labels = check_labels(self.num_classes, len(rows), labels)
        labels = np.zeros(len(rows)) if labels is None else labels
        parts = []
        for chunk, part in chunks(0, len(rows)):
            cut, missing = slice(chunk * CHUNK, chunk * CHUNK + part.stop), CHUNK - part.stop
            padded = tf.constant(np.pad(rows[cut], [(0, missing), (0, 0)]))
            chosen = tf.constant(np.pad(labels[cut], (0, missing)), tf.int32)
            parts.append(function(padded, chosen, tf.constant(chunk)).numpy()[: part.stop])
        return np.concatenate(parts)

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
        vae.set_weights([arrays[f"{i:02d}"] for i in range(len(vae.weights))])
        shape, names = tuple(description["image_shape"]), tuple(description["class_names"])
        return cls(vae, arrays["shares"], shape, names)
