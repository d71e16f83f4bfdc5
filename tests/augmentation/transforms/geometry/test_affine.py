"""Geometry: directions by hand, what the fields mean, exactness, the statistics of elastic."""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import tensorflow as tf
from PIL import Image

from augmentation.core.batch import Batch
from augmentation.core.fields import FieldError
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.transform import Size
from augmentation.core.warp import FILLS, ONE
from augmentation.transforms.geometry.affine import (
    Affine,
    Rotate,
    Scale,
    Shear,
    Translate,
    affine_positions,
    make_motion,
)
from augmentation.transforms.geometry.elastic import Elastic
from augmentation.transforms.geometry.flips import (
    Rotate90,
    flip_left_right,
    flip_up_down,
    rotate_quarters,
)
from augmentation.transforms.geometry.perspective import (
    Perspective,
    homography,
    perspective_positions,
)

MANY = 20_000
FILLED = [Rotate, Translate, Scale, Shear, Affine, Perspective, Elastic]


def draws(count=MANY, seed=5):
    return Draws(image_keys(seed, 0, tf.range(count, dtype=tf.int64)))


def smooth_image(height, width):
    """Without the steep slopes on which a small difference of position is a large one of grey."""
    y, x = np.mgrid[:height, :width]
    waves = np.sin(x / 5) + np.cos(y / 6) + np.sin((x + y) / 9)
    return np.round(127 + 40 * waves).astype(np.uint8)[np.newaxis, ..., np.newaxis]


def fixed(transform_class, **fields):
    """A cross whose arms differ, before and after a transform whose fields leave no choice."""
    size = Size(7, 7, 1)
    image = np.zeros((1, *size), np.uint8)
    image[0, size.height // 2, :] = 50
    image[0, : size.height // 2, size.width // 2] = 200
    drawn = transform_class(**fields).draw(draws(1), size)
    return image, transform_class(**fields).images(tf.constant(image), drawn).numpy()


def test_flips_and_quarter_turns_are_numpys():
    values = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    np.testing.assert_array_equal(flip_left_right(values), values[:, :, ::-1])
    np.testing.assert_array_equal(flip_up_down(values), values[:, ::-1])
    for turns in range(4):
        turned = rotate_quarters(values, tf.constant([turns, 0]))
        np.testing.assert_array_equal(turned[0], np.rot90(values[0], turns))
        np.testing.assert_array_equal(turned[1], values[1])
        masks = rotate_quarters(values[..., 0], tf.constant([turns, turns]))
        np.testing.assert_array_equal(masks, np.rot90(values[..., 0], turns, axes=(1, 2)))


def test_images_that_are_not_square_turn_by_halves_only():
    assert set(Rotate90().draw(draws(1000), Size(4, 5, 1))["turns"].numpy()) == {0, 2}
    counts = np.bincount(Rotate90().draw(draws(), Size(5, 5, 1))["turns"].numpy())
    assert len(counts) == 4 and scipy.stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("degrees, turns", [(90.0, 1), (180.0, 2), (-90.0, 3), (360.0, 0)])
def test_a_rotation_by_quarters_is_exact_and_counter_clockwise(degrees, turns):
    image, turned = fixed(Rotate, degrees=(degrees, degrees))
    np.testing.assert_array_equal(turned[0], np.rot90(image[0], turns))


def test_translation_goes_right_and_down():
    image, moved = fixed(Translate, x=(2.0, 2.0), y=(1.0, 1.0), unit="pixels", fill_value=9)
    np.testing.assert_array_equal(moved[0, 1:, 2:], image[0, :-1, :-2])
    assert np.all(moved[0, 0] == 9) and np.all(moved[0, :, :2] == 9)
    _, same = fixed(Translate, x=(2 / 7, 2 / 7), y=(1 / 7, 1 / 7), fill_value=9)
    np.testing.assert_array_equal(same, moved)


def test_scale_enlarges_around_the_middle():
    image, larger = fixed(Scale, factor=(2.0, 2.0))
    np.testing.assert_array_equal(larger[0, 1::2, 1::2], image[0, 2:5, 2:5])


def test_shear_leans_right_and_falls_to_the_right():
    _, sheared = fixed(Shear, x=(45.0, 45.0))
    assert [np.argmax(row) for row in sheared[0, :3, :, 0]] == [6, 5, 4]
    _, sheared = fixed(Shear, x=(0.0, 0.0), y=(45.0, 45.0))
    assert np.all(np.diagonal(sheared[0, ..., 0])[4:] == 50)


@pytest.mark.parametrize("unit, bounds", [("pixels", (-3.0, 4.0)), ("fraction", (-0.25, 0.5))])
def test_translation_is_drawn_evenly_between_its_bounds(unit, bounds):
    drawn = Translate(x=bounds, y=(0.0, 0.0), unit=unit).draw(draws(), Size(28, 28, 1))
    x = drawn["x"].numpy()
    if unit == "pixels":  # whole, both ends included
        values, counts = np.unique(x, return_counts=True)
        assert values.tolist() == list(range(-3, 5))
        assert scipy.stats.chisquare(counts).pvalue > 1e-4
    else:
        assert scipy.stats.kstest(x, "uniform", (-0.25, 0.75)).pvalue > 1e-4
    assert np.all(drawn["y"].numpy() == 0)


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"x": (-2.0, 2.0)}, r"^x \(-2.0, 2.0\); fractions in \[-1, 1\]; write unit"),
        (
            {"x": (0.0, 0.0), "y": (-2.5, 2.0), "unit": "pixels"},
            r"^y \(-2.5, 2.0\); whole pixels; round them",
        ),
        ({"unit": "percent"}, "^unit 'percent'; one of fraction, pixels"),
        ({"fill": "wrap"}, "^fill 'wrap'; one of constant, reflect, edge"),
        ({"fill_value": 256}, "^fill_value 256; .*at most 255"),
    ],
)
def test_bad_fields_are_named(fields, message):
    with pytest.raises(FieldError, match=message):
        Translate(**fields)


def test_scale_draws_one_factor_for_both_axes_or_one_for_each():
    size = Size(28, 28, 1)
    drawn = Scale().draw(draws(100), size)
    np.testing.assert_array_equal(drawn["x"], drawn["y"])
    drawn = Scale(together=False).draw(draws(100), size)
    assert np.all(drawn["x"] != drawn["y"])


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("degrees", [-170.0, -33.0, 12.5, 61.0])
def test_rotation_agrees_with_scipy_with_every_fill(fill, degrees):
    image = smooth_image(33, 40)
    drawn = {"degrees": tf.constant([degrees])}
    turned = Rotate(fill=fill, fill_value=90).images(tf.constant(image), drawn).numpy()[0, ..., 0]
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    back = np.array([[cos, sin], [-sin, cos]])  # of (y, x)
    middle = (np.array(image.shape[1:3]) - 1) / 2
    mode = {"constant": "grid-constant", "reflect": "mirror", "edge": "nearest"}[fill]
    expected = scipy.ndimage.affine_transform(
        image[0, ..., 0].astype(float), back, middle - back @ middle, order=1, mode=mode, cval=90
    )
    assert np.abs(turned - expected).max() < 1


@pytest.mark.parametrize("degrees", [-170.0, -33.0, 12.5, 61.0])
def test_rotation_agrees_with_pillow_inside(degrees):
    image = smooth_image(40, 40)
    turned = Rotate().images(tf.constant(image), {"degrees": tf.constant([degrees])}).numpy()
    expected = np.asarray(Image.fromarray(image[0, ..., 0]).rotate(degrees, Image.BILINEAR))
    y, x = np.mgrid[:40, :40] - 19.5
    inside = np.hypot(y, x) < 19
    assert np.abs(turned[0, ..., 0].astype(int) - expected)[inside].max() <= 1


@pytest.mark.parametrize("height, close", [(3000, 0.04), (256, 0.005)])
def test_positions_are_exact_to_a_small_part_of_a_pixel(height, close):
    size = Size(height, 5, 1)
    motion = make_motion(1, degrees=7.3, scale_x=1.2, scale_y=0.9, shear_x=5.0, shift_y=100.3)
    y, x = affine_positions(motion, size)
    cos, sin = math.cos(math.radians(7.3)), math.sin(math.radians(7.3))
    shear = np.array([[1, -math.tan(math.radians(5.0))], [0, 1]])
    forward = np.array([[cos, sin], [-sin, cos]]) @ shear @ np.diag([1.2, 0.9])
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
    motion = transform.motion(transform.draw(draws(1), size), size)
    y, x = affine_positions(motion, size)
    for positions in (y.numpy(), x.numpy()):  # straight lines, without a jump
        assert np.abs(np.diff(positions, 2, axis=1)).max() <= 2
        assert np.abs(np.diff(positions, 2, axis=2)).max() <= 2
        assert np.abs(positions).max() > 5 * ONE * size.width  # far away, not cut off


def test_arithmetic_of_32_and_64_bits_gives_the_same():
    """A graph that does not know the size of its images counts in 64 bits."""
    motion = make_motion(50, degrees=draws(50).uniform(-180.0, 180.0), scale_x=0.3, shift_x=9.7)
    known = affine_positions(motion, Size(60, 256, 1))
    unknown = affine_positions(motion, Size(tf.constant(60), tf.constant(256), 1))
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
    generator = np.random.default_rng(0)
    corners = generator.choice([-0.2, 0.2], (5000, 4, 2)).astype(np.float32)
    *_, g, h, i = [value.numpy() for value in homography(tf.constant(corners))]
    for u, v in ((0, 0), (1, 0), (1, 1), (0, 1)):
        assert np.all(g * u + h * v + i > 0)
    y, x = perspective_positions(tf.constant(corners), Size(9, 8, 1))
    assert np.all(np.diff(x.numpy(), axis=2) > 0) and np.all(np.diff(y.numpy(), axis=1) > 0)


@pytest.mark.parametrize("kind", FILLED)
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
        return tf.stack(make_motion(tf.shape(degrees)[0], degrees=degrees, shear_x=lean))

    compiled = tf.function(matrix, jit_compile=True)(degrees, lean)
    np.testing.assert_array_equal(compiled, matrix(degrees, lean))
    np.testing.assert_array_equal(matrix(degrees[3:4], lean[3:4])[:, 0], compiled[:, 3])
