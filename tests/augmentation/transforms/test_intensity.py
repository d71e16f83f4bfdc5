"""Intensity, noise, blur and erasing: values by hand, exactness, and the statistics."""

import colorsys

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import tensorflow as tf
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from augmentation.core.fields import FieldError
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.transform import Size
from augmentation.transforms.colour import Hue, saturate, shift_hue, to_grey
from augmentation.transforms.erasing import Erase
from augmentation.transforms.filters import (
    GaussianBlur,
    gaussian_blur,
    kernel_table,
    sharpen,
    smooth,
)
from augmentation.transforms.histograms import count_values, equal_tables, look_up, stretch_tables
from augmentation.transforms.noise import add_noise, salt_and_pepper
from augmentation.transforms.tone import (
    Brightness,
    Gamma,
    Posterize,
    blend,
    brighten,
    correct_gamma,
    invert,
    luma,
    mean_luma,
    posterize,
    scale_contrast,
    solarize,
)
from foundation.errors import InputError

RAMP = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
KEYS = image_keys(3, 0, tf.range(4000, dtype=tf.int64))


def colours(count=64, height=16, width=16, seed=0):
    shape = (count, height, width, 3)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def floats(*values):
    return tf.constant(values, tf.float32)


def repeated(image, count):
    return tf.constant(np.repeat(image, count, axis=0))


def even(value, *shape):
    """An image of one value."""
    return tf.constant(np.full(shape, value, np.uint8))


def test_blend_by_hand():
    values = tf.constant([[0, 100, 101, 255]], tf.int32)
    for factor, expected in [
        (1.0, [0, 100, 101, 255]),
        (0.0, [50, 50, 50, 50]),
        (0.5, [25, 75, 75, 152]),  # 75.5 and 152.5, rounded down
        (2.0, [0, 150, 152, 255]),  # cut off at both ends
        (100.0, [0, 255, 255, 255]),
    ]:
        np.testing.assert_array_equal(blend(50, values, floats(factor)), [expected])


@pytest.mark.parametrize("steps", [0, 1, 1234, 4095, 4096, 4097, 8000, 409_600])
def test_factors_agree_with_pillow_bit_for_bit(steps):
    factor = steps / 4096
    image = Image.fromarray(RAMP[0, ..., 0])
    for function, kind in (
        (brighten, ImageEnhance.Brightness),
        (scale_contrast, ImageEnhance.Contrast),
    ):
        expected = np.asarray(kind(image).enhance(factor))
        np.testing.assert_array_equal(function(RAMP, floats(factor))[0, ..., 0], expected)
    for pixels in colours(4):
        expected = ImageEnhance.Color(Image.fromarray(pixels)).enhance(factor)
        np.testing.assert_array_equal(saturate(pixels[np.newaxis], floats(factor))[0], expected)


def test_luma_is_pillows_and_its_mean_holds_for_large_images():
    images = colours()
    expected = [np.asarray(Image.fromarray(pixels).convert("L")) for pixels in images]
    np.testing.assert_array_equal(luma(images)[..., 0], expected)
    np.testing.assert_array_equal(to_grey(images)[..., 2], expected)
    np.testing.assert_array_equal(luma(RAMP), RAMP)
    white = np.full((1, 3000, 3000, 1), 255, np.uint8)  # the sum passes 2^31
    assert int(mean_luma(white)[0, 0, 0, 0]) == 255
    half = np.array([0, 1], np.uint8).reshape(1, 1, 2, 1)
    assert int(mean_luma(half)[0, 0, 0, 0]) == 1  # a half is rounded up, as by Pillow


def test_every_image_has_its_own_strength():
    images = repeated(RAMP, 3)
    after = brighten(images, floats(0, 1, 2)).numpy()
    np.testing.assert_array_equal(after[1], RAMP[0])
    assert np.all(after[0] == 0) and np.all(after[2, 8:] == 255)
    np.testing.assert_array_equal(
        posterize(images, tf.constant([1, 8, 3]))[:, 15, 15, 0], [128, 255, 224]
    )
    np.testing.assert_array_equal(
        solarize(images, tf.constant([0, 256, 255]))[:, 15, 15, 0], [0, 255, 0]
    )
    np.testing.assert_array_equal(correct_gamma(images, floats(1, 1, 1)), images)
    np.testing.assert_array_equal(invert(images), 255 - images)


def test_gamma_keeps_black_and_white_and_the_order():
    after = correct_gamma(repeated(RAMP, 3), floats(0.1, 2.2, 5.0)).numpy().reshape(3, 256)
    assert np.all(after[:, 0] == 0) and np.all(after[:, 255] == 255)
    assert np.all(np.diff(after.astype(int)) >= 0)
    assert after[0, 128] > 128 > after[1, 128] > after[2, 128]
    for steps in (26, 255, 257, 801, 1279):
        expected = np.rint(255 * (RAMP / 255) ** (steps / 256))
        np.testing.assert_array_equal(
            correct_gamma(tf.constant(RAMP), floats(steps / 256)), expected
        )


@pytest.mark.parametrize("height, width", [(1, 1), (3, 5), (15, 17), (16, 32), (64, 64)])
def test_equalize_is_pillows_at_any_number_of_pixels(height, width):
    images = colours(6, height, width)
    images[:3] = images[:3] // 3 + 60
    images[0, ..., 1] = 9  # a channel of one value
    after = look_up(images, equal_tables(images)).numpy()
    for pixels, found in zip(images, after, strict=True):
        np.testing.assert_array_equal(found, ImageOps.equalize(Image.fromarray(pixels)))


def test_autocontrast_reaches_both_ends_and_leaves_one_value_alone():
    images = np.zeros((1, 1, 4, 3), np.uint8)
    images[0, 0, :, 0] = [10, 60, 110, 210]
    images[0, 0, :, 1] = 77
    images[0, 0, :, 2] = [0, 3, 200, 255]
    after = look_up(images, stretch_tables(images)).numpy()[0, 0]
    np.testing.assert_array_equal(after[:, 0], [0, 63, 127, 255])  # 63.75 and 127.5 rounded down
    np.testing.assert_array_equal(after[:, 1:], images[0, 0, :, 1:])


def test_tables_are_exact_for_every_lowest_and_highest_value():
    low, high = np.triu_indices(256, 1)
    images = np.stack([low, high], axis=-1).reshape(-1, 1, 2, 1).astype(np.uint8)
    tables = stretch_tables(images).numpy()[:, 0].astype(int)
    ramp = np.arange(256)
    expected = np.clip(ramp - low[:, None], 0, (high - low)[:, None]) * 255 // (high - low)[:, None]
    np.testing.assert_array_equal(tables, expected)


def test_values_are_counted_by_image_and_channel():
    images = colours(3)
    found = count_values(images).numpy()
    for i in range(3):
        for channel in range(3):
            expected = np.bincount(images[i, ..., channel].ravel(), minlength=256)
            np.testing.assert_array_equal(found[i, channel], expected)


def test_hue_turns_red_to_green_to_blue_and_leaves_grey_alone():
    red, green, blue, grey = [255, 0, 0], [0, 255, 0], [0, 0, 255], [90, 90, 90]
    image = np.array([[red, green, blue, grey]], np.uint8)
    turns = floats(0, 1 / 3, 2 / 3, -1 / 3, 1, -1, 0.5)
    after = shift_hue(repeated(image[np.newaxis], 7), turns).numpy()[:, 0]
    assert np.abs(after[1] - np.array([green, blue, red, grey])).max() <= 1
    np.testing.assert_array_equal(after[2], after[3])
    for place in (0, 4, 5):
        np.testing.assert_array_equal(after[place], image[0])
    np.testing.assert_array_equal(after[6, 0], [0, 255, 255])


def test_hue_is_the_rounded_turn_of_hsv():
    images, turns = colours(4), np.array([0.125, -0.375, 0.03125, 0.875])
    after = shift_hue(tf.constant(images), tf.constant(turns, tf.float32)).numpy()
    for turn, pixels, found in zip(
        turns, images.reshape(4, -1, 3), after.reshape(4, -1, 3), strict=True
    ):
        hsv = [colorsys.rgb_to_hsv(*pixel) for pixel in pixels / 255]
        turned = np.array([colorsys.hsv_to_rgb((h + turn) % 1, s, v) for h, s, v in hsv]) * 255
        assert np.abs(found - turned).max() < 0.5 + 1e-9


def test_hue_keeps_value_and_saturation():
    images = colours(200)
    after = shift_hue(tf.constant(images), tf.linspace(-1.0, 1.0, 200)).numpy()
    np.testing.assert_array_equal(after.max(axis=-1), images.max(axis=-1))
    np.testing.assert_array_equal(after.min(axis=-1), images.min(axis=-1))
    drawn = Hue(turns=(-0.1, 0.1)).draw(Draws(KEYS), Size(4, 4, 3))["turns"].numpy()
    np.testing.assert_array_equal(drawn * 4096, np.round(drawn * 4096))
    assert np.abs(drawn).max() <= 0.1 + 1 / 8192 and np.ptp(drawn) > 0.19


def test_noise_has_its_deviation_is_new_for_every_value_and_follows_its_key():
    images = even(128, 2, 100, 100, 3)
    sigma = floats(10, 25)
    after = add_noise(images, sigma, KEYS[:2]).numpy().astype(int) - 128
    for noise, deviation in zip(after, (10, 25), strict=True):
        assert abs(noise.mean()) < 4 * deviation / np.sqrt(noise.size)
        # rounding adds a twelfth to the variance
        assert abs(noise.std() / np.sqrt(deviation**2 + 1 / 12) - 1) < 0.02
        assert abs(np.corrcoef(noise[..., 0].ravel(), noise[..., 1].ravel())[0, 1]) < 0.05
        assert abs(np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1]) < 0.05
    assert abs(np.corrcoef(after[0].ravel(), after[1].ravel())[0, 1]) < 0.05
    np.testing.assert_array_equal(add_noise(images, sigma, KEYS[:2]) - 128, after.astype(np.uint8))
    light = add_noise(even(250, 1, 50, 50, 1), floats(40), KEYS[:1]).numpy()
    assert light.max() == 255 and np.mean(light == 255) > 0.3  # cut off, not wrapped


def test_salt_and_pepper_hits_its_share_of_pixels_in_all_channels():
    images = even(99, 1, 200, 200, 3)
    after = salt_and_pepper(images, floats(0.2), 0.25, KEYS[:1]).numpy()[0]
    assert np.all(after == after[..., :1])
    counts = [np.sum(after[..., 0] == value) for value in (255, 0, 99)]
    assert sum(counts) == 40_000
    shares = np.array([0.05, 0.15, 0.8])
    assert scipy.stats.chisquare(counts, 40_000 * shares).pvalue > 1e-4
    everything = salt_and_pepper(images, floats(1.0), 1.0, KEYS[:1])
    assert np.all(everything == 255)


@pytest.mark.parametrize("largest", [0.0, 0.3, 1.0, 4.0, 16.0])
def test_blur_kernels_sum_to_one_and_are_bells(largest):
    table = kernel_table(largest)
    assert len(table) == round(largest * 64) + 1
    np.testing.assert_array_equal(table[:, 0] + 2 * table[:, 1:].sum(axis=1), 2048)
    np.testing.assert_array_equal(table[0], [2048] + [0] * (table.shape[1] - 1))
    assert np.all(table >= 0) and np.all(np.diff(table, axis=1) <= 1)
    distance = np.arange(table.shape[1])
    variance = (table * distance**2).sum(axis=1) * 2 / 2048
    wide = np.arange(len(table)) / 64 > 0.6  # narrower ones are hardly more than one pixel
    sigma = np.sqrt(variance[wide])
    np.testing.assert_allclose(sigma, (np.arange(len(table)) / 64)[wide], rtol=0.02)


def test_blur_is_rounded_to_the_nearest():
    images = colours(6, 20, 20)
    after = gaussian_blur(tf.constant(images), tf.fill([6], 1.25), 2.0).numpy()
    exact = scipy.ndimage.gaussian_filter(images.astype(float), (0, 1.25, 1.25, 0), mode="nearest")
    assert abs((after - exact).mean()) < 0.02
    assert np.abs(after - exact).max() < 0.75  # the weights are rounded too, to 1/2048


def test_blur_keeps_even_areas_and_spreads_a_point_both_ways_alike():
    images = even(201, 1, 9, 7, 3)
    np.testing.assert_array_equal(gaussian_blur(images, floats(2.0), 3.0), images)
    point = np.zeros((1, 15, 15, 1), np.uint8)
    point[0, 7, 7] = 255
    after = gaussian_blur(tf.constant(point), floats(1.5), 2.0).numpy()[0, ..., 0].astype(int)
    np.testing.assert_array_equal(after, after.T)
    np.testing.assert_array_equal(after, after[::-1, ::-1])
    assert abs(after.sum() - 255) < 10 and after[7, 7] == after.max()
    row = np.zeros((1, 1, 5, 1), np.uint8)
    row[0, 0, 0] = 100  # on the border: it goes on outside
    assert gaussian_blur(tf.constant(row), floats(1.0), 1.0).numpy()[0, 0, 0, 0] > 60


def test_smoothing_divides_by_thirteen_exactly():
    sums = np.arange(13 * 255 + 1)
    np.testing.assert_array_equal((sums + 6) * 5042 >> 16, np.round(sums / 13))
    for height, width in ((1, 1), (2, 5), (5, 2), (3, 3), (9, 8)):
        for channels in (1, 3):
            image = colours(1, height, width)[..., :channels]
            picture = Image.fromarray(image[0, ..., 0] if channels == 1 else image[0])
            expected = np.asarray(picture.filter(ImageFilter.SMOOTH)).reshape(image.shape)
            np.testing.assert_array_equal(smooth(image), expected)
            np.testing.assert_array_equal(sharpen(image, floats(0)), expected)


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
    images = colours(5, 20, 20)
    masks = tf.constant(np.full((5, 20, 20), 7, np.int32))
    drawn = Erase(fill="constant", fill_value=9).draw(Draws(KEYS[:5]), Size(20, 20, 3))
    assert set(drawn) == {"box"}
    after = Erase(fill="constant", fill_value=9).images(tf.constant(images), drawn).numpy()
    erased = np.all(after == 9, axis=-1)
    for inside, box in zip(erased, drawn["box"].numpy(), strict=True):
        assert inside.sum() == (box[2] - box[0]) * (box[3] - box[1]) > 0
    np.testing.assert_array_equal(after[~erased], images[~erased])
    np.testing.assert_array_equal(Erase().masks(masks, drawn), masks)
    for level in (0, 3):
        filled = Erase(mask_fill=level).masks(masks, drawn).numpy()
        np.testing.assert_array_equal(filled, np.where(erased, level, 7))


def test_erasing_with_noise_takes_every_value_alike():
    images = tf.constant(np.zeros((1, 200, 200, 1), np.uint8))
    transform = Erase(area=(1, 1))
    after = transform.images(images, transform.draw(Draws(KEYS[:1]), Size(200, 200, 1))).numpy()
    assert scipy.stats.chisquare(np.bincount(after.ravel(), minlength=256)).pvalue > 1e-4


def test_fields_of_whole_numbers_take_no_fractions_and_both_ends_are_drawn():
    bits = Posterize(bits=(2, 5)).draw(Draws(KEYS), Size(4, 4, 1))["bits"].numpy()
    assert scipy.stats.chisquare(np.bincount(bits, minlength=6)[2:]).pvalue > 1e-4
    with pytest.raises(FieldError, match=r"bits \(2.5, 4\); whole numbers; round them"):
        Posterize(bits=(2.5, 4))
    with pytest.raises(FieldError, match=r"factor .* at least 0 and at most 100"):
        Brightness(factor=(-0.1, 1))
    with pytest.raises(FieldError, match="the smaller number first"):
        GaussianBlur(sigma=(2, 1))
    with pytest.raises(InputError, match="gamma"):
        Gamma(gamma=(0.0, 1.0))
