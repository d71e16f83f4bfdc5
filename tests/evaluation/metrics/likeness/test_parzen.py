"""The Parzen window against scikit-learn, and on the published protocol."""

import math

import numpy as np
import pytest
from sklearn.neighbors import KernelDensity

from evaluation.metrics import distances
from evaluation.metrics.likeness.parzen import SIGMAS, log_likelihoods, parzen_score


def by_scikit_learn(samples, points, sigma):
    density = KernelDensity(kernel="gaussian", bandwidth=sigma, rtol=0).fit(samples)
    return density.score_samples(points)


@pytest.mark.parametrize("columns", [5, 784])
def test_equals_scikit_learn_up_to_the_size_of_an_image(monkeypatch, columns):
    monkeypatch.setattr(distances, "CHUNK_BYTES", 2_000)  # several pieces, the last smaller
    generator, sigmas = np.random.default_rng(1), (0.1, 0.2154, 1.0)
    samples, points = generator.random((60, columns)), generator.random((37, columns))
    expected = [by_scikit_learn(samples, points, sigma) for sigma in sigmas]
    np.testing.assert_allclose(log_likelihoods(samples, points, sigmas), expected, atol=1e-8)


def test_float32_pixels_lose_nothing():
    generator = np.random.default_rng(2)
    samples = generator.integers(0, 256, (50, 784)) / np.float32(255)
    same = log_likelihoods(samples.astype(np.float64), samples.astype(np.float64), [0.1])
    assert np.array_equal(log_likelihoods(samples, samples, [0.1]), same)


def test_a_point_far_from_every_sample_has_a_finite_density():
    """exp underflows to 0 for each sample; the sum must not be taken before the logarithm."""
    ((value,),) = log_likelihoods(np.zeros((3, 784)), np.ones((1, 784)), [0.1])
    expected = -784 / (2 * 0.01) - 784 * math.log(0.1 * math.sqrt(2 * math.pi))
    assert value == pytest.approx(expected)


def test_the_grid_is_the_published_one():
    published = [0.1, 0.1292, 0.1668, 0.2154, 0.2783, 0.3594, 0.4642, 0.5995, 0.7743, 1.0]
    np.testing.assert_allclose(SIGMAS, published, atol=5e-5)


def test_sigma_is_chosen_on_validation_points_only():
    generator = np.random.default_rng(3)
    samples, validation = generator.normal(size=(2, 400, 2)) * 0.5
    means = [by_scikit_learn(samples, validation, sigma).mean() for sigma in SIGMAS]
    score = parzen_score(samples, validation, test=validation[:7] + 100)  # another place
    assert score["sigma"] == SIGMAS[int(np.argmax(means))]


def test_only_the_first_1000_validation_points_choose():
    samples = np.random.default_rng(4).random((50, 3))
    validation = np.concatenate([samples.repeat(20, axis=0), samples.repeat(100, axis=0) + 5])
    assert parzen_score(samples, validation, samples)["sigma"] == SIGMAS[0]
    # all of them would choose otherwise:
    assert log_likelihoods(samples, validation, SIGMAS).mean(axis=1).argmax() == 9


def test_score_is_the_mean_with_its_standard_error():
    generator = np.random.default_rng(5)
    samples, validation, test = generator.random((3, 20, 4))
    score = parzen_score(samples, validation, test)
    values = by_scikit_learn(samples, test, score["sigma"])
    assert score["value"] == pytest.approx(values.mean())
    assert score["standard_error"] == pytest.approx(values.std() / math.sqrt(20))


def test_input_without_an_answer_is_refused():
    rows = np.zeros((3, 2))
    with pytest.raises(ValueError, match="at least 1"):
        log_likelihoods(rows[:0], rows, [1])
    with pytest.raises(ValueError, match="NaN"):
        log_likelihoods(rows, rows * math.nan, [1])
    with pytest.raises(ValueError, match="dimensions"):
        log_likelihoods(rows, np.zeros((3, 4)), [1])
