"""Brightness, contrast and other changes of each value by itself.

Every function here is exact: whole numbers, or tables made once. Factors are taken in steps of
1/4096, in which Pillow's own blend of float32 numbers is exact too, so the two agree bit for bit.
"""

import dataclasses
import functools

import numpy as np
import tensorflow as tf

from augmentation.core.batch import expand
from augmentation.core.fields import Range, WholeRange, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size, Transform

FACTOR_BITS = 12
GAMMA_STEPS = 256  # a gamma is a multiple of 1/256 ...
LARGEST_GAMMA = 5  # ... up to 5: a table of 1,281 rows holds them all
GROUP = "intensity and colour"


def on_grid(values: tf.Tensor, steps: int) -> tf.Tensor:
    """Each value as the nearest multiple of 1/steps, exact in float32; steps is a power of 2."""
    return tf.round(values * steps) * (1 / steps)


def draw_factor(draws: Draws, factor: Range) -> tf.Tensor:
    """A factor for `blend`, float32 (count,)."""
    return on_grid(draws.uniform(*factor), 2**FACTOR_BITS)


def blend(degenerate: tf.Tensor | int, values: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """degenerate + factor * (values - degenerate), cut off to [0, 255], rounded down as by Pillow.

    Args:
      degenerate: int32, the image that factor 0 gives; broadcast to `values`.
      values: int32 (count, ...) in [0, 255]; factor 1 leaves them as they are.
      factor: float32 (count,) in [0, 100].

    Returns: uint8, the shape of values.
    Reference: Haeberli and Voorhies 1994, Image Processing by Interpolation and Extrapolation.
    """
    factor = expand(tf.cast(tf.round(factor * 2**FACTOR_BITS), tf.int32), values)
    blended = degenerate * 2**FACTOR_BITS + factor * (values - degenerate)
    return to_bytes(tf.bitwise.right_shift(blended, FACTOR_BITS))


def to_bytes(values: tf.Tensor) -> tf.Tensor:
    """int32 of any size to uint8, cut off to [0, 255]."""
    return tf.cast(tf.clip_by_value(values, 0, 255), tf.uint8)


def luma(images: tf.Tensor) -> tf.Tensor:
    """The grey image: int32 (count, height, width, 1).

    0.299 R + 0.587 G + 0.114 B in 65,536ths, rounded: ITU-R 601, as Pillow's mode L.
    """
    images = tf.cast(images, tf.int32)
    if images.shape[-1] == 1:
        return images
    red, green, blue = tf.split(images, 3, axis=-1)
    return tf.bitwise.right_shift(19595 * red + 38470 * green + 7471 * blue + 2**15, 16)


def brighten(images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """Every value times the factor: uint8 (count, height, width, channels) to the same."""
    return blend(0, tf.cast(images, tf.int32), factor)


def mean_luma(images: tf.Tensor) -> tf.Tensor:
    """The mean of each grey image, rounded: int32 (count, 1, 1, 1)."""
    grey = luma(images)
    # int32 along a row, int64 over the rows: an image of 9 million pixels passes 2^31
    total = tf.reduce_sum(tf.cast(tf.reduce_sum(grey, axis=2), tf.int64), axis=[1, 2])
    pixels = tf.cast(tf.shape(grey)[1], tf.int64) * tf.cast(tf.shape(grey)[2], tf.int64)
    return expand(tf.cast((2 * total + pixels) // (2 * pixels), tf.int32), grey)


def scale_contrast(images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """The distance of every value from the image's mean grey, times the factor."""
    return blend(mean_luma(images), tf.cast(images, tf.int32), factor)


def correct_gamma(images: tf.Tensor, gamma: tf.Tensor) -> tf.Tensor:
    """255 (value / 255)^gamma, rounded; gamma is float32 (count,) in [0, 5], in steps of 1/256."""
    row = tf.cast(tf.round(gamma * GAMMA_STEPS), tf.int32)
    places = expand(row * 256, images) + tf.cast(images, tf.int32)
    return tf.gather(tf.constant(_gamma_table()), places)


def invert(images: tf.Tensor) -> tf.Tensor:
    """255 - value."""
    return 255 - images


def posterize(images: tf.Tensor, bits: tf.Tensor) -> tf.Tensor:
    """Only the highest `bits` of every value; bits is int32 (count,) in [0, 8]."""
    mask = 256 - tf.bitwise.left_shift(tf.ones_like(bits), 8 - bits)  # 8 bits: 255
    return tf.bitwise.bitwise_and(images, expand(tf.cast(mask, tf.uint8), images))


def solarize(images: tf.Tensor, threshold: tf.Tensor) -> tf.Tensor:
    """255 - value from the threshold up; threshold is int32 (count,) in [0, 256]."""
    bright = tf.cast(images, tf.int32) >= expand(threshold, images)
    return tf.where(bright, 255 - images, images)


@functools.cache
def _gamma_table() -> np.ndarray:
    """Row k, column v: 255 (v / 255)^(k / 256); uint8, flat. 328 KB, made in 10 ms."""
    gammas = np.arange(LARGEST_GAMMA * GAMMA_STEPS + 1)[:, np.newaxis] / GAMMA_STEPS
    return np.rint(255 * (np.arange(256) / 255) ** gammas).astype(np.uint8).ravel()


@dataclasses.dataclass(frozen=True)
class Brightness(Transform):
    """Every value times a factor, as Pillow's ImageEnhance.Brightness."""

    factor: Range = option((0.7, 1.3), "0: black, 1: the image as it is", low=0, high=100)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"factor": draw_factor(draws, self.factor)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return brighten(images, drawn["factor"])


@dataclasses.dataclass(frozen=True)
class Contrast(Transform):
    """The distance of every value from the mean grey, as Pillow's ImageEnhance.Contrast."""

    factor: Range = option((0.7, 1.3), "0: even grey, 1: the image as it is", low=0, high=100)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"factor": draw_factor(draws, self.factor)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return scale_contrast(images, drawn["factor"])


@dataclasses.dataclass(frozen=True)
class Gamma(Transform):
    """Every value, as a share of 255, to the power of gamma: black and white stay."""

    gamma: Range = option((0.7, 1.4), "below 1: lighter, above: darker", low=0.1, high=5)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"gamma": on_grid(draws.uniform(*self.gamma), GAMMA_STEPS)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return correct_gamma(images, drawn["gamma"])


@dataclasses.dataclass(frozen=True)
class Invert(Transform):
    """The negative; use it with a probability."""

    group = GROUP

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return invert(images)


@dataclasses.dataclass(frozen=True)
class Posterize(Transform):
    """Fewer levels of grey, as Pillow's ImageOps.posterize."""

    bits: WholeRange = option((4, 7), "bits that are kept of every value", low=1, high=8)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"bits": draws.integers(self.bits[0], self.bits[1] + 1)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return posterize(images, drawn["bits"])


@dataclasses.dataclass(frozen=True)
class Solarize(Transform):
    """Values from a threshold up are inverted, as by Pillow's ImageOps.solarize."""

    threshold: WholeRange = option((128, 224), "grey level; 256: none is", low=0, high=256)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"threshold": draws.integers(self.threshold[0], self.threshold[1] + 1)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return solarize(images, drawn["threshold"])
