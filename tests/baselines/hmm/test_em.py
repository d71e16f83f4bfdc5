"""Baum-Welch against all paths of a tiny model, and against hmmlearn."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from hmmlearn.hmm import CategoricalHMM, GaussianHMM

from baselines.hmm.em import backward, forward, normalized, posteriors
from baselines.hmm.emissions import Categorical, Gaussian
from baselines.hmm.fit import HmmLearner, Sequences
from tests.baselines.shared import settings_of

STATES, SYMBOLS = 3, 4


def parameters(states=STATES, symbols=SYMBOLS, seed=0):
    random = np.random.default_rng(seed)
    rows = random.dirichlet(np.ones(symbols), states)
    b = np.concatenate([np.zeros((states, 1)), rows], axis=1)  # code 0: unknown
    return random.dirichlet(np.ones(states)), random.dirichlet(np.ones(states), states), b


def likelihood(codes, b):
    """b_j(x_t), (T, S, N), of codes (T, S)."""
    found, _ = Categorical(b.shape[1], 0.0).likelihood(tf.constant(codes, tf.int32), tf.constant(b))
    return found


def all_paths(codes, pi, a, b):
    """p(x), gamma (T, N) and xi (N, N) of one stream, summed over every path of states."""
    steps, states = len(codes), len(pi)
    shown = np.where(codes[:, None] == 0, 1.0, b[:, codes].T)  # (T, N)
    total, gamma, xi = 0.0, np.zeros((steps, states)), np.zeros((states, states))
    for path in itertools.product(range(states), repeat=steps):
        p = pi[path[0]] * shown[0, path[0]]
        for t in range(1, steps):
            p *= a[path[t - 1], path[t]] * shown[t, path[t]]
        total += p
        for t in range(steps):
            gamma[t, path[t]] += p
        for i, j in itertools.pairwise(path):
            xi[i, j] += p
    return total, gamma / total, xi / total


@pytest.mark.parametrize("codes", [[1, 2, 4, 3, 1], [2], [4, 4, 1], [1, 0, 0, 3, 2]])
def test_the_recursions_are_the_sum_over_all_paths(codes):
    codes, (pi, a, b) = np.array(codes), parameters()
    total, gamma, xi = all_paths(codes, pi, a, b)
    b_of_x = likelihood(codes[:, None], b)
    found = posteriors(
        b_of_x, tf.constant(pi), tf.constant(a), tf.ones((len(codes), 1), tf.float64)
    )
    assert float(tf.reduce_sum(tf.math.log(found[2]))) == pytest.approx(np.log(total))
    assert np.allclose(found[0][:, 0], gamma)
    assert np.allclose(found[1], xi)


def test_a_long_stream_neither_underflows_nor_loses_its_sums():
    pi, a, b = parameters()
    codes = np.random.default_rng(1).integers(1, SYMBOLS + 1, (3000, 2))
    b_of_x = likelihood(codes, b)
    alpha, c = tf.function(forward)(b_of_x, tf.constant(pi), tf.constant(a))
    beta = tf.function(backward)(b_of_x, tf.constant(a), c)
    assert -5000 < float(tf.reduce_sum(tf.math.log(c[:, 0]))) < -3000
    assert np.allclose(tf.reduce_sum(alpha * beta, axis=2), 1.0)


def compare(series, emission, start, reference, first_code=0):
    """Five iterations from the same start, three streams of different lengths, two at a time."""
    lengths, steps = [len(each) for each in series], max(map(len, series))
    x = np.stack([np.pad(s, [(0, steps - len(s))] + [(0, 0)] * (s.ndim - 1)) for s in series], 1)
    real = np.stack([np.arange(steps) < length for length in lengths], axis=1).astype(np.float64)
    train, none = Sequences(x, real, sum(lengths)), Sequences(x[:, :0], real[:, :0], 0)
    settings = settings_of("hmm", "shakespeare", states=STATES, batch_size=2, smoothing=1e-9)
    learner = HmmLearner(train, none, emission, settings, "step")
    for variable, value in zip(learner.parameters, start, strict=True):
        variable.assign(value)
    for epoch in range(5):
        learner.begin_epoch(epoch, 0)
        learner.train_steps(epoch, 0, learner.steps)
        learner.end_epoch(epoch)
    reference.startprob_, reference.transmat_ = start[:2]
    reference.fit(np.concatenate(series).reshape(sum(lengths), -1) - first_code, lengths)
    model = learner.model()
    assert np.allclose(model.pi, reference.startprob_)
    assert np.allclose(model.a, reference.transmat_)
    assert float(learner.last) == pytest.approx(reference.monitor_.history[-1] / sum(lengths))
    return model.emission


GIVEN = {"n_iter": 5, "tol": -np.inf, "init_params": ""}


def test_categorical_emissions_learn_what_hmmlearn_learns():
    pi, a, b = parameters(seed=2)
    random = np.random.default_rng(3)
    series = [random.integers(1, SYMBOLS + 1, length) for length in (40, 25, 33)]
    reference = CategoricalHMM(STATES, **GIVEN)
    reference.emissionprob_, reference.n_features = b[:, 1:], SYMBOLS
    (found,) = compare(series, Categorical(SYMBOLS + 1, 0.0), (pi, a, b), reference, first_code=1)
    assert np.allclose(found[:, 1:], reference.emissionprob_)
    assert not found[:, 0].any()


def test_gaussian_emissions_learn_what_hmmlearn_learns():
    pi, a, _ = parameters(seed=4)
    random = np.random.default_rng(5)
    series = [random.normal(size=(length, 2)) * [1, 3] + length for length in (40, 25, 33)]
    mu, variance = random.normal(33, 5, (STATES, 2)), random.uniform(5, 20, (STATES, 2))
    reference = GaussianHMM(STATES, "diag", covars_prior=0.0, **GIVEN)
    reference.means_, reference.covars_ = mu, variance
    found = compare(series, Gaussian(2, floor=0.0), (pi, a, mu, variance), reference)
    assert np.allclose(found[0], reference.means_)
    assert np.allclose(found[1], np.diagonal(reference.covars_, axis1=1, axis2=2))


def test_densities_too_small_for_a_number_are_compared_by_their_logarithms():
    """28 pixels far from every state: all densities are 0, and yet one state is nearer."""
    x = tf.fill((1, 1, 28), tf.constant(100.0, tf.float64))
    mu, variance = np.array([np.zeros(28), np.ones(28)]), np.full((2, 28), 0.01)
    found, logarithms = Gaussian(28, 0.0).likelihood(x, tf.constant(mu), tf.constant(variance))
    assert found[0, 0].numpy().tolist() == [0.0, 1.0]
    assert np.exp(logarithms.numpy()).max() == 0.0
    expected = -0.5 * 28 * (np.log(2 * np.pi * 0.01) + 99.0**2 / 0.01)
    assert float(logarithms[0, 0]) == pytest.approx(expected)


def test_counts_become_probabilities():
    counts = tf.constant([[1.0, 3.0], [0.0, 0.0]], tf.float64)
    assert np.allclose(normalized(counts, tf.constant(0.0, tf.float64)), [[0.25, 0.75], [0.5, 0.5]])
    assert np.allclose(
        normalized(counts, tf.constant(1.0, tf.float64)), [[1 / 3, 2 / 3], [0.5, 0.5]]
    )


def test_smoothing_leaves_nothing_impossible_but_the_unknown():
    emission = Categorical(4, smoothing=0.5)
    b = emission.update([tf.constant([[7.0, 2.0, 0.0, 0.0]], tf.float64)])[0].numpy()
    assert np.allclose(b, [[0, 2.5 / 3.5, 0.5 / 3.5, 0.5 / 3.5]])
