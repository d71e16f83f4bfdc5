"""A planted copy is found; distances equal those of a plain loop."""

import math

import numpy as np
import pytest

from evaluation.metrics import distances as distances_module
from evaluation.metrics.arrays import image_rows
from evaluation.metrics.privacy import nearest as memorisation
from evaluation.metrics.privacy.nearest import (
    exact_copies,
    nearest_images,
    nearest_rows,
    nearest_training_images,
)


def make_images(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, 6, 5, 1), dtype=np.uint8)


def test_nearest_rows_equal_a_plain_loop(monkeypatch):
    monkeypatch.setattr(distances_module, "CHUNK_BYTES", 1_000)
    generator = np.random.default_rng(0)
    samples, training = generator.random((23, 8)), generator.random((40, 8))
    indices, distances = nearest_rows(samples, training)
    for sample, index, distance in zip(samples, indices, distances, strict=True):
        every = [math.dist(sample, row) for row in training]
        assert index == int(np.argmin(every))
        assert distance == pytest.approx(min(every), rel=1e-6)


def test_a_planted_copy_is_found():
    training, samples = make_images(50, 0), make_images(10, 1)
    samples[3] = training[17]
    assert np.flatnonzero(exact_copies(samples, training)).tolist() == [3]
    indices, distances = nearest_rows(image_rows("s", samples), image_rows("t", training))
    assert indices[3] == 17 and distances[3] == 0.0
    assert (np.delete(distances, 3) > 0.5).all()


def test_one_changed_pixel_is_no_exact_copy_but_is_near():
    training = make_images(50, 0)
    sample = training[[9]]
    sample[0, 2, 2, 0] ^= 1
    assert not exact_copies(sample, training).any()
    indices, distances = nearest_rows(image_rows("s", sample), image_rows("t", training))
    assert indices[0] == 9 and distances[0] == pytest.approx(1 / 255, rel=1e-4)


def test_the_picture_puts_each_sample_before_its_neighbour_nearest_pair_first():
    training, samples = make_images(5, 2), make_images(3, 3)
    pairs = nearest_training_images(samples, training, np.array([4, 0, 2]), np.array([3.0, 1, 2]))
    expected = [samples[1], training[0], samples[2], training[2], samples[0], training[4]]
    assert np.array_equal(pairs, np.stack(expected))


def test_scaled_images_are_refused_by_name():
    training = make_images(5, 2)
    with pytest.raises(ValueError, match="samples with dtype float64"):
        exact_copies(training / 255, training)
    with pytest.raises(ValueError, match="uint8"):
        image_rows("images", training / 127.5 - 1)


def test_nearest_images_are_found_across_blocks(monkeypatch):
    training, samples = make_images(50, 0), make_images(10, 1)
    expected = nearest_rows(image_rows("s", samples), image_rows("t", training))
    monkeypatch.setattr(memorisation, "BLOCK_VALUES", 30 * 7)  # 7 images a block, the last 1
    indices, distances = nearest_images(samples, training)
    assert np.array_equal(indices, expected[0]) and np.array_equal(distances, expected[1])
