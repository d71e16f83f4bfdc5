"""Sampling at given positions: against hand-made arrays, NumPy's pad and SciPy's interpolation."""

import numpy as np
import pytest
import scipy.ndimage
import tensorflow as tf

from augmentation.core.warp import FILLS, ONE, sample_images, sample_masks, take_pixels

SCIPY = {"constant": "grid-constant", "reflect": "mirror", "edge": "nearest"}
SIZES = [(5, 7), (1, 6), (4, 1), (1, 1)]


def random_images(count, height, width, channels, seed=0):
    generator = np.random.default_rng(seed)
    return generator.integers(0, 256, (count, height, width, channels), dtype=np.uint8)


def test_halfway_between_pixels_is_their_mean_and_a_pixel_is_itself():
    images = np.array([[[10, 20], [30, 60]]], np.uint8)[..., np.newaxis]
    y = tf.constant([[[0, 0, ONE // 2, ONE // 2, ONE]]])
    x = tf.constant([[[0, ONE // 2, 0, ONE // 2, ONE]]])
    assert sample_images(images, y, x).numpy().ravel().tolist() == [10, 15, 20, 30, 60]


def test_the_border_blends_into_a_constant_fill():
    images = np.full((1, 2, 2, 1), 100, np.uint8)
    x = tf.constant([[[-2 * ONE, -ONE, -ONE // 2, ONE, ONE + ONE // 4, 2 * ONE, 3 * ONE]]])
    sampled = sample_images(images, tf.zeros_like(x), x, "constant", 200).numpy().ravel()
    assert sampled.tolist() == [200, 200, 150, 100, 125, 200, 200]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("fill", FILLS)
def test_beyond_the_image_pixels_are_as_numpy_pads(fill, size):
    far = 13  # more than twice the size: a mirror is mirrored again
    images = random_images(3, *size, 2)
    options = {"constant_values": 9} if fill == "constant" else {}
    expected = np.pad(images, [(0, 0), (far, far), (far, far), (0, 0)], fill, **options)
    y = tf.range(-far, size[0] + far)[tf.newaxis, :, tf.newaxis]
    x = tf.range(-far, size[1] + far)[tf.newaxis, tf.newaxis, :]
    np.testing.assert_array_equal(take_pixels(images, y, x, fill, 9), expected)
    np.testing.assert_array_equal(sample_images(images, y * ONE, x * ONE, fill, 9), expected)
    masks = images[..., 0].astype(np.int32)
    np.testing.assert_array_equal(sample_masks(masks, y * ONE, x * ONE, fill, 9), expected[..., 0])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("fill", FILLS)
def test_between_pixels_it_is_scipys_linear_interpolation(fill, size):
    generator = np.random.default_rng(1)
    images = random_images(2, *size, 3)
    y = generator.integers(-9 * ONE, 9 * ONE, (2, 40, 30)).astype(np.int32)
    x = generator.integers(-9 * ONE, 9 * ONE, (2, 40, 30)).astype(np.int32)
    sampled = sample_images(images, tf.constant(y), tf.constant(x), fill, 70).numpy()
    for i in range(2):
        for channel in range(3):
            expected = scipy.ndimage.map_coordinates(
                images[i, ..., channel].astype(np.float64),
                [y[i] / ONE, x[i] / ONE],
                order=1,
                mode=SCIPY[fill],
                cval=70,
            )
            assert np.abs(sampled[i, ..., channel] - expected).max() <= 0.5 + 1e-9


@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_masks_take_the_nearest_class(dtype):
    generator = np.random.default_rng(2)
    masks = generator.integers(0, 200, (2, 6, 5)).astype(dtype)
    y, x = generator.integers(-5 * ONE, 9 * ONE, (2, 2, 30, 30)).astype(np.int32)
    sampled = sample_masks(masks, tf.constant(y), tf.constant(x), "edge")
    assert sampled.dtype == dtype
    nearest_y = np.clip((y + ONE // 2) // ONE, 0, 5)
    nearest_x = np.clip((x + ONE // 2) // ONE, 0, 4)
    for mask, found, *places in zip(masks, sampled.numpy(), nearest_y, nearest_x, strict=True):
        np.testing.assert_array_equal(found, mask[*places])


@pytest.mark.parametrize("fill", FILLS)
def test_positions_far_away_do_not_wrap_around(fill):
    images = np.full((1, 3, 4, 1), 5, np.uint8)
    far = tf.constant([[[-(2**29), 2**29]]])
    outside = 0 if fill == "constant" else 5
    assert np.all(sample_images(images, far, far, fill).numpy() == outside)
    assert np.all(sample_masks(images[..., 0], far, far, fill).numpy() == outside)


def test_bytes_are_the_same_compiled_or_not_and_alone_or_together():
    generator = np.random.default_rng(3)
    images = tf.constant(random_images(5, 9, 8, 3))
    y, x = tf.constant(generator.integers(-ONE, 9 * ONE, (2, 5, 9, 8)).astype(np.int32))
    together = sample_images(images, y, x, "reflect").numpy()
    compiled = tf.function(sample_images, jit_compile=True)(images, y, x, "reflect")
    np.testing.assert_array_equal(compiled, together)
    for i in range(5):
        alone = sample_images(images[i : i + 1], y[i : i + 1], x[i : i + 1], "reflect")
        np.testing.assert_array_equal(alone[0], together[i])
    assert sample_images(images[:0], y[:0], x[:0]).shape == (0, 9, 8, 3)
