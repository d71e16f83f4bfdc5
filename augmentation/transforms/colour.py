"""Saturation, hue and grey: what happens between the channels of a pixel."""

import dataclasses

import tensorflow as tf

from augmentation.core.batch import expand
from augmentation.core.fields import Range, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size, Transform
from augmentation.transforms.tone import GROUP, blend, draw_factor, luma, on_grid

TURN_BITS = 12  # a shift of the hue is a multiple of 1/4096 of the circle


def saturate(images: tf.Tensor, factor: tf.Tensor) -> tf.Tensor:
    """The distance of every value from its pixel's grey, times the factor.

    Args:
      images: uint8 (count, height, width, 3).
      factor: float32 (count,); see `tone.blend`.

    Returns: uint8, the same shape.
    """
    return blend(luma(images), tf.cast(images, tf.int32), factor)


def shift_hue(images: tf.Tensor, turns: tf.Tensor) -> tf.Tensor:
    """Turn every colour around the circle red, yellow, green, cyan, blue, magenta.

    Lightest and darkest channel of a pixel keep their values (value and saturation of HSV). With
    chroma c = lightest - darkest, the place on the circle times c is a whole number, so nothing is
    divided, and rounded only once.

    Args:
      images: uint8 (count, height, width, 3).
      turns: float32 (count,), 1 is the whole circle; taken in steps of 1/4096.

    Returns: uint8, the same shape.
    Reference: Smith 1978, Color Gamut Transform Pairs.
    """
    red, green, blue = tf.split(tf.cast(images, tf.int32), 3, axis=-1)
    lightest = tf.maximum(tf.maximum(red, green), blue)
    darkest = tf.minimum(tf.minimum(red, green), blue)
    chroma = lightest - darkest
    place = tf.where(  # of 6 chroma: from red at 0 over green at 2 chroma and blue at 4 chroma
        lightest == red,
        green - blue,
        tf.where(lightest == green, 2 * chroma + blue - red, 4 * chroma + red - green),
    )
    steps = tf.cast(tf.round(turns * 2**TURN_BITS), tf.int32)
    steps = expand(tf.bitwise.bitwise_and(steps, 2**TURN_BITS - 1), images)  # less than one turn
    unit = chroma * 2**TURN_BITS
    place = place * 2**TURN_BITS + 6 * chroma * steps  # from -unit to 11 unit
    place = tf.where(place >= 6 * unit, place - 6 * unit, place)
    place = tf.where(place < 0, place + 6 * unit, place)
    shares = [  # how far each channel is above the darkest, in 4096ths
        tf.abs(place - 3 * unit) - unit,
        2 * unit - tf.abs(place - 2 * unit),
        2 * unit - tf.abs(place - 4 * unit),
    ]
    shares = tf.clip_by_value(tf.concat(shares, axis=-1), 0, unit)
    rounded = tf.bitwise.right_shift(shares + 2 ** (TURN_BITS - 1), TURN_BITS)
    return tf.cast(darkest + rounded, tf.uint8)


def to_grey(images: tf.Tensor) -> tf.Tensor:
    """Three equal channels: uint8 (count, height, width, 3) to the same."""
    return tf.repeat(tf.cast(luma(images), tf.uint8), 3, axis=-1)


@dataclasses.dataclass(frozen=True)
class Saturation(Transform):
    """Paler or stronger colours, as Pillow's ImageEnhance.Color."""

    factor: Range = option((0.6, 1.4), "0: grey, 1: the image as it is", low=0, high=100)

    group = GROUP
    colour_only = True

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"factor": draw_factor(draws, self.factor)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return saturate(images, drawn["factor"])


@dataclasses.dataclass(frozen=True)
class Hue(Transform):
    """Other colours of the same saturation and value (of HSV)."""

    turns: Range = option((-0.05, 0.05), "of the colour circle; 1/3: red to green", low=-1, high=1)

    group = GROUP
    colour_only = True

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"turns": on_grid(draws.uniform(*self.turns), 2**TURN_BITS)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return shift_hue(images, drawn["turns"])


@dataclasses.dataclass(frozen=True)
class Grey(Transform):
    """A grey image of three channels, as Pillow's mode L; use it with a probability."""

    group = GROUP
    colour_only = True

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return to_grey(images)
