"""Saturation and hue: what happens between the channels of a pixel."""

import dataclasses

import tensorflow as tf

from augmentation.core.batch import expand
from augmentation.core.fields import Range, option
from augmentation.core.transform import Drawn, Transform
from augmentation.transforms.tone import FACTOR_STEPS, GROUP, blend, luma

TURN_BITS = 12  # a shift of the hue is a multiple of 1/4096 of the circle
TURN_STEPS = 2**TURN_BITS


@dataclasses.dataclass(frozen=True)
class Saturation(Transform):
    """Paler or stronger colours, as Pillow's ImageEnhance.Color."""

    group = GROUP
    colour_only = True
    factor: Range = option(
        (0.6, 1.4), "0: grey, 1: the image as it is", low=0, high=100, steps=FACTOR_STEPS
    )

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return blend(luma(images), images, drawn["factor"])


@dataclasses.dataclass(frozen=True)
class Hue(Transform):
    """Other colours of the same saturation and value (of HSV).

    Every colour turns around the circle red, yellow, green, cyan, blue, magenta; the lightest and
    the darkest channel of a pixel keep their values. With chroma c = lightest - darkest, the place
    on the circle times c is a whole number: nothing is divided, and rounded only once.

    Reference: Smith 1978, Color Gamut Transform Pairs.
    """

    group = GROUP
    colour_only = True
    turns: Range = option(
        (-0.05, 0.05), "of the colour circle; 1/3: red to green", low=-1, high=1, steps=TURN_STEPS
    )

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        red, green, blue = tf.split(tf.cast(images, tf.int32), 3, axis=-1)
        lightest = tf.maximum(tf.maximum(red, green), blue)
        darkest = tf.minimum(tf.minimum(red, green), blue)
        chroma = lightest - darkest
        place = tf.where(  # of 6 chroma: from red at 0 over green at 2 chroma and blue at 4 chroma
            lightest == red,
            green - blue,
            tf.where(lightest == green, 2 * chroma + blue - red, 4 * chroma + red - green),
        )
        steps = tf.cast(tf.round(drawn["turns"] * TURN_STEPS), tf.int32)
        steps = expand(steps & (TURN_STEPS - 1), images)  # less than one turn
        unit = chroma * TURN_STEPS
        place = place * TURN_STEPS + 6 * chroma * steps  # from -unit to 11 unit
        place = tf.where(place >= 6 * unit, place - 6 * unit, place)
        place = tf.where(place < 0, place + 6 * unit, place)
        shares = [  # how far each channel is above the darkest, in 4096ths
            tf.abs(place - 3 * unit) - unit,
            2 * unit - tf.abs(place - 2 * unit),
            2 * unit - tf.abs(place - 4 * unit),
        ]
        shares = tf.clip_by_value(tf.concat(shares, axis=-1), 0, unit)
        rounded = tf.bitwise.right_shift(shares + TURN_STEPS // 2, TURN_BITS)
        return tf.cast(darkest + rounded, tf.uint8)
