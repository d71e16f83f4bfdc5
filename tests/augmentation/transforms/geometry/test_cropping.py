"""Crop, random resized crop and pad: places, sizes and what is filled."""

import math

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import tensorflow as tf

from augmentation.core.batch import Size
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.warp import FILLS, ONE
from augmentation.transforms.geometry.cropping import (
    Crop,
    Pad,
    RandomResizedCrop,
    resized_positions,
)

MANY = 20_000


def draws(count=MANY, seed=5):
    return Draws(image_keys(seed, 0, tf.range(count, dtype=tf.int64)))


def test_a_crop_lies_anywhere_in_the_image_with_equal_chances():
    transform = Crop(height=24, width=26)
    drawn = transform.draw(draws(), Size(28, 28, 1))
    for name, places in (("top", 5), ("left", 3)):
        counts = np.bincount(drawn[name].numpy())
        assert len(counts) == places and scipy.stats.chisquare(counts).pvalue > 1e-4


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
    drawn = transform.draw(draws(400), Size(40, 20, 1))
    assert transform.images(tf.zeros((400, 40, 20, 1), tf.uint8), drawn).shape == (400, 10, 30, 1)
    # without stretching, a wide result shows a wide window
    assert np.median(drawn["width"] / drawn["height"]) > 1


def test_pad_adds_on_every_side():
    images = np.arange(6, dtype=np.uint8).reshape(1, 2, 3, 1)
    for fill in FILLS:
        padded = Pad(vertical=3, horizontal=1, fill=fill).images(tf.constant(images), {})
        expected = np.pad(images, [(0, 0), (3, 3), (1, 1), (0, 0)], fill)
        np.testing.assert_array_equal(padded, expected)
