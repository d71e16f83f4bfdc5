"""The mixture's formulas against scipy and scikit-learn, and where they could break."""

import warnings

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from baselines.gmm.em import (
    Mixture,
    em_step,
    expectation,
    from_assignment,
    log_density,
    log_joint,
    maximization,
)
from baselines.parts.kmeans import k_means

FLOOR = 1e-3


def clusters(count=300, dims=5, groups=3, seed=0):
    """Overlapping Gaussians of different shapes."""
    random = np.random.default_rng(seed)
    rows = [
        random.normal(size=(count // groups, dims)) @ random.normal(size=(dims, dims))
        + random.normal(0, 3, dims)
        for _ in range(groups)
    ]
    return np.concatenate(rows)


def started(x, k, seed=0):
    assignment = tf.constant(k_means(x, k, seed))
    floor = tf.constant(FLOOR, tf.float64)
    return from_assignment(tf.constant(x), assignment, tf.constant(k), floor)


def iterated(x, parameters, floor=FLOOR):
    """The score before an iteration of EM, and the parameters after it."""
    score, *parameters = em_step(tf.constant(x), *parameters, tf.constant(floor, tf.float64))
    return float(score), parameters


def mixture_of(parameters):
    return Mixture(*(array.numpy() for array in parameters))


def test_the_density_is_the_chapters_formula():
    x, random = clusters(60), np.random.default_rng(1)
    p, mu = np.array([0.2, 0.5, 0.3]), random.normal(size=(3, 5))
    roots = random.normal(size=(3, 5, 5))
    sigma = roots @ roots.transpose(0, 2, 1) + np.eye(5)
    parts = [
        weight * multivariate_normal(mean, matrix).pdf(x)
        for weight, mean, matrix in zip(p, mu, sigma, strict=True)
    ]
    found = log_joint(*map(tf.constant, (x, p, mu, sigma))).numpy()
    assert np.allclose(found, np.log(np.transpose(parts)), atol=1e-10)
    total = log_density(x, Mixture(p, mu, sigma))
    assert np.allclose(total, np.log(np.sum(parts, axis=0)), atol=1e-10)


def test_em_is_scikit_learns_from_the_same_start():
    x, held_out = clusters(), clusters(seed=5)
    parameters = started(x, 4)
    p, mu, sigma = mixture_of(parameters)
    reference = GaussianMixture(
        4,
        weights_init=p,
        means_init=mu,
        precisions_init=np.linalg.inv(sigma),
        reg_covar=FLOOR,
        max_iter=15,
        tol=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        reference.fit(x)
    for _ in range(15):
        _, parameters = iterated(x, parameters)
    mixture = mixture_of(parameters)
    for rows in (x, held_out):
        difference = log_density(rows, mixture) - reference.score_samples(rows)
        assert np.abs(difference).max() < 1e-4
    assert np.allclose(mixture.p, reference.weights_)


def test_the_likelihood_never_falls_and_is_that_of_the_parameters_before_the_step():
    x = clusters()
    parameters, scores = started(x, 3), []
    for _ in range(12):
        expected = log_density(x, mixture_of(parameters)).mean()
        score, parameters = iterated(x, parameters, floor=1e-9)
        assert score == pytest.approx(expected, abs=1e-12)
        scores.append(score)
    assert np.all(np.diff(scores) > -1e-9)
    assert scores[-1] > scores[0] + 0.01


def test_rows_far_from_every_component_in_many_dimensions_keep_their_shares():
    """Every density is 0 in floating-point numbers there; the logarithms are not."""
    x = tf.constant(np.full((2, 64), [[100.0], [-100.0]]))
    p, mu = np.array([0.5, 0.5]), np.array([np.full(64, 1.0), np.full(64, -1.0)])
    sigma = np.tile(np.eye(64), (2, 1, 1))
    log_p, r = expectation(x, *map(tf.constant, (p, mu, sigma)))
    assert np.exp(log_p.numpy()).max() == 0.0
    assert np.isfinite(log_p.numpy()).all()
    assert np.allclose(r.numpy(), np.eye(2))


def test_the_m_step_on_four_rows_by_hand():
    x = tf.constant([[0.0, 0.0], [2.0, 0.0], [10.0, 1.0], [10.0, 3.0]], tf.float64)
    r = tf.constant([[1, 0], [1, 0], [0, 1], [0, 1]], tf.float64)
    floor = tf.constant(0.5, tf.float64)
    p, mu, sigma = maximization(x, r, floor)
    assert np.allclose(p, [0.5, 0.5])
    assert np.allclose(mu, [[1, 0], [10, 2]])
    assert np.allclose(sigma, [[[1.5, 0], [0, 0.5]], [[0.5, 0], [0, 1.5]]])
