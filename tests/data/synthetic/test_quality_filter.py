"""Which samples the filter takes out, and why: planted copies, strays and doubtful ones."""

import json

import numpy as np

from data.synthetic.provenance import Samples
from data.synthetic.quality_filter import (
    DOUBTFUL,
    EXACT,
    FAR,
    NEAR,
    REPEATED,
    distance_limits,
    quality_filter,
)

GENERATOR = np.random.default_rng(0)
TRAINING = GENERATOR.integers(0, 256, (30, 4, 4, 1), dtype=np.uint8)
MADE = GENERATOR.integers(0, 256, (10, 4, 4, 1), dtype=np.uint8)
LABELS = np.arange(10) % 2


def filtered(samples=MADE, **limits):
    return quality_filter(Samples("made", samples, LABELS), TRAINING, **limits)


def test_without_limits_only_copies_and_repetitions_go():
    samples = MADE.copy()
    samples[3] = TRAINING[17]
    samples[8] = samples[2]
    found = filtered(samples)
    assert np.flatnonzero(~found.kept).tolist() == [3, 8]
    assert found.report["kept"] == 8
    assert found.report["dropped"] == {EXACT: 1, REPEATED: 1, NEAR: 0, FAR: 0, DOUBTFUL: 0}
    assert found.report["kept_by_class"] == [4, 4] and found.report["count_by_class"] == [5, 5]
    json.dumps(found.report, allow_nan=False)


def test_limits_of_distance_and_confidence():
    distances = np.array([0.1, 1, 1, 0.5, 9, 9, 5, 1, 1, 1])
    confidence = np.array([0.1, 0.2, 0.9, 0.9, 0.1, 0.1, 0.9, 0.5, 0.9, 0.9])
    found = filtered(
        distances=distances,
        nearer_than=0.5,
        farther_than=5.0,
        confidence=confidence,
        min_confidence=0.5,
    )
    assert np.flatnonzero(~found.kept).tolist() == [0, 1, 4, 5]  # the limits themselves are kept
    # the first reason counts
    assert found.report["dropped"] == {EXACT: 0, REPEATED: 0, NEAR: 1, FAR: 2, DOUBTFUL: 1}


def test_limits_come_from_real_samples_that_nobody_trained_on():
    real = np.arange(101.0)
    assert distance_limits(real, near=0.01, far=0.99) == (1.0, 99.0)
    assert distance_limits(real) == (None, None)


def test_no_sample_is_no_fault():
    found = quality_filter(Samples("made", MADE[:0], LABELS[:0]), TRAINING)
    assert found.kept.shape == (0,) and found.report["kept"] == 0
