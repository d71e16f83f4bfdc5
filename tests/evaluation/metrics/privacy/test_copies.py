"""Planted copies and near copies are found, and nothing else: of rows, images and tables."""

import numpy as np
import pytest

from data.tables.encoding import Encoding
from evaluation.metrics.privacy.copies import exact_copies, near_copies, nearer_to_training
from foundation.errors import InputError
from tests.tables import mixed_table

GENERATOR = np.random.default_rng(0)
TRAINING = GENERATOR.integers(0, 256, (60, 5, 5, 1), dtype=np.uint8)
SAMPLES = GENERATOR.integers(0, 256, (40, 5, 5, 1), dtype=np.uint8)


def rows_of(count, seed):
    return np.random.default_rng([3, seed]).normal(0, 1, (count, 6))


def test_planted_images_are_found_with_their_originals_and_nothing_else():
    samples = SAMPLES.copy()
    samples[3] = TRAINING[50]
    noise = GENERATOR.integers(-12, 13, (5, 5, 1))
    samples[17] = np.clip(TRAINING[8].astype(int) + noise, 0, 255)
    found, originals = near_copies(samples, TRAINING)
    assert np.flatnonzero(found).tolist() == [3, 17]
    assert originals[[3, 17]].tolist() == [50, 8]
    assert not near_copies(SAMPLES, TRAINING)[0].any()
    assert np.flatnonzero(exact_copies(samples, TRAINING)).tolist() == [3]


def test_a_planted_row_of_a_table_is_found_and_a_changed_one_is_not_exact():
    training, made = mixed_table(100, 0), mixed_table(20, 1)
    values = made.values.copy()
    values[3], values[4] = training.values[17], training.values[18]
    values[4, 1] += 0.1
    made = made.with_values(values)
    assert np.flatnonzero(exact_copies(made, training)).tolist() == [3]
    known, rows = map(Encoding.fit(training).encode, (training, made))
    assert {3, 4} <= set(np.flatnonzero(near_copies(rows, known)[0]))


def test_tables_are_compared_as_they_are_written():
    """A csv file keeps the decimals of the column, not the last bits of a sum."""
    training = mixed_table(50, 0)
    off = training.with_values(training.values + np.array([1e-9, -1e-9, 0, 0, 0]))
    assert exact_copies(off, training).all()


def test_near_is_half_the_way_to_the_next_training_sample():
    training = np.array([[0.0], [1.0], [5.0], [6.0]])
    rows = np.array([[0.5], [0.51], [0.45], [3.0], [5.2], [-0.4], [-0.6]])
    found, originals = near_copies(rows, training)
    assert found.tolist() == [True, True, True, False, True, True, False]
    assert originals[[2, 4, 5]].tolist() == [0, 2, 0]


def test_a_sample_far_from_everything_is_no_near_copy():
    """Its nearest training row is less than half as far as the second nearest, and yet far."""
    training = np.array([[0.0, 0], [0, 1], [9, 9]])
    assert near_copies(np.array([[2.5, -2.5], [14.0, 14.0]]), training)[0].tolist() == [
        False,
        False,
    ]


def test_of_training_samples_that_are_there_twice_only_exact_copies_count():
    training = TRAINING[[0, 0, 1]]
    samples = TRAINING[[0, 0]].copy()
    samples[1, 0, 0, 0] ^= 1
    assert near_copies(samples, training)[0].tolist() == [True, False]


def test_rows_nearer_to_training_rows_than_to_held_out_ones():
    training, held_out = rows_of(200, 0), rows_of(100, 1)
    copied = training[:80] + 1e-3
    found = nearer_to_training(copied, training[:100], held_out, np.random.default_rng(0))
    assert found["value"] == 1.0 and found["low"] > 0.9
    fresh = nearer_to_training(rows_of(400, 2), training, held_out, np.random.default_rng(0))
    assert fresh["low"] < 0.5 < fresh["high"] and fresh["compared_with"] == 100


def test_ties_count_half():
    rows = np.zeros((10, 1))
    found = nearer_to_training(rows, np.ones((5, 1)), -np.ones((5, 1)), np.random.default_rng(0))
    assert found["value"] == 0.5


def test_too_few_samples_are_refused():
    with pytest.raises(InputError, match="at least 2"):
        near_copies(SAMPLES, TRAINING[:1])
    with pytest.raises(InputError, match="no samples"):
        nearer_to_training(SAMPLES, TRAINING, TRAINING[:0], np.random.default_rng(0))
