"""Precision, recall, density, coverage against a slow version that spells out the definitions."""

import math

import numpy as np
import pytest

from evaluation.metrics import distances as distances_module
from evaluation.metrics.likeness.precision_recall import (
    precision_recall_density_coverage,
    squared_radii,
)


def slow_version(real, generated, k):
    """Plain Python, one pair at a time: no expanded square, no partition, no NumPy."""
    real, generated = real.tolist(), generated.tolist()

    def radius(samples, index):
        others = [math.dist(samples[index], s) for i, s in enumerate(samples) if i != index]
        return sorted(others)[k - 1]

    real_radius = [radius(real, i) for i in range(len(real))]
    generated_radius = [radius(generated, j) for j in range(len(generated))]
    in_real = [
        [math.dist(x, y) <= r for y in generated] for x, r in zip(real, real_radius, strict=True)
    ]
    in_generated = [
        [math.dist(x, y) <= r for x in real]
        for y, r in zip(generated, generated_radius, strict=True)
    ]
    return {
        "precision": sum(any(row[j] for row in in_real) for j in range(len(generated)))
        / len(generated),
        "recall": sum(any(row[i] for row in in_generated) for i in range(len(real))) / len(real),
        "density": sum(map(sum, in_real)) / (k * len(generated)),
        "coverage": sum(map(any, in_real)) / len(real),
    }


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("shift", [0.0, 0.7])
def test_equals_the_slow_version(k, shift, monkeypatch):
    generator = np.random.default_rng(0)
    real = generator.normal(size=(70, 3)) * 2 + 100  # far from 0: cancellation would show
    generated = generator.normal(size=(55, 3)) + 100 + shift
    monkeypatch.setattr(distances_module, "CHUNK_BYTES", 10_000)  # several pieces, the last smaller
    expected = slow_version(real, generated, k)
    assert precision_recall_density_coverage(real, generated, k) == pytest.approx(expected)


def test_a_sample_on_the_border_is_inside():
    """Both samples repeat a real one, which lies on the border of the other's ball."""
    real, generated = np.array([[0.1], [0.4]]), np.array([[0.1], [0.1]])
    found = precision_recall_density_coverage(real, generated, k=1)
    assert found == {"precision": 1.0, "recall": 0.5, "density": 2.0, "coverage": 1.0}


@pytest.mark.parametrize("scale", [0.1, 1 / 3, 1e-7])
@pytest.mark.parametrize("apart", [0, 5000])
def test_ties_are_decided_as_in_whole_numbers(scale, apart):
    """Points of a grid, where ties abound; some samples far off, which makes rounding coarser."""
    generator = np.random.default_rng(7)
    real = generator.integers(0, 6, (40, 3))
    generated = np.concatenate([real[:15], generator.integers(0, 6, (25, 3))])
    generated[30:] += apart
    expected = slow_version(real, generated, 3)
    found = precision_recall_density_coverage(real * scale, generated * scale, 3)
    assert found == pytest.approx(expected, abs=1e-12)


def test_what_is_outside_by_more_than_rounding_is_outside():
    real, generated = np.array([[0.1], [0.4]]), np.array([[0.1 - 1e-9], [0.1 - 1e-9]])
    found = precision_recall_density_coverage(real, generated, k=1)
    assert found["density"] == 1.0 and found["coverage"] == 0.5


def test_identical_constants_are_inside_closed_balls():
    """With open balls (<) every one of these figures would be 0."""
    rows = np.full((20, 7), 0.5)
    expected = {"precision": 1.0, "recall": 1.0, "density": 20 / 5, "coverage": 1.0}
    assert precision_recall_density_coverage(rows, rows.copy()) == expected


def test_duplicates_have_radius_zero():
    rows = np.repeat(np.random.default_rng(6).normal(size=(9, 64)), 6, axis=0)
    assert np.array_equal(squared_radii(rows, 5), np.zeros(54))


def test_input_without_an_answer_is_refused():
    five, six = np.zeros((5, 2)), np.zeros((6, 2))
    with pytest.raises(ValueError, match="generated features with 5 samples; at least 6"):
        precision_recall_density_coverage(six, five)
    with pytest.raises(ValueError, match="NaN"):
        precision_recall_density_coverage(six * np.nan, six)
