"""Gaussian blur, and the smoothing behind sharpness, in whole numbers.

A sum of products of floating-point numbers depends on its order and on what a compiler fuses; with
weights in 2048ths of whole numbers nothing is lost, and it is rounded once, at the end.
"""

import dataclasses
import functools
import itertools
import math

import numpy as np
import tensorflow as tf

from augmentation.core.batch import expand, size_of
from augmentation.core.compiling import computed_once
from augmentation.core.fields import Range, option
from augmentation.core.transform import Drawn, Transform
from augmentation.transforms.noise import GROUP

SIGMA_STEPS = 64  # sigma is a multiple of 1/64 of a pixel
WEIGHT_BITS = 11  # 255 * 2^11 * 2^11 still fits into int32
REACH = 4  # sigmas; farther out no weight is as large as half of 1/2048


@functools.cache
def kernel_table(largest: float) -> np.ndarray:
    """The right half of the Gaussian of each sigma up to the largest, centre first, in 2048ths:
    int32 (steps of sigma, radius + 1).
    """
    sigma = np.arange(round(largest * SIGMA_STEPS) + 1)[:, np.newaxis] / SIGMA_STEPS
    distance = np.arange(math.ceil(REACH * largest) + 1)
    bell = np.exp(-0.5 * (distance / np.maximum(sigma, 1e-3)) ** 2)  # sigma 0: the centre alone
    bell /= bell[:, :1] + 2 * bell[:, 1:].sum(axis=1, keepdims=True)
    # The running sums are rounded, from outside in, and not the weights: no error piles up.
    tails = np.rint(np.cumsum(bell[:, ::-1], axis=1)[:, :-1] * 2**WEIGHT_BITS)
    sides = np.diff(tails, axis=1, prepend=0)[:, ::-1]
    centre = 2**WEIGHT_BITS - 2 * sides.sum(axis=1, keepdims=True)
    weights = np.concatenate([centre, sides], axis=1).astype(np.int32)
    return weights[:, : 1 + np.flatnonzero(weights.any(axis=0)).max()]


def smooth(images: tf.Tensor) -> tf.Tensor:
    """(8 neighbours + 5 times the pixel) / 13, rounded, as Pillow's ImageFilter.SMOOTH.

    Args:
      images: uint8 (count, height, width, channels); pixels on the border stay.

    Returns: int32, the same shape.
    """
    count, (height, width, channels) = tf.shape(images)[0], size_of(images)
    row = width * channels
    rows = tf.reshape(images, [count, height, row])
    padded = tf.pad(rows, [[0, 0], [1, 1], [channels, channels]])
    rows = tf.cast(rows, tf.int32)
    total = 4 * rows
    for down, right in itertools.product(range(3), (0, channels, 2 * channels)):
        total += tf.cast(padded[:, down : down + height, right : right + row], tf.int32)
    # 5042 / 2^16 is 1/13 and a little more, too little to pass a whole number up to 13 * 255
    smoothed = tf.bitwise.right_shift((total + 6) * 5042, 16)
    y, x = tf.range(height)[:, tf.newaxis], tf.range(row)[tf.newaxis]
    border = (y == 0) | (y == height - 1) | (x < channels) | (x >= row - channels)
    return tf.reshape(tf.where(border, rows, smoothed), [count, height, width, channels])


def _extend(images: tf.Tensor, times: int, axis: int) -> tf.Tensor:
    """The first and the last row (axis 1) or column (axis 2), repeated outside `times` times."""
    first = images[:, :1] if axis == 1 else images[:, :, :1]
    last = images[:, -1:] if axis == 1 else images[:, :, -1:]
    parts = [tf.repeat(first, times, axis), images, tf.repeat(last, times, axis)]
    return computed_once(tf.concat(parts, axis))[0]


def _add_neighbours(
    padded: tf.Tensor, weights: tf.Tensor, step: int, length: int | tf.Tensor, axis: int
) -> tf.Tensor:
    """Each value times its weight plus those beside it, each `step` away, times theirs."""
    radius = weights.shape[1] - 1

    def shifted(by: int) -> tf.Tensor:
        where = [slice(None)] * padded.shape.rank
        where[axis] = slice((radius + by) * step, (radius + by) * step + length)
        return padded[tuple(where)]

    total = shifted(0) * expand(weights[:, 0], padded)
    for distance in range(1, radius + 1):
        pair = shifted(-distance) + shifted(distance)
        total += pair * expand(weights[:, distance], padded)
    return total


@dataclasses.dataclass(frozen=True)
class GaussianBlur(Transform):
    """Blurred by a Gaussian; beyond the border its values go on."""

    group = GROUP
    sigma: Range = option((0, 1), "of the Gaussian, in pixels", low=0, high=16, steps=SIGMA_STEPS)

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        count, (height, width, channels) = tf.shape(images)[0], size_of(images)
        steps = tf.cast(tf.round(drawn["sigma"] * SIGMA_STEPS), tf.int32)
        (weights,) = computed_once(tf.gather(tf.constant(kernel_table(self.sigma[1])), steps))
        radius = weights.shape[1] - 1  # weights: (count, radius + 1)
        # A pixel's channels lie side by side in a row, so its neighbour is `channels` values away.
        padded = _extend(tf.cast(images, tf.int32), radius, axis=1)
        rows = tf.reshape(padded, [count, height + 2 * radius, width * channels])
        (blurred,) = computed_once(_add_neighbours(rows, weights, 1, height, axis=1))
        padded = _extend(tf.reshape(blurred, [count, height, width, channels]), radius, axis=2)
        rows = tf.reshape(padded, [count, height, (width + 2 * radius) * channels])
        blurred = _add_neighbours(rows, weights, channels, width * channels, axis=2)
        rounded = tf.bitwise.right_shift(blurred + 2 ** (2 * WEIGHT_BITS - 1), 2 * WEIGHT_BITS)
        return tf.reshape(tf.cast(rounded, tf.uint8), [count, height, width, channels])
