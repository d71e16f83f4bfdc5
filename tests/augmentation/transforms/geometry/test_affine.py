"""Affine maps and perspective beyond their rows: directions by hand, every fill, exactness."""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Batch, Size
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.warp import FILLS, ONE
from augmentation.transforms.geometry.affine import Affine, Rotate, Translate, make_motion
from augmentation.transforms.geometry.elastic import Elastic
from augmentation.transforms.geometry.flips import Rotate90
from augmentation.transforms.geometry.perspective import NAMES, Perspective, homography

MANY = 20_000


def draws(count=MANY):
    return Draws(image_keys(5, 0, tf.range(count, dtype=tf.int64)))


def fixed(transform):
    """A cross whose arms differ, before and after a transform whose fields leave no choice."""
    size = Size(7, 7, 1)
    image = np.zeros((1, *size), np.uint8)
    image[0, 3, :] = 50
    image[0, :3, 3] = 200
    return image, transform.images(tf.constant(image), transform.draw(draws(1), size)).numpy()


def test_images_that_are_not_square_turn_by_halves_only():
    assert set(Rotate90().draw(draws(1000), Size(4, 5, 1))["turns"].numpy()) == {0, 2}
    counts = np.bincount(Rotate90().draw(draws(), Size(5, 5, 1))["turns"].numpy())
    assert len(counts) == 4 and scipy.stats.chisquare(counts).pvalue > 1e-4
    values = np.arange(4 * 4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 4, 3)
    turned = Rotate90().images(values, {"turns": tf.range(4)})
    for turns in range(4):
        np.testing.assert_array_equal(turned[turns], np.rot90(values[turns], turns))


@pytest.mark.parametrize("degrees, turns", [(90.0, 1), (180.0, 2), (-90.0, 3), (360.0, 0)])
def test_a_rotation_by_quarters_is_exact_and_counter_clockwise(degrees, turns):
    image, turned = fixed(Rotate(degrees=(degrees, degrees)))
    np.testing.assert_array_equal(turned[0], np.rot90(image[0], turns))


def test_the_others_go_where_their_fields_say():
    image, moved = fixed(Translate(x=(2 / 7, 2 / 7), y=(1 / 7, 1 / 7), fill_value=9))
    np.testing.assert_array_equal(moved[0, 1:, 2:], image[0, :-1, :-2])
    assert np.all(moved[0, 0] == 9) and np.all(moved[0, :, :2] == 9)
    still = {"degrees": (0.0, 0.0), "translate": (0.0, 0.0)}
    image, larger = fixed(Affine(scale=(2.0, 2.0), shear=(0.0, 0.0), **still))
    np.testing.assert_array_equal(larger[0, 1::2, 1::2], image[0, 2:5, 2:5])
    _, leaning = fixed(Affine(scale=(1.0, 1.0), shear=(45.0, 45.0), **still))
    assert [np.argmax(row) for row in leaning[0, :3, :, 0]] == [6, 5, 4]


@pytest.mark.parametrize("height, close", [(3000, 0.04), (256, 0.005)])
def test_positions_are_exact_to_a_small_part_of_a_pixel(height, close):
    drawn = {"degrees": 7.3, "scale": 1.2, "shear": 5.0, "x": 0.0, "y": 100.3 / height}
    drawn = {name: tf.constant([value]) for name, value in drawn.items()}
    y, x = Affine().positions(drawn, Size(height, 5, 1))
    cos, sin = math.cos(math.radians(7.3)), math.sin(math.radians(7.3))
    shear = np.array([[1, -math.tan(math.radians(5.0))], [0, 1]])
    forward = np.array([[cos, sin], [-sin, cos]]) @ shear * 1.2
    rows, columns = np.mgrid[:height, :5]
    middle = (height - 1) / 2
    points = np.stack([columns - 2, rows - middle - 100.3]).reshape(2, -1)
    expected = (np.linalg.inv(forward) @ points).reshape(2, height, 5)
    assert np.abs(x[0] / ONE - expected[0] - 2).max() < close
    assert np.abs(y[0] / ONE - expected[1] - middle).max() < close


@pytest.mark.parametrize("size", [Size(256, 250, 1), Size(2000, 3000, 1)])
@pytest.mark.parametrize("translate", [-1.0, 1.0])
def test_the_strongest_legal_maps_do_not_overflow(size, translate):
    fields = {"degrees": (44.0, 45.0), "scale": (0.1, 0.1), "shear": (60.0, 60.0)}
    transform = Affine(translate=(translate, translate), **fields)
    for positions in transform.positions(transform.draw(draws(1), size), size):
        # straight lines, without a jump
        assert np.abs(np.diff(positions, 2, axis=1)).max() <= 2
        assert np.abs(np.diff(positions, 2, axis=2)).max() <= 2
        assert np.abs(positions).max() > 5 * ONE * size.width  # far away, not cut off


def test_arithmetic_of_32_and_64_bits_gives_the_same():
    """A graph that does not know the size of its images counts in 64 bits."""
    drawn = Affine(degrees=(-180.0, 180.0), scale=(0.3, 0.3)).draw(draws(50), Size(60, 256, 1))
    known = Affine().positions(drawn, Size(60, 256, 1))
    unknown = Affine().positions(drawn, Size(tf.constant(60), tf.constant(256), 1))
    np.testing.assert_array_equal(known, unknown)


def test_perspective_takes_the_corners_from_where_it_says():
    corners = np.array([[(0.1, -0.05), (-0.1, 0.125), (0.0625, 0.0), (0.2, -0.2)]], np.float32)
    a, b, c, d, e, f, g, h, i = [value.numpy()[0] for value in homography(tf.constant(corners))]
    places = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    for (u, v), shift in zip(places, corners[0], strict=True):
        w = g * u + h * v + i
        to = np.array([(a * u + b * v + c) / w, (d * u + e * v + f) / w])
        np.testing.assert_allclose(to - shift, (u, v), atol=1 / 2048)


def test_the_largest_perspective_never_meets_the_horizon():
    corners = np.random.default_rng(0).choice([-0.2, 0.2], (5000, 4, 2)).astype(np.float32)
    *_, g, h, i = [value.numpy() for value in homography(tf.constant(corners))]
    for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
        assert np.all(g * u + h * v + i > 0)
    drawn = dict(zip(NAMES, np.moveaxis(corners, 1, 0), strict=True))
    y, x = Perspective().positions(drawn, Size(9, 8, 1))
    assert np.all(np.diff(x.numpy(), axis=2) > 0) and np.all(np.diff(y.numpy(), axis=1) > 0)


@pytest.mark.parametrize("kind", [Rotate, Translate, Affine, Perspective, Elastic])
@pytest.mark.parametrize("fill", FILLS)
def test_what_lies_outside_is_filled_in_images_and_masks(kind, fill):
    images = np.full((16, 12, 10, 3), 80, np.uint8)
    masks = np.full((16, 12, 10), 4, np.int32)
    transform = kind(fill=fill, fill_value=200, mask_fill=250)
    drawn = transform.draw(draws(16), Size(12, 10, 3))
    batch = transform.apply(Batch(tf.constant(images), masks=tf.constant(masks)), drawn)
    seen = set(np.unique(batch.masks))
    if fill == "constant":
        assert seen == {4, 250} and batch.images.numpy().max() > 140
    else:
        assert seen == {4} and np.all(batch.images == 80)


def test_sine_and_cosine_are_the_same_compiled_or_not():
    """All of geometry rests on it: the matrices, rounded to 2^-20, must agree for every angle."""
    degrees, lean = draws(100_000).uniform(-360.0, 360.0), draws(100_000).uniform(-60.0, 60.0)

    def matrix(degrees, lean):
        return tf.stack(make_motion(degrees=degrees, shear=lean)[:4])

    compiled = tf.function(matrix, jit_compile=True)(degrees, lean)
    np.testing.assert_array_equal(compiled, matrix(degrees, lean))
    np.testing.assert_array_equal(matrix(degrees[3:4], lean[3:4])[:, 0], compiled[:, 3])
