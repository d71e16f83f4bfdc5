"""Affine maps: rotate, translate, scale, shear, and all four together.

An image is moved around its middle by p -> L p + t. Sampling goes the other way: the place that a
pixel of the result comes from moves on by the same step from pixel to pixel, in whole numbers.
"""

import abc
import dataclasses
import math
from typing import NamedTuple

import tensorflow as tf

from augmentation.core.fields import FieldError, Range, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size
from augmentation.core.warp import ONE, to_grid
from augmentation.transforms.geometry.base import _PointMap, _Warp

GRID = 2.0**20  # matrices in steps of 2^-20: what a sine's last bit is does not matter then
SHIFT_GRID = 2.0**12  # shifts in steps of 1/4096 pixel
STEPS = 2.0**16  # where pixels come from: slopes and offsets in steps of 2^-16 pixel
STEEPEST = 32.0  # a slope: pixels that one pixel comes from
FARTHEST = 80  # an offset, in image sides
SMALL = 256  # pixels a side, up to which whole numbers of 32 bits cannot overflow
UNITS = ("fraction", "pixels")


class Motion(NamedTuple):
    """Where points go: (x, y) to (a x + b y + shift_x, c x + d y + shift_y).

    In pixels from the middle of the image, x to the right and y down; each part float64 (count,).
    """

    a: tf.Tensor
    b: tf.Tensor
    c: tf.Tensor
    d: tf.Tensor
    shift_x: tf.Tensor
    shift_y: tf.Tensor


def make_motion(
    count: int | tf.Tensor,
    *,
    degrees: tf.Tensor | float = 0.0,
    scale_x: tf.Tensor | float = 1.0,
    scale_y: tf.Tensor | float = 1.0,
    shear_x: tf.Tensor | float = 0.0,
    shear_y: tf.Tensor | float = 0.0,
    shift_x: tf.Tensor | float = 0.0,
    shift_y: tf.Tensor | float = 0.0,
) -> Motion:
    """Scale, then shear in x, then shear in y, then rotate, then shift.

    Args:
      count: of images; every other argument is one number, or (count,).
      degrees: of rotation, counter-clockwise as one looks at the image.
      scale_x, scale_y: above 0; 2 makes everything twice as wide, or high.
      shear_x: degrees by which upright lines lean to the right, as italics do.
      shear_y: degrees by which level lines fall to the right.
      shift_x, shift_y: pixels, to the right and down.
    """
    numbers = (degrees, scale_x, scale_y, shear_x, shear_y, shift_x, shift_y)
    degrees, scale_x, scale_y, shear_x, shear_y, shift_x, shift_y = [
        tf.broadcast_to(tf.cast(value, tf.float64), [count]) for value in numbers
    ]
    cos, sin = tf.cos(degrees * (math.pi / 180)), tf.sin(degrees * (math.pi / 180))
    lean, fall = -tf.tan(shear_x * (math.pi / 180)), tf.tan(shear_y * (math.pi / 180))
    # shears: x' = x + lean y, y' = y + fall x'
    a, b, c, d = scale_x, lean * scale_y, fall * scale_x, (1 + fall * lean) * scale_y
    linear = (cos * a + sin * c, cos * b + sin * d, cos * c - sin * a, cos * d - sin * b)
    shifts = [to_grid(shift, SHIFT_GRID) for shift in (shift_x, shift_y)]
    return Motion(*[to_grid(value, GRID) for value in linear], *shifts)


def affine_positions(motion: Motion, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
    """Where each pixel of the moved image comes from.

    Returns: y and x, int32 (count, height, width), in 1/256 pixel. In an image of 4,000 pixels they
    are exact to 0.04 pixel, in one of 224 to 0.004.
    """
    determinant = motion.a * motion.d - motion.b * motion.c
    inverse = (motion.d, -motion.b, -motion.c, motion.a)
    inverse = [tf.clip_by_value(value / determinant, -STEEPEST, STEEPEST) for value in inverse]
    a, b, c, d = [to_grid(value, STEPS) for value in inverse]
    middle_x, middle_y = _middle(size.width), _middle(size.height)
    # products of numbers on the grids are exact in float64, in whatever order they are added
    from_x = middle_x - a * motion.shift_x - b * motion.shift_y
    from_y = middle_y - c * motion.shift_x - d * motion.shift_y
    return _plane(c, d, from_y, size), _plane(a, b, from_x, size)


def _plane(right: tf.Tensor, down: tf.Tensor, middle: tf.Tensor, size: Size) -> tf.Tensor:
    """What is `middle` in the middle of the image and grows by `right` and `down` a pixel.

    Args:
      right, down, middle: float64 (count,), in pixels.

    Returns: int32 (count, height, width), in 1/256 pixel.
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


def affine_points(
    motion: Motion, size: Size, x: tf.Tensor, y: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Where points (count, most, 4) go; 0 is the border of the first pixel."""
    a, b, c, d, shift_x, shift_y = [part[:, tf.newaxis, tf.newaxis] for part in motion]
    middle_x, middle_y = tf.cast(size.width, x.dtype) / 2, tf.cast(size.height, x.dtype) / 2
    x, y = x - middle_x, y - middle_y
    return a * x + b * y + shift_x + middle_x, c * x + d * y + shift_y + middle_y


@dataclasses.dataclass(frozen=True)
class _Affine(_Warp, _PointMap):
    """Base of those that say how to move the image around its middle."""

    @abc.abstractmethod
    def motion(self, drawn: Drawn, size: Size) -> Motion:
        """How each image moves around its middle."""

    def positions(self, drawn: Drawn, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
        return affine_positions(self.motion(drawn, size), size)

    def move(self, drawn, size, x, y):
        return affine_points(self.motion(drawn, size), size, x, y)


@dataclasses.dataclass(frozen=True)
class Rotate(_Affine):
    """Turn the image around its middle."""

    degrees: Range = option((-15.0, 15.0), "counter-clockwise", low=-360, high=360)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"degrees": draws.uniform(*self.degrees)}

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        return make_motion(tf.shape(drawn["degrees"])[0], degrees=drawn["degrees"])


@dataclasses.dataclass(frozen=True)
class Translate(_Affine):
    """Shift the image: by any share of its size, or by whole pixels, which blurs nothing."""

    x: Range = option((-0.1, 0.1), "to the right, in the unit", low=-4096, high=4096)
    y: Range = option((-0.1, 0.1), "down, in the unit", low=-4096, high=4096)
    unit: str = option(
        "fraction", "fraction: of width and height; pixels: whole pixels", choices=UNITS
    )

    def __post_init__(self):
        super().__post_init__()
        for name in ("x", "y"):
            bounds = getattr(self, name)
            if self.unit == "fraction" and max(map(abs, bounds)) > 1:
                raise FieldError(name, bounds, "fractions in [-1, 1]", 'write unit = "pixels"')
            if self.unit == "pixels" and any(bound != int(bound) for bound in bounds):
                raise FieldError(name, bounds, "whole pixels", "round them")

    def draw(self, draws: Draws, size: Size) -> Drawn:
        if self.unit == "fraction":
            return {"x": draws.uniform(*self.x), "y": draws.uniform(*self.y)}
        return {"x": _whole(draws, self.x), "y": _whole(draws, self.y)}

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        x, y = tf.cast(drawn["x"], tf.float64), tf.cast(drawn["y"], tf.float64)
        if self.unit == "fraction":
            x, y = x * tf.cast(size.width, tf.float64), y * tf.cast(size.height, tf.float64)
        return make_motion(tf.shape(x)[0], shift_x=x, shift_y=y)


@dataclasses.dataclass(frozen=True)
class Scale(_Affine):
    """Make what is in the image larger or smaller, around its middle; the image keeps its size."""

    factor: Range = option((0.85, 1.15), "2: twice as large", low=0.1, high=10)
    together: bool = option(True, "the same factor for width and height, else one for each")

    def draw(self, draws: Draws, size: Size) -> Drawn:
        x = draws.uniform(*self.factor)
        return {"x": x, "y": x if self.together else draws.uniform(*self.factor)}

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        return make_motion(tf.shape(drawn["x"])[0], scale_x=drawn["x"], scale_y=drawn["y"])


@dataclasses.dataclass(frozen=True)
class Shear(_Affine):
    """Slant the image, its middle staying where it is."""

    x: Range = option((-10.0, 10.0), "degrees; above 0 leans right, as italics", low=-60, high=60)
    y: Range = option((0.0, 0.0), "degrees; above 0 falls to the right", low=-60, high=60)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"x": draws.uniform(*self.x), "y": draws.uniform(*self.y)}

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        return make_motion(tf.shape(drawn["x"])[0], shear_x=drawn["x"], shear_y=drawn["y"])


@dataclasses.dataclass(frozen=True)
class Affine(_Affine):
    """Scale, shear, rotate and shift in one warp: blurred once, not four times."""

    degrees: Range = option((-15.0, 15.0), "counter-clockwise", low=-360, high=360)
    scale: Range = option((0.85, 1.15), "2: twice as large", low=0.1, high=10)
    shear: Range = option((-10.0, 10.0), "degrees; above 0 leans right", low=-60, high=60)
    translate: Range = option((-0.1, 0.1), "of width and height, drawn for each", low=-1, high=1)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {
            "degrees": draws.uniform(*self.degrees),
            "scale": draws.uniform(*self.scale),
            "shear": draws.uniform(*self.shear),
            "x": draws.uniform(*self.translate),
            "y": draws.uniform(*self.translate),
        }

    def motion(self, drawn: Drawn, size: Size) -> Motion:
        return make_motion(
            tf.shape(drawn["x"])[0],
            degrees=drawn["degrees"],
            scale_x=drawn["scale"],
            scale_y=drawn["scale"],
            shear_x=drawn["shear"],
            shift_x=tf.cast(drawn["x"], tf.float64) * tf.cast(size.width, tf.float64),
            shift_y=tf.cast(drawn["y"], tf.float64) * tf.cast(size.height, tf.float64),
        )


def _whole(draws: Draws, bounds: Range) -> tf.Tensor:
    """A whole number between the two, both included: int32 (count,)."""
    low, high = int(bounds[0]), int(bounds[1])
    return draws.integers(0, high - low + 1) + low
