"""JPEG without the file, against Pillow's files."""

import io

import numpy as np
import pytest
import scipy.ndimage
import tensorflow as tf
from PIL import Image

from augmentation.transforms.jpeg import compress

SIZES = [(28, 28), (1, 1), (2, 3), (9, 4), (16, 8), (17, 33), (24, 65)]


def pictures(height, width, channels, count=12):
    """Noise, smooth areas and hard edges."""
    generator = np.random.default_rng(height * width)
    images = generator.integers(0, 256, (count, height, width, channels), dtype=np.uint8)
    smooth = scipy.ndimage.gaussian_filter(images.astype(float), (0, 2, 2, 0))
    images[::3] = np.clip((smooth[::3] - 100) * 2 + 128, 0, 255)
    images[1::3] = (images[1::3] > 127) * np.uint8(255)
    return images


def saved_and_opened(pixels, quality):
    file = io.BytesIO()
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    picture.save(file, "JPEG", quality=int(quality))
    return np.asarray(Image.open(file)).reshape(pixels.shape)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("height, width", SIZES)
def test_the_bytes_are_those_of_saving_and_opening(height, width, channels):
    images = pictures(height, width, channels)
    qualities = np.array([1, 100, 50, 49, 5, 20, 35, 60, 75, 90, 95, 99], np.int32)
    after = compress(images, tf.constant(qualities)).numpy()
    for pixels, quality, found in zip(images, qualities, after, strict=True):
        np.testing.assert_array_equal(found, saved_and_opened(pixels, quality))


def test_a_lower_quality_loses_more():
    images = np.repeat(pictures(32, 32, 3, 1), 5, axis=0)
    after = compress(images, tf.constant([5, 20, 50, 80, 100])).numpy().astype(int)
    errors = np.square(after - images).mean(axis=(1, 2, 3))
    assert np.all(np.diff(errors) < 0)
