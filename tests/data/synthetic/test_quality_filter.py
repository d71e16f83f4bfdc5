"""Which samples the filter takes out, and why: planted copies, strays and doubtful ones."""

import json

import numpy as np
import pytest

from data.synthetic.provenance import Samples
from data.synthetic.quality_filter import (
    DOUBTFUL,
    EXACT,
    FAR,
    NEAR,
    REASONS,
    REPEATED,
    distance_limits,
    quality_filter,
)
from foundation.errors import InputError

GENERATOR = np.random.default_rng(0)
TRAINING = GENERATOR.integers(0, 256, (30, 4, 4, 1), dtype=np.uint8)
MADE = GENERATOR.integers(0, 256, (10, 4, 4, 1), dtype=np.uint8)
LABELS = np.arange(10) % 2


def filtered(samples=MADE, **limits):
    return quality_filter(Samples("made", samples, LABELS), TRAINING, **limits)


def reasons(found):
    return [REASONS[number] if number >= 0 else None for number in found.reason]


def test_without_limits_only_copies_and_repetitions_go():
    samples = MADE.copy()
    samples[3] = TRAINING[17]
    samples[8] = samples[2]
    found = filtered(samples)
    assert np.flatnonzero(~found.kept).tolist() == [3, 8]
    assert reasons(found)[3] == EXACT and reasons(found)[8] == REPEATED
    assert found.report["kept"] == 8 and found.report["dropped"][EXACT] == 1
    assert found.report["kept_by_class"] == [4, 4] and found.report["count_by_class"] == [5, 5]
    json.dumps(found.report, allow_nan=False)


def test_limits_of_distance_and_confidence():
    distances = np.array([0.1, 1, 1, 1, 9, 1, 1, 1, 1, 1])
    confidence = np.array([0.9, 0.2, 0.9, 0.9, 0.1, 0.5, 0.9, 0.9, 0.9, 0.9])
    found = filtered(
        distances=distances,
        nearer_than=0.5,
        farther_than=5.0,
        confidence=confidence,
        min_confidence=0.5,
    )
    expected = [NEAR, DOUBTFUL, None, None, FAR, None, None, None, None, None]
    assert reasons(found) == expected  # the first reason counts; the limit itself is kept
    assert sum(found.report["dropped"].values()) + found.report["kept"] == 10


def test_limits_come_from_real_samples_that_nobody_trained_on():
    real = np.arange(101.0)
    assert distance_limits(real, near=0.01, far=0.99) == (1.0, 99.0)
    assert distance_limits(real) == (None, None)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"nearer_than": 1.0}, "limit without distances"),
        ({"min_confidence": 0.5}, "limit without confidence"),
        ({"min_confidence": 0.5, "confidence": np.ones(9)}, r"shape \(9,\)"),
        ({"min_confidence": 0.5, "confidence": np.full(10, np.nan)}, "10 of them no numbers"),
    ],
)
def test_a_limit_needs_its_array(limits, message):
    with pytest.raises(InputError, match=message):
        filtered(**limits)


@pytest.mark.parametrize("bad", [np.array([]), np.array([1.0, np.nan])])
def test_a_limit_needs_real_distances(bad):
    with pytest.raises(InputError, match="real distances"):
        distance_limits(bad, near=0.1)
    with pytest.raises(InputError, match="quantile"):
        distance_limits(np.ones(3), near=1.5)


def test_no_sample_is_no_fault():
    found = quality_filter(Samples("made", MADE[:0], LABELS[:0]), TRAINING)
    assert found.kept.shape == (0,) and found.report["kept"] == 0
