"""Autocontrast and equalize: each image's own histogram says how its values change.

Both build a table of 256 bytes for every image and channel and look every value up.
"""

import dataclasses

import tensorflow as tf

from augmentation.core.transform import Drawn, Transform, size_of
from augmentation.transforms.tone import GROUP


def look_up(images: tf.Tensor, tables: tf.Tensor) -> tf.Tensor:
    """Replace every value by its entry.

    Args:
      images: uint8 (count, height, width, channels).
      tables: uint8 (count, channels, 256).

    Returns: uint8, the shape of images.
    """
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
