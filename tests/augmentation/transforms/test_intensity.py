"""Intensity, noise, blur and erasing beyond their rows: exactness at the ends, statistics."""

import colorsys

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import tensorflow as tf
from PIL import Image, ImageFilter, ImageOps

from augmentation.core.batch import Size
from augmentation.core.fields import FieldError
from augmentation.core.randomness import Draws, image_keys
from augmentation.transforms.colour import Hue
from augmentation.transforms.erasing import Erase
from augmentation.transforms.filters import GaussianBlur, kernel_table, smooth
from augmentation.transforms.tone import (
    Brightness,
    Posterize,
    blend,
    equal_tables,
    look_up,
    luma,
    mean_luma,
    stretch_tables,
)

RAMP = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
KEYS = image_keys(3, 0, tf.range(4000, dtype=tf.int64))


def colours(count=64, height=16, width=16):
    shape = (count, height, width, 3)
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def made(transform, images, **drawn):
    """What the transform makes of the images with these numbers, one for each image."""
    drawn = {name: tf.constant(values, tf.float32) for name, values in drawn.items()}
    return transform.images(tf.constant(images), drawn).numpy()


def test_a_blend_is_rounded_down_and_cut_off():
    values = tf.constant([[0, 101, 255]], tf.uint8)
    for factor, expected in (
        (0.0, [50, 50, 50]),
        (0.5, [25, 75, 152]),
        (2.0, [0, 152, 255]),
        (100.0, [0, 255, 255]),
    ):
        np.testing.assert_array_equal(blend(50, values, tf.constant([factor])), [expected])


def test_luma_is_pillows_and_its_mean_holds_for_large_images():
    images = colours()
    expected = [np.asarray(Image.fromarray(pixels).convert("L")) for pixels in images]
    np.testing.assert_array_equal(luma(images)[..., 0], expected)
    white = np.full((1, 3000, 3000, 1), 255, np.uint8)  # the sum passes 2^31
    assert int(mean_luma(white)[0, 0, 0, 0]) == 255
    half = np.array([0, 1], np.uint8).reshape(1, 1, 2, 1)
    assert int(mean_luma(half)[0, 0, 0, 0]) == 1  # a half is rounded up, as by Pillow


@pytest.mark.parametrize("height, width", [(1, 1), (3, 5), (15, 17), (16, 32), (64, 64)])
def test_equalize_is_pillows_at_any_number_of_pixels(height, width):
    images = colours(6, height, width)
    images[:3] = images[:3] // 3 + 60
    images[0, ..., 1] = 9  # a channel of one value
    after = look_up(images, equal_tables(images)).numpy()
    for pixels, found in zip(images, after, strict=True):
        np.testing.assert_array_equal(found, ImageOps.equalize(Image.fromarray(pixels)))


def test_autocontrast_is_exact_for_every_lowest_and_highest_value():
    low, high = np.triu_indices(256)
    images = np.stack([low, high], axis=-1).reshape(-1, 1, 2, 1).astype(np.uint8)
    tables = stretch_tables(images).numpy()[:, 0].astype(int)
    low, high, ramp = low[:, None], high[:, None], np.arange(256)
    stretched = np.clip(ramp - low, 0, high - low) * 255 // np.maximum(high - low, 1)
    np.testing.assert_array_equal(tables, np.where(high > low, stretched, ramp))


def test_hue_is_the_rounded_turn_of_hsv():
    images, turns = colours(7, 4, 8), np.array([0.125, -0.375, 0.03125, 0.875, 1, -1, 0.5])
    after = made(Hue(), images, turns=turns)
    for turn, *both in zip(turns, images.reshape(7, -1, 3), after.reshape(7, -1, 3), strict=True):
        hsv = [colorsys.rgb_to_hsv(*pixel) for pixel in both[0] / 255]
        turned = np.array([colorsys.hsv_to_rgb((h + turn) % 1, s, v) for h, s, v in hsv]) * 255
        assert np.abs(both[1] - turned).max() < 0.5 + 1e-9
    drawn = Hue(turns=(-0.1, 0.1)).draw(Draws(KEYS), Size(4, 4, 3))["turns"].numpy()
    np.testing.assert_array_equal(drawn * 4096, np.round(drawn * 4096))
    assert np.abs(drawn).max() <= 0.1 + 1 / 8192 and np.ptp(drawn) > 0.19


@pytest.mark.parametrize("largest", [0.0, 0.3, 4.0, 16.0])
def test_blur_kernels_sum_to_one_and_are_bells(largest):
    table = kernel_table(largest)
    assert len(table) == round(largest * 64) + 1
    np.testing.assert_array_equal(table[:, 0] + 2 * table[:, 1:].sum(axis=1), 2048)
    np.testing.assert_array_equal(table[0], [2048] + [0] * (table.shape[1] - 1))
    assert np.all(table >= 0) and np.all(np.diff(table, axis=1) <= 1)
    variance = (table * np.arange(table.shape[1]) ** 2).sum(axis=1) * 2 / 2048
    sigma = np.arange(len(table)) / 64
    wide = sigma > 0.6  # narrower ones are hardly more than one pixel
    np.testing.assert_allclose(np.sqrt(variance[wide]), sigma[wide], rtol=0.02)


def test_blur_is_rounded_to_the_nearest():
    images = colours(6, 20, 20)
    after = made(GaussianBlur(sigma=(0, 2)), images, sigma=[1.25] * 6)
    exact = scipy.ndimage.gaussian_filter(images.astype(float), (0, 1.25, 1.25, 0), mode="nearest")
    assert abs((after - exact).mean()) < 0.02
    assert np.abs(after - exact).max() < 0.75  # the weights are rounded too, to 1/2048


def test_smoothing_divides_by_thirteen_exactly():
    sums = np.arange(13 * 255 + 1)
    np.testing.assert_array_equal((sums + 6) * 5042 >> 16, np.round(sums / 13))
    for height, width in ((1, 1), (2, 5), (5, 2), (3, 3), (9, 8)):
        image = colours(1, height, width)
        expected = np.asarray(Image.fromarray(image[0]).filter(ImageFilter.SMOOTH))
        np.testing.assert_array_equal(smooth(image)[0], expected)
        np.testing.assert_array_equal(smooth(image[..., :1])[0, ..., 0], expected[..., 0])


@pytest.mark.parametrize("height, width", [(28, 28), (20, 60), (7, 3)])
def test_erased_rectangles_fit_and_have_the_drawn_share(height, width):
    transform = Erase(area=(0.1, 0.3), aspect=(0.5, 2.0))
    left, top, right, bottom = transform.draw(Draws(KEYS), Size(height, width, 1))["box"].numpy().T
    assert np.all((left >= 0) & (top >= 0) & (right <= width) & (bottom <= height))
    rows, columns = bottom - top, right - left
    share = rows * columns / (height * width)
    slack = (rows + columns + 1) / 2 / (height * width)  # each side is rounded to a pixel
    assert np.all((share > 0.1 - slack) & (share < 0.3 + slack))
    assert abs(share.mean() - 0.2) < 0.01 + 0.5 / min(height, width) ** 2
    flattest = np.maximum(rows - 0.5, 0) / (columns + 0.5)
    steepest = (rows + 0.5) / np.maximum(columns - 0.5, 0.1)
    assert np.all((steepest >= 0.5) & (flattest <= 2.0)) or height != width
    assert top.min() == 0 and left.min() == 0
    assert bottom.max() == height and right.max() == width


def test_erasing_fills_masks_only_if_told_to():
    masks = tf.constant(np.full((5, 20, 20), 7, np.int32))
    constant = Erase(fill="constant", fill_value=9)
    drawn = constant.draw(Draws(KEYS[:5]), Size(20, 20, 3))
    assert set(drawn) == {"box"}
    erased = constant.images(tf.zeros((5, 20, 20, 1), tf.uint8), drawn).numpy()[..., 0] == 9
    np.testing.assert_array_equal(Erase().masks(masks, drawn), masks)
    for level in (0, 3):
        filled = Erase(mask_fill=level).masks(masks, drawn)
        np.testing.assert_array_equal(filled, np.where(erased, level, 7))


def test_fields_of_whole_numbers_take_no_fractions_and_both_ends_are_drawn():
    bits = Posterize(bits=(2, 5)).draw(Draws(KEYS), Size(4, 4, 1))["bits"].numpy()
    assert scipy.stats.chisquare(np.bincount(bits, minlength=6)[2:]).pvalue > 1e-4
    with pytest.raises(FieldError, match=r"bits \(2.5, 4\); whole numbers; round them"):
        Posterize(bits=(2.5, 4))
    with pytest.raises(FieldError, match=r"factor .* at least 0 and at most 100"):
        Brightness(factor=(-0.1, 1))
