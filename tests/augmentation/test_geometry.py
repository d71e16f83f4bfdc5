"""Geometry: directions by hand, what the fields mean, exactness, the statistics of elastic."""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import tensorflow as tf
from PIL import Image

from augmentation.affine import (
    Affine,
    Rotate,
    Scale,
    Shear,
    Translate,
    affine_positions,
    make_motion,
)
from augmentation.batch import Batch
from augmentation.cropping import Crop, Pad, RandomResizedCrop, resized_positions, window
from augmentation.elastic import Elastic, displacement_fields, elastic_positions
from augmentation.flips import Rotate90, flip_left_right, flip_up_down, rotate_quarters
from augmentation.perspective import Perspective, homography, perspective_positions
from augmentation.randomness import Draws, image_keys, random_words
from augmentation.transform import FieldError, Size
from augmentation.warp import FILLS, ONE

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


def test_positions_in_a_large_image_are_within_a_hundredth_of_a_pixel():
    size = Size(3000, 5, 1)
    motion = make_motion(1, degrees=7.3, scale_x=1.2, scale_y=0.9, shear_x=5.0, shift_y=100.3)
    y, x = affine_positions(motion, size)
    cos, sin = math.cos(math.radians(7.3)), math.sin(math.radians(7.3))
    shear = np.array([[1, -math.tan(math.radians(5.0))], [0, 1]])
    forward = np.array([[cos, sin], [-sin, cos]]) @ shear @ np.diag([1.2, 0.9])
    rows, columns = np.mgrid[:3000, :5]
    points = np.stack([columns - 2, rows - 1499.5 - 100.3]).reshape(2, -1)
    expected = (np.linalg.inv(forward) @ points).reshape(2, 3000, 5)
    assert np.abs(x[0] / ONE - expected[0] - 2).max() < 0.01
    assert np.abs(y[0] / ONE - expected[1] - 1499.5).max() < 0.01


def test_the_strongest_legal_maps_do_not_overflow():
    fields = {"degrees": (44.0, 45.0), "scale": (0.1, 0.1), "shear": (60.0, 60.0)}
    transform, size = Affine(translate=(-1.0, -1.0), **fields), Size(2000, 3000, 1)
    motion = transform.motion(transform.draw(draws(1), size), size)
    y, x = affine_positions(motion, size)
    for positions in (y.numpy(), x.numpy()):  # straight lines, without a jump
        assert np.abs(np.diff(positions, 2, axis=1)).max() <= 2
        assert np.abs(np.diff(positions, 2, axis=2)).max() <= 2


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


@pytest.mark.parametrize("height, width, sigma", [(28, 31, 4.0), (150, 70, 2.0), (20, 200, 25.0)])
def test_elastic_fields_are_scipys(height, width, sigma):
    """Also where an axis is longer than a block of the band matrix, or the kernel is."""
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


def test_elastic_displacements_have_the_strength_of_the_paper():
    keys = image_keys(2, 0, tf.range(300, dtype=tf.int64))
    alpha = tf.fill([300], 34.0)
    y, x = elastic_positions(keys, alpha, 4.0, Size(60, 60, 1))
    away_y = (y.numpy() / ONE - np.arange(60)[:, np.newaxis])[:, 20:40, 20:40]
    away_x = (x.numpy() / ONE - np.arange(60))[:, 20:40, 20:40]
    expected = 34 / math.sqrt(3) / (2 * 4 * math.sqrt(math.pi))  # 1.384
    for away in (away_y, away_x):
        assert abs(away.mean()) < 0.25
        assert away.std() == pytest.approx(expected, rel=0.05)
    assert abs(np.corrcoef(away_y.ravel(), away_x.ravel())[0, 1]) < 0.25
    assert abs(np.corrcoef(away_y[:150].ravel(), away_y[150:].ravel())[0, 1]) < 0.25


def test_elastic_with_the_same_key_is_the_same_for_images_and_masks():
    images = tf.constant(np.repeat(smooth_image(28, 28) // 128 * 255, 6, axis=0))
    transform = Elastic()
    drawn = transform.draw(draws(6), Size(28, 28, 1))
    warped = transform.apply(Batch(images, masks=images[..., 0] // 255), drawn)
    agree = (warped.images.numpy()[..., 0] > 127) == (warped.masks.numpy() == 1)
    assert agree.mean() > 0.98


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


def test_a_crop_lies_anywhere_in_the_image_with_equal_chances():
    transform = Crop(height=24, width=26)
    drawn = transform.draw(draws(), Size(28, 28, 1))
    for name, places in (("top", 5), ("left", 3)):
        counts = np.bincount(drawn[name].numpy())
        assert len(counts) == places and scipy.stats.chisquare(counts).pvalue > 1e-4
    images = np.arange(28 * 28, dtype=np.int32).reshape(1, 28, 28).repeat(3, 0)
    cut = window(images, tf.constant([0, 4, 2]), tf.constant([2, 0, 1]), 24, 26)
    np.testing.assert_array_equal(cut[1], images[1, 4:28, 0:26])
    np.testing.assert_array_equal(cut[2], images[2, 2:26, 1:27])


def test_an_image_smaller_than_the_crop_lies_whole_in_it():
    transform = Crop(height=5, width=3, fill_value=7)
    images = np.full((50, 2, 3, 1), 100, np.uint8)
    drawn = transform.draw(draws(50), Size(2, 3, 1))
    cut = transform.images(tf.constant(images), drawn).numpy()
    assert cut.shape == (50, 5, 3, 1)
    assert np.all((cut == 100).sum(axis=(1, 2, 3)) == 6) and set(np.unique(cut)) == {7, 100}
    assert set(drawn["top"].numpy()) == {0, -1, -2, -3} and np.all(drawn["left"].numpy() == 0)


def test_resized_positions_keep_to_the_window():
    start, length = tf.constant([3, 0]), tf.constant([4, 8])
    positions = resized_positions(start, length, 8).numpy() / ONE
    # middles of eighths of four pixels; the first would lie before the first pixel's middle
    assert positions[0].tolist() == [3, 3.25, 3.75, 4.25, 4.75, 5.25, 5.75, 6]
    assert positions[1].tolist() == list(range(8))
    assert resized_positions(start, length, 2).numpy().tolist() == [
        [3 * ONE + ONE // 2, 5 * ONE + ONE // 2],
        [ONE + ONE // 2, 5 * ONE + ONE // 2],
    ]


@pytest.mark.parametrize("size", [Size(64, 64, 1), Size(40, 100, 1)])
def test_a_resized_crop_has_the_area_and_shape_it_should(size):
    transform = RandomResizedCrop(area=(0.2, 0.6), aspect=(0.8, 1.25))
    drawn = {name: value.numpy() for name, value in transform.draw(draws(), size).items()}
    height, width = drawn["height"] / size.height, drawn["width"] / size.width
    assert scipy.stats.kstest(height * width, "uniform", (0.2, 0.4)).statistic < 0.02
    shape = np.log(width / height)  # evenly: a stretch is as likely as the opposite one
    assert abs(shape.mean()) < 0.01 and abs(np.abs(shape).max() - math.log(1.25)) < 0.06
    assert drawn["top"].min() == 0 and drawn["left"].min() == 0
    assert np.all(drawn["top"] + drawn["height"] <= size.height)
    assert np.all(drawn["left"] + drawn["width"] <= size.width)
    assert np.max(drawn["left"] + drawn["width"]) == size.width


def test_a_resized_crop_gives_the_size_it_is_told():
    transform = RandomResizedCrop(height=10, width=30)
    assert transform.changes_size and not RandomResizedCrop().changes_size
    size = Size(40, 20, 1)
    assert transform.size_after(size) == (10, 30, 1)
    drawn = transform.draw(draws(400), size)
    assert transform.images(tf.zeros((400, 40, 20, 1), tf.uint8), drawn).shape == (400, 10, 30, 1)
    # without stretching, a wide result shows a wide window
    assert np.median(drawn["width"] / drawn["height"]) > 1


def test_pad_adds_on_every_side():
    images = np.arange(6, dtype=np.uint8).reshape(1, 2, 3, 1)
    for fill in FILLS:
        transform = Pad(vertical=3, horizontal=1, fill=fill)
        padded = transform.images(tf.constant(images), {})
        expected = np.pad(images, [(0, 0), (3, 3), (1, 1), (0, 0)], fill)
        np.testing.assert_array_equal(padded, expected)
        assert transform.size_after(Size(2, 3, 1)) == padded.shape[1:]


def test_sine_and_cosine_are_the_same_compiled_or_not():
    """All of geometry rests on it: the matrices, rounded to 2^-20, must agree for every angle."""
    degrees, lean = draws(100_000).uniform(-360.0, 360.0), draws(100_000).uniform(-60.0, 60.0)

    def matrix(degrees, lean):
        return tf.stack(make_motion(tf.shape(degrees)[0], degrees=degrees, shear_x=lean))

    compiled = tf.function(matrix, jit_compile=True)(degrees, lean)
    np.testing.assert_array_equal(compiled, matrix(degrees, lean))
    np.testing.assert_array_equal(matrix(degrees[3:4], lean[3:4])[:, 0], compiled[:, 3])
