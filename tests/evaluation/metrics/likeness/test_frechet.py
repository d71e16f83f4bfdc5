"""The Frechet distance against scipy's matrix root, closed forms, and hopeless inputs."""

import numpy as np
import pytest
import scipy.linalg

from evaluation.metrics.likeness.frechet import frechet_distance


def by_matrix_root(a, b):
    """The textbook formula, literally."""
    covariance_a, covariance_b = np.cov(a.T), np.cov(b.T)
    root = scipy.linalg.sqrtm(covariance_a @ covariance_b).real
    shift = a.mean(0) - b.mean(0)
    return shift @ shift + np.trace(covariance_a + covariance_b - 2 * root)


def test_equals_the_formula_with_scipys_root():
    generator = np.random.default_rng(0)
    a = generator.normal(size=(300, 6)) @ generator.normal(size=(6, 6))
    b = generator.normal(size=(200, 6)) @ generator.normal(size=(6, 6)) + 1
    assert frechet_distance(a, b) == pytest.approx(by_matrix_root(a, b), rel=1e-9)


def test_dead_features_and_fewer_samples_than_dimensions_stay_real():
    generator = np.random.default_rng(2)
    a, b = generator.normal(size=(10, 64)), generator.normal(size=(12, 64))
    a[:, ::2] = 0
    distance = frechet_distance(a, b)
    assert np.isfinite(distance) and distance > 0
    collapsed = np.zeros((10, 64))  # a generator that draws one picture
    expected = b.mean(0) @ b.mean(0) + np.cov(b.T).trace()
    assert frechet_distance(collapsed, b) == pytest.approx(expected, rel=1e-12)


def test_one_dimension():
    assert frechet_distance([[0.0], [2.0]], [[5.0], [7.0]]) == pytest.approx(25)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros((1, 3)), np.zeros((5, 3)), "features_a with 1 samples"),
        (np.zeros((5, 3)), np.full((5, 3), np.nan), "features_b with NaN"),
        (np.zeros((5, 3)), np.full((5, 3), np.inf), "infinite"),
        (np.zeros((5, 3)), np.zeros((5, 4)), "same number of dimensions"),
        (np.zeros(5), np.zeros((5, 4)), "shape"),
    ],
)
def test_input_without_an_answer_is_refused(a, b, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(a, b)
