"""Noise: Gaussian, and salt and pepper.

What is stored is a key for each image; the noise itself, as large as the image, is made from it.
"""

import dataclasses

import tensorflow as tf

from augmentation.core.batch import expand
from augmentation.core.fields import Range, option
from augmentation.core.randomness import Draws, random_halves, standard_normal
from augmentation.core.transform import Drawn, Size, Transform, size_of
from augmentation.transforms.tone import to_bytes

GROUP = "noise, blur and quality"


def add_noise(images: tf.Tensor, sigma: tf.Tensor, key: tf.Tensor) -> tf.Tensor:
    """Add to every value a normal one of its own, rounded; the sum is cut off to [0, 255].

    Args:
      images: uint8 (count, height, width, channels).
      sigma: float32 (count,), standard deviation in grey levels.
      key: uint32 (count, 2).

    Returns: uint8, the same shape.
    """
    shape = tf.shape(images)
    height, width, channels = size_of(images)
    noise = tf.reshape(standard_normal(key, height * width * channels), shape)
    # rounded before the sum: a product and a sum would be fused by one compiler and not by another
    return to_bytes(
        tf.cast(images, tf.int32) + tf.cast(tf.round(expand(sigma, images) * noise), tf.int32)
    )


def salt_and_pepper(images: tf.Tensor, share: tf.Tensor, salt: float, key: tf.Tensor) -> tf.Tensor:
    """Make a share of the pixels white or black, in all channels.

    Args:
      images: uint8 (count, height, width, channels).
      share: float32 (count,), the chance of each pixel, taken in steps of 1/65536.
      salt: how many of those become white.
      key: uint32 (count, 2).

    Returns: uint8, the same shape.
    """
    count, (height, width, _) = tf.shape(images)[0], size_of(images)
    chance = tf.reshape(random_halves(key, height * width), [count, height, width, 1])
    white = expand(tf.cast(tf.round(share * (salt * 2**16)), tf.int32), images)
    either = expand(tf.cast(tf.round(share * 2**16), tf.int32), images)
    grains = tf.cast(tf.where(chance < white, 255, 0), tf.uint8)
    return tf.where(chance < either, grains, images)


@dataclasses.dataclass(frozen=True)
class GaussianNoise(Transform):
    """Normal noise, another value for every pixel and channel."""

    sigma: Range = option((5, 20), "standard deviation, in grey levels", low=0, high=255)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"sigma": draws.uniform(*self.sigma), "key": draws.key()}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return add_noise(images, drawn["sigma"], drawn["key"])


@dataclasses.dataclass(frozen=True)
class SaltAndPepper(Transform):
    """Single pixels become white or black."""

    share: Range = option((0.01, 0.05), "of the pixels", low=0, high=1)
    salt: float = option(0.5, "share of white ones among them", low=0, high=1)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"share": draws.uniform(*self.share), "key": draws.key()}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return salt_and_pepper(images, drawn["share"], self.salt, drawn["key"])
