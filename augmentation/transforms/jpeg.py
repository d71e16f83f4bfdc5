"""What JPEG compression does to an image, without writing the file.

A JPEG encoder rounds the cosine coefficients of 8 x 8 pixels (and halves the resolution of the
colour); the coding of the rounded numbers that follows loses nothing, so it is left out here. All
steps are libjpeg's own in whole numbers ("islow" transform, 4:2:0, "fancy" upsampling), and the
result is that of saving and opening again with Pillow, byte for byte.

Reference: ISO/IEC 10918-1:1994, annexes A and K; Loeffler, Ligtenberg and Moschytz 1989, Practical
Fast 1-D DCT Algorithms with 11 Multiplications.
"""

import dataclasses

import numpy as np
import tensorflow as tf

from augmentation.core.compiling import computed_once
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size, Transform, WholeRange, option, size_of
from augmentation.transforms.noise import GROUP
from augmentation.transforms.tone import luma, to_bytes

BITS = 13  # of the cosines' fractions
KEPT = 2  # bits of fraction that are kept between rows and columns

LUMINANCE = np.array(  # table K.1: how coarsely each coefficient is rounded at quality 50
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)
CHROMINANCE = np.full((8, 8), 99)  # table K.2
CHROMINANCE[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]

COSINES = np.array(  # the left half of the transform, in 8192ths, as libjpeg's sums come out
    [
        [8192, 8192, 8192, 8192],
        [11363, 9633, 6437, 2260],
        [10703, 4433, -4433, -10703],
        [9633, -2259, -11362, -6436],
        [8192, -8192, -8192, 8192],
        [6437, -11362, 2261, 9633],
        [4433, -10704, 10704, -4433],
        [2260, -6436, 9633, -11363],
    ]
)
FORWARD = np.concatenate(  # even rows are symmetric, odd ones are not
    [COSINES, COSINES[:, ::-1] * np.array([[1], [-1]] * 4)], axis=1
)


def compress(images: tf.Tensor, quality: tf.Tensor) -> tf.Tensor:
    """Save as JPEG and open again.

    Args:
      images: uint8 (count, height, width, channels).
      quality: int32 (count,) in [1, 100], libjpeg's.

    Returns: uint8, the same shape.
    """
    if images.shape[-1] == 1:
        grey = _code(tf.cast(images[..., 0], tf.int32), LUMINANCE, quality)
        return tf.cast(grey[..., tf.newaxis], tf.uint8)
    height, width, _ = size_of(images)
    light = _code(luma(images)[..., 0], LUMINANCE, quality)
    colours = tf.concat(_colour_differences(images), axis=0)  # (2 count, height, width): Cb, Cr
    colours = _code(_halve(colours), CHROMINANCE, tf.tile(quality, [2]))
    (colours,) = computed_once(_double(colours[..., : (width + 1) // 2])[:, :height, :width])
    blue, red = tf.split(colours - 128, 2, axis=0)
    half = 2**15  # fractions in 65,536ths
    channels = [
        light + tf.bitwise.right_shift(91881 * red + half, 16),
        light + tf.bitwise.right_shift(-22554 * blue - 46802 * red + half, 16),
        light + tf.bitwise.right_shift(116130 * blue + half, 16),
    ]
    return to_bytes(tf.stack(channels, axis=-1))


def quantisation(table: np.ndarray, quality: tf.Tensor) -> tf.Tensor:
    """By what each coefficient is divided: int32 (count, 8, 8) in [1, 255]."""
    percent = tf.where(quality < 50, 5000 // quality, 200 - 2 * quality)[:, None, None]
    return tf.clip_by_value((tf.constant(table, tf.int32) * percent + 50) // 100, 1, 255)


def _code(planes: tf.Tensor, table: np.ndarray, quality: tf.Tensor) -> tf.Tensor:
    """Round the coefficients of every 8 x 8 block: int32 (count, height, width) to the same."""
    count, (height, width) = tf.shape(planes)[0], _sides(planes)
    rows, columns = (height + 7) // 8, (width + 7) // 8
    planes = _pad_to_multiple(_pad_to_multiple(planes, 8, axis=1), 8, axis=2) - 128
    # Places within the block first and blocks last: all blocks go through the sums side by side.
    blocks = tf.transpose(tf.reshape(planes, [count, rows, 8, columns, 8]), [2, 4, 0, 1, 3])
    (blocks,) = computed_once(tf.reshape(blocks, [8, 8, count * rows * columns]))
    step = tf.transpose(quantisation(table, quality), [1, 2, 0])[..., tf.newaxis]
    step = tf.reshape(tf.tile(step, [1, 1, 1, rows * columns]), [8, 8, count * rows * columns])
    blocks = _transform(blocks, FORWARD, axis=1, bits=BITS - KEPT)
    blocks = _transform(blocks, FORWARD, axis=0, bits=BITS + KEPT)  # 8 times the coefficients
    (blocks,) = computed_once(_round_to_multiple(blocks, step))
    blocks = _transform(blocks, FORWARD.T, axis=0, bits=BITS - KEPT)
    blocks = _transform(blocks, FORWARD.T, axis=1, bits=BITS + KEPT + 3)
    blocks = tf.reshape(tf.clip_by_value(blocks + 128, 0, 255), [8, 8, count, rows, columns])
    planes = tf.reshape(tf.transpose(blocks, [2, 3, 0, 4, 1]), [count, rows * 8, columns * 8])
    return computed_once(planes[:, :height, :width])[0]


def _transform(blocks: tf.Tensor, matrix: np.ndarray, axis: int, bits: int) -> tf.Tensor:
    """Matrix times the places along an axis, over 2^bits: int32 (8, 8, blocks) to the same."""
    weights = matrix.T[:, :, np.newaxis, np.newaxis]  # (from, to, 1, 1)
    if axis == 1:
        weights = weights.swapaxes(1, 2)
    lines = tf.split(blocks, 8, axis=axis)
    total = tf.add_n([tf.constant(weights[i], tf.int32) * lines[i] for i in range(8)])
    return computed_once(tf.bitwise.right_shift(total + 2 ** (bits - 1), bits))[0]


def _round_to_multiple(coefficients: tf.Tensor, step: tf.Tensor) -> tf.Tensor:
    """The nearest multiple of `step`, halves away from 0; the coefficients come 8 times too large.

    Divided in float32, which processors do many at a time; half a unit above the numerator keeps
    the quotient far enough from whole numbers that its rounding does not matter.
    """
    halves = tf.abs(coefficients) + 4 * step
    quotient = (tf.cast(halves, tf.float32) + 0.5) / tf.cast(8 * step, tf.float32)
    return tf.sign(coefficients) * tf.cast(quotient, tf.int32) * step


def _colour_differences(images: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Cb and Cr, each int32 (count, height, width) in [0, 255]."""
    red, green, blue = tf.unstack(tf.cast(images, tf.int32), axis=-1)
    middle = 128 * 2**16 + 2**15 - 1
    return (
        tf.bitwise.right_shift(32768 * blue - 11059 * red - 21709 * green + middle, 16),
        tf.bitwise.right_shift(32768 * red - 27439 * green - 5329 * blue + middle, 16),
    )


def _halve(planes: tf.Tensor) -> tf.Tensor:
    """Means of 2 x 2 values, rounded down and up in turn: (count, height, width) to half of each.

    To the right as many columns as whole blocks need, which are means of repeated values too.
    """
    planes = _pad_to_multiple(_pad_to_multiple(planes, 2, axis=1), 16, axis=2)
    rows = planes[:, 0::2] + planes[:, 1::2]
    total = rows[..., 0::2] + rows[..., 1::2]
    return tf.bitwise.right_shift(total + 1 + tf.range(tf.shape(total)[2]) % 2, 2)


def _double(planes: tf.Tensor) -> tf.Tensor:
    """Twice as many rows and columns; a value is 3/4 of the nearest and 1/4 of the next.

    Planes of one or two columns are only repeated, a peculiarity of libjpeg's.
    """
    previous = tf.concat([planes[:, :1], planes[:, :-1]], axis=1)
    following = tf.concat([planes[:, 1:], planes[:, -1:]], axis=1)
    rows = _interleave(3 * planes + previous, 3 * planes + following, axis=1)
    previous = tf.concat([rows[..., :1], rows[..., :-1]], axis=2)
    following = tf.concat([rows[..., 1:], rows[..., -1:]], axis=2)
    columns = _interleave(3 * rows + previous + 8, 3 * rows + following + 7, axis=2)
    smooth = tf.bitwise.right_shift(columns, 4)
    repeated = tf.repeat(tf.repeat(planes, 2, axis=1), 2, axis=2)
    return tf.where(tf.shape(planes)[2] <= 2, repeated, smooth)


def _interleave(even: tf.Tensor, odd: tf.Tensor, axis: int) -> tf.Tensor:
    shape = tf.shape(even)
    both = tf.stack([even, odd], axis=axis + 1)
    return tf.reshape(both, [shape[0], (3 - axis) * shape[1], axis * shape[2]])


def _pad_to_multiple(planes: tf.Tensor, of: int, axis: int) -> tf.Tensor:
    """The last row (axis 1) or column (axis 2) repeated until the number is a multiple."""
    missing = -_sides(planes)[axis - 1] % of
    if axis == 1:
        return tf.concat([planes, tf.tile(planes[:, -1:], [1, missing, 1])], axis=1)
    return tf.concat([planes, tf.tile(planes[:, :, -1:], [1, 1, missing])], axis=2)


def _sides(planes: tf.Tensor) -> tuple[int | tf.Tensor, int | tf.Tensor]:
    """Height and width; static where known."""
    return size_of(planes[..., tf.newaxis])[:2]


@dataclasses.dataclass(frozen=True)
class Jpeg(Transform):
    """The traces of JPEG compression, with colours at half the resolution, as Pillow saves it."""

    quality: WholeRange = option((30, 90), "libjpeg's: 100 is the best", low=1, high=100)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"quality": draws.integers(self.quality[0], self.quality[1] + 1)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return compress(images, drawn["quality"])
