"""Affine maps: rotate, translate, and both with scale and shear in one.

An image is moved around its middle by p -> L p + t. Sampling goes the other way: the place that a
pixel of the result comes from moves on by the same step from pixel to pixel, in whole numbers.
"""

import abc
import dataclasses
import math
from typing import NamedTuple

import tensorflow as tf

from augmentation.core.batch import Size, expand
from augmentation.core.fields import Range, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn
from augmentation.core.warp import ONE, to_grid
from augmentation.transforms.geometry.base import _PointMap, _Warp

GRID = 2.0**20  # matrices in steps of 2^-20: what a sine's last bit is does not matter then
SHIFT_GRID = 2.0**12  # shifts in steps of 1/4096 pixel
STEPS = 2.0**16  # where pixels come from: slopes and offsets in steps of 2^-16 pixel
STEEPEST = 32.0  # a slope: pixels that one pixel comes from
FARTHEST = 80  # an offset, in image sides
SMALL = 256  # pixels a side, up to which whole numbers of 32 bits cannot overflow


class Motion(NamedTuple):
    """Where points go: (x, y) to (a x + b y + shift_x, c x + d y + shift_y).

    In pixels from the middle of the image, x to the right and y down; each part float64 (count,),
    or (1,) for all images.
    """

    a: tf.Tensor
    b: tf.Tensor
    c: tf.Tensor
    d: tf.Tensor
    shift_x: tf.Tensor
    shift_y: tf.Tensor


def make_motion(
    *,
    degrees: tf.Tensor | float = 0.0,
    scale: tf.Tensor | float = 1.0,
    shear: tf.Tensor | float = 0.0,
    shift: tuple[tf.Tensor | float, tf.Tensor | float] = (0.0, 0.0),
) -> Motion:
    """Scale, then shear, then rotate, then shift.

    Args: each number one for all images, or (count,).
      degrees: of rotation, counter-clockwise as one looks at the image.
      scale: above 0; 2 makes everything twice as large.
      shear: degrees by which upright lines lean to the right, as italics do.
      shift: pixels, to the right and down.
    """
    degrees, scale, shear, shift_x, shift_y = [
        tf.reshape(tf.cast(value, tf.float64), [-1]) for value in (degrees, scale, shear, *shift)
    ]
    cos, sin = tf.cos(degrees * (math.pi / 180)), tf.sin(degrees * (math.pi / 180))
    lean = -tf.tan(shear * (math.pi / 180)) * scale  # x' = x + lean y
    linear = (cos * scale, cos * lean + sin * scale, -sin * scale, cos * scale - sin * lean)
    shifts = [to_grid(shift, SHIFT_GRID) for shift in (shift_x, shift_y)]
    return Motion(*[to_grid(value, GRID) for value in linear], *shifts)


def _plane(right: tf.Tensor, down: tf.Tensor, middle: tf.Tensor, size: Size) -> tf.Tensor:
    """What is `middle` in the middle of the image and grows by `right` and `down` a pixel.

    From float64 (count,), in pixels, to int32 (count, height, width), in 1/256 pixel.
    """
    known = isinstance(size.height, int) and isinstance(size.width, int)
    small = known and max(size.height, size.width) <= SMALL
    dtype = tf.int32 if small else tf.int64  # the same numbers, but half the speed
    side = tf.cast(tf.maximum(tf.maximum(size.height, size.width), SMALL), tf.float64)
    middle = tf.clip_by_value(middle, -FARTHEST * side, FARTHEST * side)
    corner = middle - right * _middle(size.width) - down * _middle(size.height)
    right, down, corner = [
        tf.cast(tf.floor(value * STEPS + 0.5), dtype)[:, tf.newaxis, tf.newaxis]
        for value in (right, down, corner)
    ]
    x = tf.range(tf.cast(size.width, dtype))[tf.newaxis, tf.newaxis, :]
    y = tf.range(tf.cast(size.height, dtype))[tf.newaxis, :, tf.newaxis]
    half = int(STEPS) // ONE // 2
    return tf.cast(tf.bitwise.right_shift(right * x + (down * y + (corner + half)), 8), tf.int32)


def _middle(length: int | tf.Tensor) -> tf.Tensor:
    return (tf.cast(length, tf.float64) - 1) / 2


def in_pixels(x: tf.Tensor, y: tf.Tensor, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
    """Fractions of width and height as pixels, float64."""
    x, y, width, height = [tf.cast(part, tf.float64) for part in (x, y, size.width, size.height)]
    return x * width, y * height


@dataclasses.dataclass(frozen=True)
class _Affine(_Warp, _PointMap):
    """Base of those that say how to move the image around its middle."""

    @abc.abstractmethod
    def motion(self, drawn: Drawn, size: Size) -> Motion:
        """How each image moves around its middle."""

    def positions(self, drawn: Drawn, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
        """In an image of 4,000 pixels exact to 0.04 pixel, in one of 224 to 0.004."""
        a, b, c, d, shift_x, shift_y = self.motion(drawn, size)
        inverse = [value / (a * d - b * c) for value in (d, -b, -c, a)]
        inverse = [tf.clip_by_value(value, -STEEPEST, STEEPEST) for value in inverse]
        a, b, c, d = [to_grid(value, STEPS) for value in inverse]
        middle_x, middle_y = _middle(size.width), _middle(size.height)
        # products of numbers on the grids are exact in float64, in whatever order they are added
        from_x = middle_x - a * shift_x - b * shift_y
        from_y = middle_y - c * shift_x - d * shift_y
        return _plane(c, d, from_y, size), _plane(a, b, from_x, size)

    def move(self, drawn, size, x, y):
        a, b, c, d, shift_x, shift_y = [expand(part, x) for part in self.motion(drawn, size)]
        middle_x, middle_y = tf.cast(size.width, x.dtype) / 2, tf.cast(size.height, x.dtype) / 2
        x, y = x - middle_x, y - middle_y
        return a * x + b * y + shift_x + middle_x, c * x + d * y + shift_y + middle_y


@dataclasses.dataclass(frozen=True)
class Rotate(_Affine):
    """Turn the image around its middle."""

    degrees: Range = option((-15.0, 15.0), "counter-clockwise", low=-360, high=360)

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        return make_motion(degrees=drawn["degrees"])


@dataclasses.dataclass(frozen=True)
class Translate(_Affine):
    """Shift the image by any share of its size."""

    x: Range = option((-0.1, 0.1), "to the right, in widths", low=-1, high=1)
    y: Range = option((-0.1, 0.1), "down, in heights", low=-1, high=1)

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        return make_motion(shift=in_pixels(drawn["x"], drawn["y"], size))


@dataclasses.dataclass(frozen=True)
class Affine(_Affine):
    """Scale, shear, rotate and shift in one warp: blurred once, not four times."""

    degrees: Range = option((-15.0, 15.0), "counter-clockwise", low=-360, high=360)
    scale: Range = option((0.85, 1.15), "2: twice as large", low=0.1, high=10)
    shear: Range = option((-10.0, 10.0), "degrees; above 0 leans right", low=-60, high=60)
    translate: Range = option((-0.1, 0.1), "of width and height, drawn for each", low=-1, high=1)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        bounds = {"degrees": self.degrees, "scale": self.scale, "shear": self.shear}
        bounds |= {"x": self.translate, "y": self.translate}
        return {name: draws.uniform(*both) for name, both in bounds.items()}

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        return make_motion(
            degrees=drawn["degrees"],
            scale=drawn["scale"],
            shear=drawn["shear"],
            shift=in_pixels(drawn["x"], drawn["y"], size),
        )
