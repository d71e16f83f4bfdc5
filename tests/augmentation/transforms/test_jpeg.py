"""JPEG without the file, against Pillow's and TensorFlow's files."""

import io

import numpy as np
import pytest
import scipy.ndimage
import tensorflow as tf
from PIL import Image

from augmentation.transforms.jpeg import CHROMINANCE, FORWARD, LUMINANCE, compress, quantisation

SIZES = [(28, 28), (32, 32), (1, 1), (2, 3), (9, 4), (3, 6), (16, 8), (17, 33), (50, 5), (24, 65)]


def pictures(height, width, channels, count=12):
    """Noise, smooth areas and hard edges."""
    generator = np.random.default_rng(height * width)
    images = generator.integers(0, 256, (count, height, width, channels), dtype=np.uint8)
    smooth = scipy.ndimage.gaussian_filter(images.astype(float), (0, 2, 2, 0))
    images[::3] = np.clip((smooth[::3] - 100) * 2 + 128, 0, 255)
    images[1::3] = (images[1::3] > 127) * np.uint8(255)
    return images


def saved(pixels, quality):
    file = io.BytesIO()
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
    picture.save(file, "JPEG", quality=int(quality))
    return file


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("height, width", SIZES)
def test_the_bytes_are_those_of_saving_and_opening(height, width, channels):
    images = pictures(height, width, channels)
    qualities = np.array([1, 100, 50, 49, 5, 20, 35, 60, 75, 90, 95, 99], np.int32)
    after = compress(tf.constant(images), tf.constant(qualities)).numpy()
    for pixels, quality, found in zip(images, qualities, after, strict=True):
        expected = np.asarray(Image.open(saved(pixels, quality))).reshape(pixels.shape)
        np.testing.assert_array_equal(found, expected)


def test_tensorflow_writes_the_same_file():
    images = pictures(40, 24, 3, 3)
    after = compress(images, tf.constant([10, 50, 90])).numpy()
    for pixels, quality, found in zip(images, (10, 50, 90), after, strict=True):
        file = tf.io.encode_jpeg(pixels, quality=quality)
        expected = tf.io.decode_jpeg(file, dct_method="INTEGER_ACCURATE")
        np.testing.assert_array_equal(found, expected)


def test_quantisation_tables_are_libjpegs():
    for quality in (1, 24, 49, 50, 51, 76, 99, 100):
        tables = Image.open(saved(pictures(16, 16, 3, 1)[0], quality)).quantization
        for place, table in enumerate((LUMINANCE, CHROMINANCE)):
            ours = quantisation(table, tf.constant([quality]))[0].numpy().ravel()
            np.testing.assert_array_equal(ours, tables[place])


def test_the_transform_is_the_cosine_transform():
    place, frequency = np.arange(8), np.arange(8)[:, np.newaxis]
    cosines = np.sqrt(2) * np.cos((2 * place + 1) * frequency * np.pi / 16)
    cosines[0] = 1
    np.testing.assert_allclose(FORWARD / 2**13, cosines, atol=2**-12)


def test_a_lower_quality_loses_more():
    images = np.repeat(pictures(32, 32, 3, 1), 5, axis=0)
    after = compress(images, tf.constant([5, 20, 50, 80, 100])).numpy().astype(int)
    errors = np.square(after - images).mean(axis=(1, 2, 3))
    assert np.all(np.diff(errors) < 0)
