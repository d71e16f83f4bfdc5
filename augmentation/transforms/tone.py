"""Brightness, contrast and other changes of each value by itself.

Every function here is exact, in whole numbers. Factors are taken in steps of 1/4096, in which
Pillow's own blend of float32 numbers is exact too, so the two agree bit for bit.
"""

import dataclasses

import tensorflow as tf

from augmentation.core.batch import expand, size_of
from augmentation.core.fields import Range, WholeRange, option
from augmentation.core.transform import Drawn, Transform

FACTOR_BITS = 12
FACTOR_STEPS = 2**FACTOR_BITS
GROUP = "intensity and colour"


def blend(degenerate: tf.Tensor | int, images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """degenerate + factor * (image - degenerate), cut off to [0, 255], rounded down as by Pillow.

    Args:
      degenerate: int32, the image that factor 0 gives; broadcast to `images`.
      images: uint8 (count, height, width, channels); factor 1 leaves them as they are.
      factor: float32 (count,) in [0, 100].

    Returns: uint8, the same shape.
    Reference: Haeberli and Voorhies 1994, Image Processing by Interpolation and Extrapolation.
    """
    factor = expand(tf.cast(tf.round(factor * FACTOR_STEPS), tf.int32), images)
    blended = degenerate * FACTOR_STEPS + factor * (tf.cast(images, tf.int32) - degenerate)
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


def mean_luma(images: tf.Tensor) -> tf.Tensor:
    """The mean of each grey image, rounded: int32 (count, 1, 1, 1)."""
    grey = luma(images)
    # int32 along a row, int64 over the rows: an image of 9 million pixels passes 2^31
    total = tf.reduce_sum(tf.cast(tf.reduce_sum(grey, axis=2), tf.int64), axis=[1, 2])
    pixels = tf.cast(tf.shape(grey)[1], tf.int64) * tf.cast(tf.shape(grey)[2], tf.int64)
    return expand(tf.cast((2 * total + pixels) // (2 * pixels), tf.int32), grey)


def posterize(images: tf.Tensor, bits: tf.Tensor) -> tf.Tensor:
    """Only the highest `bits` of every value; bits is int32 (count,) in [0, 8]."""
    mask = 256 - tf.bitwise.left_shift(tf.ones_like(bits), 8 - bits)  # 8 bits: 255
    return images & expand(tf.cast(mask, tf.uint8), images)


def solarize(images: tf.Tensor, threshold: tf.Tensor) -> tf.Tensor:
    """255 - value from the threshold up; threshold is int32 (count,) in [0, 256]."""
    bright = tf.cast(images, tf.int32) >= expand(threshold, images)
    return tf.where(bright, 255 - images, images)


def look_up(images: tf.Tensor, tables: tf.Tensor) -> tf.Tensor:
    """Replace every value by its entry in the tables, uint8 (count, channels, 256)."""
    count, (height, width, channels) = tf.shape(images)[0], size_of(images)
    # one row a channel: so compiled, the tables are worked out less often
    planes = tf.transpose(tf.cast(images, tf.int32), [0, 3, 1, 2])
    planes = tf.reshape(planes, [count * channels, height * width])
    found = tf.gather(tf.reshape(tables, [count * channels, 256]), planes, batch_dims=1)
    found = tf.reshape(found, [count, channels, height, width])
    return tf.transpose(found, [0, 2, 3, 1])


def stretch_tables(images: tf.Tensor) -> tf.Tensor:
    """The darkest value to 0, the lightest to 255: uint8 (count, channels, 256).

    A channel of one value stays as it is. Rounded down, as by Pillow, but in whole numbers:
    Pillow's product of float64 numbers falls just below a whole one at times.
    """
    lowest = tf.cast(tf.reduce_min(images, axis=[1, 2]), tf.int32)[..., tf.newaxis]
    highest = tf.cast(tf.reduce_max(images, axis=[1, 2]), tf.int32)[..., tf.newaxis]
    span, ramp = highest - lowest, tf.range(256)
    above = tf.clip_by_value(ramp - lowest, 0, span)  # (count, channels, 256)
    stretched = tf.where(span > 0, _divide(above * 255, tf.maximum(span, 1)), ramp)
    return tf.cast(stretched, tf.uint8)


def equal_tables(images: tf.Tensor) -> tf.Tensor:
    """Values by their rank: uint8 (count, channels, 256).

    The rule is Pillow's: with step = (pixels - those of the lightest value) // 255, a value becomes
    (step // 2 + pixels darker than it) // step; nothing changes where step is 0 (few pixels).
    """
    histograms = count_values(images)
    darker = tf.cumsum(histograms, axis=-1, exclusive=True)  # (count, channels, 256)
    below_lightest = tf.reduce_max(tf.where(histograms > 0, darker, 0), axis=-1, keepdims=True)
    step = below_lightest // 255
    ranks = _divide(step // 2 + darker, tf.maximum(step, 1))
    ramp = tf.range(256)
    return tf.cast(tf.where(step > 0, tf.minimum(ranks, 255), ramp), tf.uint8)


def count_values(images: tf.Tensor) -> tf.Tensor:
    """How often each value occurs: int32 (count, channels, 256)."""
    count, channels = tf.shape(images)[0], images.shape[-1]
    firsts = tf.reshape(tf.range(count * channels) * 256, [-1, 1, 1, channels])
    bins = tf.reshape(firsts + tf.cast(images, tf.int32), [-1])
    histograms = tf.math.unsorted_segment_sum(tf.ones_like(bins), bins, count * channels * 256)
    return tf.reshape(histograms, [count, channels, 256])


def _divide(numbers: tf.Tensor, divisors: tf.Tensor) -> tf.Tensor:
    """numbers // divisors for int32 from 0, by float64: processors divide those many at a time.

    Exact: half a unit above, no quotient is so near a whole number that rounding could reach it.
    """
    quotients = (tf.cast(numbers, tf.float64) + 0.5) / tf.cast(divisors, tf.float64)
    return tf.cast(tf.floor(quotients), tf.int32)


@dataclasses.dataclass(frozen=True)
class Brightness(Transform):
    """Every value times a factor, as Pillow's ImageEnhance.Brightness."""

    group = GROUP
    factor: Range = option(
        (0.7, 1.3), "0: black, 1: the image as it is", low=0, high=100, steps=FACTOR_STEPS
    )

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return blend(0, images, drawn["factor"])


@dataclasses.dataclass(frozen=True)
class Contrast(Transform):
    """The distance of every value from the mean grey, as Pillow's ImageEnhance.Contrast."""

    group = GROUP
    factor: Range = option(
        (0.7, 1.3), "0: even grey, 1: the image as it is", low=0, high=100, steps=FACTOR_STEPS
    )

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return blend(mean_luma(images), images, drawn["factor"])


@dataclasses.dataclass(frozen=True)
class Invert(Transform):
    """The negative; use it with a probability."""

    group = GROUP

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return 255 - images


@dataclasses.dataclass(frozen=True)
class Posterize(Transform):
    """Fewer levels of grey, as Pillow's ImageOps.posterize."""

    group = GROUP
    bits: WholeRange = option((4, 7), "bits that are kept of every value", low=1, high=8)

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return posterize(images, drawn["bits"])


@dataclasses.dataclass(frozen=True)
class Solarize(Transform):
    """Values from a threshold up are inverted, as by Pillow's ImageOps.solarize."""

    group = GROUP
    threshold: WholeRange = option((128, 224), "grey level; 256: none is", low=0, high=256)

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return solarize(images, drawn["threshold"])


@dataclasses.dataclass(frozen=True)
class Autocontrast(Transform):
    """Every channel stretched to the whole range, as by Pillow's ImageOps.autocontrast."""

    group = GROUP

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return look_up(images, stretch_tables(images))


@dataclasses.dataclass(frozen=True)
class Equalize(Transform):
    """Every channel's histogram made as even as it goes, as by Pillow's ImageOps.equalize."""

    group = GROUP

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return look_up(images, equal_tables(images))
