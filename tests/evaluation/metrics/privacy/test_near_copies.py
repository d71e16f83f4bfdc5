"""Planted near copies are found, and nothing else; the nearest two against a plain search."""

import numpy as np
import pytest

from evaluation.metrics.privacy import near_copies as copies
from evaluation.metrics.privacy.near_copies import (
    near_copies,
    share_nearer_to_training,
    two_nearest,
)
from foundation.errors import InputError

GENERATOR = np.random.default_rng(0)
TRAINING = GENERATOR.integers(0, 256, (60, 5, 5, 1), dtype=np.uint8)
SAMPLES = GENERATOR.integers(0, 256, (40, 5, 5, 1), dtype=np.uint8)


@pytest.mark.parametrize("block_values", [2**26, 25 * 7, 25])
def test_the_two_nearest_are_those_of_a_plain_search(monkeypatch, block_values):
    monkeypatch.setattr(copies, "BLOCK_VALUES", block_values)  # all at once, 7 or 1 at a time
    indices, first, second = two_nearest(SAMPLES, TRAINING)
    rows = [images.reshape(len(images), -1) / 255 for images in (SAMPLES, TRAINING)]
    distances = np.linalg.norm(rows[0][:, None] - rows[1][None], axis=2)
    assert indices.tolist() == distances.argmin(axis=1).tolist()
    expected = np.sort(distances, axis=1)[:, :2]
    np.testing.assert_allclose(np.column_stack([first, second]), expected, rtol=1e-4)


def test_planted_copies_are_found_with_their_originals_and_nothing_else():
    samples = SAMPLES.copy()
    samples[3] = TRAINING[50]
    noise = GENERATOR.integers(-12, 13, (5, 5, 1))
    samples[17] = np.clip(TRAINING[8].astype(int) + noise, 0, 255)
    found, originals = near_copies(samples, TRAINING)
    assert np.flatnonzero(found).tolist() == [3, 17]
    assert originals[[3, 17]].tolist() == [50, 8]
    assert not near_copies(SAMPLES, TRAINING)[0].any()


def test_the_limit_is_half_the_way_to_the_second_nearest():
    training = np.zeros((2, 1, 10, 1), np.uint8)
    training[1] = 90
    for level, expected in ((29, True), (31, False)):  # 30 is half as far from 0 as from 90
        sample = np.full((1, 1, 10, 1), level, np.uint8)
        assert near_copies(sample, training)[0].tolist() == [expected]


def test_copies_lie_nearer_to_training_images_than_to_held_out_ones():
    held_out = GENERATOR.integers(0, 256, (45, 5, 5, 1), dtype=np.uint8)
    honest = GENERATOR.integers(0, 256, (400, 5, 5, 1), dtype=np.uint8)
    share = share_nearer_to_training(honest, TRAINING, held_out)
    assert abs(share["value"] - 0.5) < 0.12 and share["compared_with"] == 45
    assert share["low"] < share["value"] < share["high"]
    copied = np.concatenate([TRAINING, honest[:20]])
    assert share_nearer_to_training(copied, TRAINING, held_out)["low"] > 0.65
    tie = share_nearer_to_training(honest, held_out, held_out)
    assert tie["value"] == 0.5


def test_too_few_images_are_refused():
    with pytest.raises(InputError, match="at least 2"):
        near_copies(SAMPLES, TRAINING[:1])
    with pytest.raises(InputError, match="no images"):
        share_nearer_to_training(SAMPLES, TRAINING, TRAINING[:0])
