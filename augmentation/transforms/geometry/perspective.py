"""Perspective: the image as a camera sees it that does not look at it straight on."""

import dataclasses

import tensorflow as tf

from augmentation.core.batch import Size, expand
from augmentation.core.compiling import computed_once
from augmentation.core.fields import Range, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn
from augmentation.core.warp import ONE, to_grid
from augmentation.transforms.geometry.base import _PointMap, _Warp

CORNER_GRID = 2.0**11  # corners in steps of 1/2048 of the size: all determinants below are exact
GRID = 2.0**32  # the coefficients of the map
MOST = 2.0**29  # of 1/256 pixel: farther outside it makes no difference
NAMES = ("top_left", "top_right", "bottom_right", "bottom_left")
PLACES = ((0, 0), (1, 0), (1, 1), (0, 1))  # x and y of the corners, as fractions of the size


def homography(corners: tf.Tensor) -> list[tf.Tensor]:
    """The map of the unit square to a quadrilateral.

    (u, v) goes to ((a u + b v + c) / w, (d u + e v + f) / w) with w = g u + h v + i. All in whole
    numbers: the only rounding is that of the corners.

    Args:
      corners: float32 (count, 4, 2), how far each corner of the unit square moves in x and y, in
        the order of NAMES; within 0.2, so that the quadrilateral stays convex.

    Returns: a to i, int64 (count,), of which only the ratios mean anything; i is above 0.
    Reference: Heckbert 1989, Fundamentals of Texture Mapping and Image Warping, section 2.2.3.
    """
    moved = tf.cast(to_grid(corners, CORNER_GRID) * CORNER_GRID, tf.int64)
    moved = moved + tf.constant(PLACES, tf.int64) * int(CORNER_GRID)
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = [tf.unstack(moved[:, i], axis=-1) for i in range(4)]
    x_12, x_32, x_sum = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    y_12, y_32, y_sum = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    i = x_32 * y_12 - x_12 * y_32  # 24 bits
    g = x_32 * y_sum - x_sum * y_32
    h = x_sum * y_12 - x_12 * y_sum
    a, b, c = (x1 - x0) * i + g * x1, (x3 - x0) * i + h * x3, x0 * i  # 36 bits
    d, e, f = (y1 - y0) * i + g * y1, (y3 - y0) * i + h * y3, y0 * i
    unit = int(CORNER_GRID)
    return [a, b, c, d, e, f, g * unit, h * unit, i * unit]


def _steps(pixels: tf.Tensor) -> tf.Tensor:
    """Positions from the border of the first pixel to int32 from its middle, in 1/256 pixel."""
    steps = to_grid(pixels, ONE) * ONE - ONE // 2
    return tf.cast(tf.clip_by_value(steps, -MOST, MOST), tf.int32)


@dataclasses.dataclass(frozen=True)
class Perspective(_Warp, _PointMap):
    """Every corner of the image shows what was a little away from it, in any direction."""

    shift: Range = option(
        (-0.1, 0.1), "of each corner, in x and in y, in widths and heights", low=-0.2, high=0.2
    )

    def draw(self, draws: Draws, size: Size) -> Drawn:
        shift = [to_grid(draws.uniform(*self.shift), CORNER_GRID) for _ in range(8)]
        return {name: tf.stack(shift[2 * i : 2 * i + 2], axis=-1) for i, name in enumerate(NAMES)}

    def positions(self, drawn: Drawn, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
        a, b, c, d, e, f, g, h, i = _coefficients(drawn, like=tf.zeros([1]))
        height, width = tf.cast(size.height, tf.float64), tf.cast(size.width, tf.float64)
        # from (u, v) in [0, 1] to pixels: u = (column + 1/2) / width
        columns = (tf.cast(tf.range(size.width), tf.float64) + 0.5)[tf.newaxis, tf.newaxis, :]
        rows = (tf.cast(tf.range(size.height), tf.float64) + 0.5)[tf.newaxis, :, tf.newaxis]

        def line(along_x, along_y, constant, length):
            """(along_x u + along_y v + constant) / i times length, for all pixels; exact sums."""
            x = to_grid(along_x * length / (i * width), GRID)
            y = to_grid(along_y * length / (i * height), GRID)
            constant = to_grid(constant * length / i, GRID)
            x, y, constant = [part[:, tf.newaxis, tf.newaxis] for part in (x, y, constant)]
            return x * columns + (y * rows + constant)

        below = line(g, h, i, 1.0)
        y, x = line(d, e, f, height) / below, line(a, b, c, width) / below
        return computed_once(_steps(y), _steps(x))

    def move(self, drawn, size, x, y):
        a, b, c, d, e, f, g, h, i = _coefficients(drawn, like=x)
        width, height = tf.cast(size.width, x.dtype), tf.cast(size.height, y.dtype)
        x, y = tf.clip_by_value(x, 0.0, width) / width, tf.clip_by_value(y, 0.0, height) / height
        # x w = a u + b v + c and y w = d u + e v + f, solved for u and v
        a, b, c = a - g * x, b - h * x, i * x - c
        d, e, f = d - g * y, e - h * y, i * y - f
        below = a * e - b * d
        return (c * e - b * f) / below * width, (a * f - c * d) / below * height


def _coefficients(drawn: Drawn, like: tf.Tensor) -> list[tf.Tensor]:
    """Those of `homography`, float64, to stand beside `like`."""
    corners = tf.stack([drawn[name] for name in NAMES], axis=1)  # (count, 4, 2)
    return [expand(tf.cast(value, tf.float64), like) for value in homography(corners)]
