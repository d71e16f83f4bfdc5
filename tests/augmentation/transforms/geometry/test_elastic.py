"""Elastic deformation: SciPy's fields, the strength of the paper, exact sums."""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Size
from augmentation.core.randomness import image_keys, random_words
from augmentation.core.warp import ONE
from augmentation.transforms.geometry.elastic import (
    LARGE,
    NOISE_BITS,
    SMALL,
    Elastic,
    displacement_fields,
    gaussian_kernel,
)


@pytest.mark.parametrize("height, width, sigma", [(28, 31, 4.0), (300, 20, 2.0), (20, 600, 64.0)])
def test_elastic_fields_are_scipys(height, width, sigma):
    """Also where an axis is longer than a block of the band matrix, and the kernel as long."""
    keys = image_keys(1, 1, tf.range(2, dtype=tf.int64))
    fields = displacement_fields(keys, height, width, sigma).numpy() / 2**24
    number = 2 * height * width
    words = random_words(keys, (number + 3) // 4).numpy()
    noise = (2.0 * words.view(np.uint8)[:, :number] - 255) / 256
    noise = noise.reshape(2, 2, width, height).swapaxes(2, 3)
    expected = scipy.ndimage.gaussian_filter(
        noise, (0, 0, sigma, sigma), mode="constant", truncate=4
    )
    assert np.abs(fields - expected).max() < 0.01 * expected.std()


@pytest.mark.parametrize("sigma", [0.5, 4.0, 8.1, 64.0])
def test_all_sums_of_the_elastic_field_fit_into_the_floating_point_type(sigma):
    """Or the bytes would depend on the order of addition."""
    for (dtype, first, middle, second), bits in ((SMALL, 24), (LARGE, 53)):
        assert NOISE_BITS + first <= bits and middle + second <= bits
        for weights in (first, second):
            kernel = gaussian_kernel(sigma, weights, dtype)
            assert kernel.sum() == 2**weights and kernel.min() >= 0
            np.testing.assert_array_equal(kernel, kernel[::-1])


def test_elastic_displacements_have_the_strength_of_the_paper():
    keys = image_keys(2, 0, tf.range(300, dtype=tf.int64))
    alpha = tf.fill([300], 34.0)
    y, x = Elastic(sigma=4.0).positions({"key": keys, "alpha": alpha}, Size(60, 60, 1))
    away_y = (y.numpy() / ONE - np.arange(60)[:, np.newaxis])[:, 20:40, 20:40]
    away_x = (x.numpy() / ONE - np.arange(60))[:, 20:40, 20:40]
    expected = 34 / math.sqrt(3) / (2 * 4 * math.sqrt(math.pi))  # 1.384
    for away in (away_y, away_x):
        assert abs(away.mean()) < 0.25
        assert away.std() == pytest.approx(expected, rel=0.05)
    assert abs(np.corrcoef(away_y.ravel(), away_x.ravel())[0, 1]) < 0.25
    assert abs(np.corrcoef(away_y[:150].ravel(), away_y[150:].ravel())[0, 1]) < 0.25
