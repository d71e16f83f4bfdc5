"""Elastic deformation: the handwriting augmentation of Simard, Steinkraus and Platt (2003).

Every pixel gets a random displacement, uniform in [-1, 1] in x and in y; the two fields are
smoothed by a Gaussian of `sigma` pixels and multiplied by `alpha`. The kernel sums to 1 and outside
the image the field is 0, as in the usual code, `gaussian_filter(field, sigma, mode="constant")`.
With the paper's sigma 4 and alpha 34 the displacements have a standard deviation of 1.4 pixels.
"""

import dataclasses

import numpy as np
import scipy.linalg
import tensorflow as tf

from augmentation.core.batch import Size, expand
from augmentation.core.boxes import Boxes, boxes_of_moved_pixels
from augmentation.core.compiling import computed_once
from augmentation.core.fields import Range, option
from augmentation.core.randomness import random_words
from augmentation.core.transform import Drawn
from augmentation.core.warp import ONE
from augmentation.transforms.geometry.base import _Warp

REACH = 4  # the kernel ends at 4 sigma, as SciPy's
NOISE_BITS, FIELD_BITS = 8, 24  # of the fields before and after smoothing


# A dtype, and bits that it adds exactly: the kernel's weights sum to 2^first on the one axis, and
# what comes out is rounded to `middle` bits before the other axis, whose weights sum to 2^second.
SMALL = (tf.float32, 14, 12, 12)
LARGE = (tf.float64, 26, 20, 26)  # above LARGE_SIGMA: weights of few bits would jitter
LARGE_SIGMA = 8.0
BLOCK = 256  # rows and columns of a matrix; with smaller ones copying costs more than it saves
MOST = 2.0**29  # of 1/256 pixel


def displacement_fields(
    keys: tf.Tensor, height: int | tf.Tensor, width: int | tf.Tensor, sigma: float
) -> tf.Tensor:
    """Smooth random fields.

    Whole numbers throughout, as many bits as the floating-point type holds exactly: the matrix
    product then gives the same bytes in whatever order it adds. (Not on a GPU that multiplies in
    TensorFloat-32, unless that is switched off.)

    Returns: int32 (count, 2, height, width), y first, in [-2^24, 2^24] for [-1, 1].
    """
    dtype, first, middle, second = LARGE if sigma > LARGE_SIGMA else SMALL
    number = 2 * height * width
    (words,) = computed_once(random_words(keys, (number + 3) // 4))
    bits = tf.reshape(tf.bitcast(words, tf.uint8), [tf.shape(words)[0], -1])[:, :number]
    # 256 levels, none of them 0: odd numbers from -255 to 255
    noise = 2 * tf.cast(bits, dtype) - (2**NOISE_BITS - 1)
    noise = tf.reshape(noise, [-1, height])  # (count * 2 * width, height)
    field = _smooth(noise, height, gaussian_kernel(sigma, first, dtype))
    field = tf.round(field * 2.0 ** (middle - NOISE_BITS - first))
    field = tf.transpose(tf.reshape(field, [-1, width, height]), [0, 2, 1])
    field = _smooth(tf.reshape(field, [-1, width]), width, gaussian_kernel(sigma, second, dtype))
    field = tf.round(field * 2.0 ** (FIELD_BITS - middle - second))
    return tf.cast(tf.reshape(field, [-1, 2, height, width]), tf.int32)


def gaussian_kernel(sigma: float, bits: int, dtype: tf.DType) -> np.ndarray:
    """Whole numbers in the proportions of a Gaussian, which sum to 2^bits: (2 reach + 1,)."""
    reach = max(1, int(REACH * sigma + 0.5))
    offsets = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (offsets / sigma) ** 2)
    weights = np.round(weights / weights.sum() * 2**bits)
    weights[reach] += 2**bits - weights.sum()
    return weights.astype(dtype.as_numpy_dtype)


def _smooth(rows: tf.Tensor, length: int | tf.Tensor, kernel: np.ndarray) -> tf.Tensor:
    """Each row of `length` filtered by the kernel, zeros outside: (count, length).

    As a product with a band matrix, in blocks: a matrix of the whole length would be mostly zeros.
    """
    reach = len(kernel) // 2
    block = max(BLOCK, reach)
    if isinstance(length, int) and length <= block:
        return rows @ tf.constant(_band(kernel, length)[reach : reach + length])
    blocks = (length + block - 1) // block
    rows = tf.pad(rows, [[0, 0], [block, block * (blocks + 1) - length]])
    rows = tf.reshape(rows, [-1, blocks + 2, block])
    around = [rows[:, :-2, block - reach :], rows[:, 1:-1], rows[:, 2:, :reach]]
    smooth = tf.concat(around, axis=-1) @ tf.constant(_band(kernel, block))
    return tf.reshape(smooth, [-1, blocks * block])[:, :length]


def _band(kernel: np.ndarray, length: int) -> np.ndarray:
    """Takes `length` values with a kernel's reach on both sides to the filtered ones."""
    first = np.append(kernel, np.zeros(length - 1, kernel.dtype))
    return scipy.linalg.toeplitz(first, np.append(kernel[:1], np.zeros(length - 1, kernel.dtype)))


@dataclasses.dataclass(frozen=True)
class Elastic(_Warp):
    """Smooth random displacements, as an unsteady hand makes them."""

    keyed = True
    alpha: Range = option((34.0, 34.0), "strength in pixels; see sigma", low=0, high=1000)
    sigma: float = option(
        4.0, "smoothness in pixels; displacements are about 0.16 alpha / sigma", low=0.5, high=64
    )

    def positions(self, drawn: Drawn, size: Size) -> tuple[tf.Tensor, tf.Tensor]:
        fields = displacement_fields(drawn["key"], size.height, size.width, self.sigma)
        alpha = tf.cast(expand(drawn["alpha"], fields), tf.float64)
        steps = tf.cast(fields, tf.float64) * (alpha * ONE * 2.0**-FIELD_BITS)
        steps = tf.cast(tf.clip_by_value(tf.floor(steps + 0.5), -MOST, MOST), tf.int32)
        rows, columns = tf.range(size.height)[:, tf.newaxis] * ONE, tf.range(size.width) * ONE
        return computed_once(rows + steps[:, 0], columns + steps[:, 1])

    def boxes(self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size) -> Boxes:
        y, x = self.positions(drawn, size)
        return boxes_of_moved_pixels(boxes, labels, y, x, self.min_visibility)
