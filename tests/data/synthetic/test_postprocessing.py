"""Denoising and smoothing: what they do to planted noise, and that their price is shown."""

import numpy as np
import pytest
from scipy import ndimage

from data.synthetic.postprocessing import denoised, effect, postprocess, smoothed


def made_images(count=20):
    """Half dark, half bright, with the border at another place in each image."""
    images = np.full((count, 12, 12, 1), 40, np.uint8)
    for index in range(count):
        images[index, :, 3 + index % 6 :] = 200
    return images


def with_wrong_pixels(images, seed=0):
    generator = np.random.default_rng(seed)
    wrong = generator.random(images.shape) < 0.02
    return np.where(wrong, 255 - images, images).astype(np.uint8)


def test_denoising_takes_single_wrong_pixels_out_and_leaves_edges():
    clean = made_images()
    np.testing.assert_array_equal(denoised(clean), clean)
    noisy = with_wrong_pixels(clean)
    error = np.abs(noisy.astype(int) - clean).mean()
    assert np.abs(denoised(noisy).astype(int) - clean).mean() < 0.2 * error


def test_denoising_is_the_median_of_nine_away_from_the_border():
    images = np.random.default_rng(1).integers(0, 256, (3, 9, 8, 3), dtype=np.uint8)
    expected = ndimage.median_filter(images, size=(1, 3, 3, 1))
    np.testing.assert_array_equal(denoised(images)[:, 1:-1, 1:-1], expected[:, 1:-1, 1:-1])


def test_smoothing_keeps_flat_images_and_the_mean_and_mixes_no_images_or_channels():
    flat = np.full((2, 6, 6, 3), 77, np.uint8)
    np.testing.assert_array_equal(smoothed(flat, 1.0), flat)
    spot = np.zeros((3, 15, 15, 3), np.uint8)
    spot[1, 7, 7, 2] = 250
    smooth = smoothed(spot, 0.8)
    assert smooth[0].max() == smooth[2].max() == smooth[1, ..., :2].max() == 0
    assert smooth[1].sum() == pytest.approx(250, rel=0.05)
    assert 0 < smooth[1, 7, 8, 2] == smooth[1, 8, 7, 2] < smooth[1, 7, 7, 2]


def test_steps_go_in_their_order():
    noisy = with_wrong_pixels(made_images())
    both = postprocess(noisy, ["denoise", "smooth"], sigma=1.0)
    np.testing.assert_array_equal(both, smoothed(denoised(noisy), 1.0))
    np.testing.assert_array_equal(postprocess(noisy, []), noisy)


def test_the_effect_says_whether_noise_went_and_whether_detail_went():
    clean = made_images(40)
    noisy = with_wrong_pixels(clean[:20])
    real = clean[20:]
    median = effect(noisy, denoised(noisy), real)
    noise = median["noise"]
    assert noise["real"] == 0 and noise["after"] < 0.1 * noise["before"]
    assert median["sharpness"]["after"] == pytest.approx(median["sharpness"]["real"], rel=0.1)
    blurred = effect(clean[:20], smoothed(clean[:20], 2.0), real)
    assert blurred["mean_change"] > 5
    sharpness = blurred["sharpness"]
    assert sharpness["after"] < 0.7 * sharpness["real"]
    assert sharpness["before"] == pytest.approx(sharpness["real"], rel=0.05)
    assert effect(clean, clean, real)["mean_change"] == 0
