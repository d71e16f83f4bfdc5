"""The nearest of others equals that of a plain loop, for rows and for images; a copy is 0 away."""

import math

import numpy as np
import pytest

from evaluation.metrics import distances as distances_module
from evaluation.metrics.arrays import image_rows
from evaluation.metrics.distances import nearest_rows


def make_images(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, 6, 5, 1), dtype=np.uint8)


@pytest.mark.parametrize("block_values", [2**26, 8 * 7, 8])
def test_nearest_rows_equal_a_plain_loop(monkeypatch, block_values):
    monkeypatch.setattr(distances_module, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(distances_module, "BLOCK_VALUES", block_values)  # all, 7 or 1 at a time
    generator = np.random.default_rng(0)
    samples, training = generator.random((23, 8)), generator.random((40, 8))
    left_out = generator.integers(0, 40, 23)
    for given in (None, left_out):
        indices, distances = nearest_rows(samples, training, given)
        for place, (sample, index, distance) in enumerate(
            zip(samples, indices, distances, strict=True)
        ):
            every = [math.dist(sample, row) for row in training]
            if given is not None:
                every[left_out[place]] = math.inf
            assert index == int(np.argmin(every))
            assert distance == pytest.approx(min(every), rel=1e-6)


def test_the_only_other_left_out_is_infinitely_far():
    rows = np.array([[0.5, 0.25]])
    assert nearest_rows(rows, rows, np.array([0]))[1].tolist() == [math.inf]


def test_a_planted_copy_is_found():
    training, samples = make_images(50, 0), make_images(10, 1)
    samples[3] = training[17]
    indices, distances = nearest_rows(samples, training)
    assert indices[3] == 17 and distances[3] == 0.0
    assert (np.delete(distances, 3) > 0.5).all()


def test_images_are_rows_of_pixels_scaled_block_by_block(monkeypatch):
    training, samples = make_images(50, 0), make_images(10, 1)
    expected = nearest_rows(image_rows("s", samples), image_rows("t", training))
    monkeypatch.setattr(distances_module, "BLOCK_VALUES", 30 * 7)  # 7 images a block, the last 1
    indices, distances = nearest_rows(samples, training)
    assert np.array_equal(indices, expected[0]) and np.array_equal(distances, expected[1])


def test_one_changed_pixel_is_one_grey_level_away():
    training = make_images(50, 0)
    sample = training[[9]]
    sample[0, 2, 2, 0] ^= 1
    indices, distances = nearest_rows(sample, training)
    assert indices[0] == 9 and distances[0] == pytest.approx(1 / 255, rel=1e-4)


def test_scaled_images_and_other_widths_are_refused():
    images = make_images(5, 2)
    with pytest.raises(ValueError, match="samples with dtype float64"):
        nearest_rows(images / 255, images)
    with pytest.raises(ValueError, match="uint8"):
        image_rows("images", images / 127.5 - 1)
    with pytest.raises(ValueError, match="rows of 30 and of 25 dimensions"):
        nearest_rows(images, images[:, :5])
