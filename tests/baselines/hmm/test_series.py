"""Hidden Markov models of numbers: a csv file over time."""

import dataclasses

import numpy as np
import pytest

from baselines.hmm.series import SeriesHmm, SeriesLearner
from data.tables.dataset import Column
from data.tables.series import SeriesDataset, load_series
from tests.baselines.shared import settings_of


def test_the_states_that_made_a_series_are_found_again_in_its_own_units(model_of, true_series):
    found = model_of("series")
    mean, deviation = np.transpose(found.encoding.parameters)
    mu = found.model.emission[0] * deviation + mean
    variance = found.model.emission[1] * deviation**2
    order = np.argsort(mu[:, 0])
    true = true_series.model
    assert np.allclose(mu[order], true.emission[0], atol=0.3)
    assert np.allclose(variance[order], true.emission[1], rtol=0.2)
    assert np.allclose(found.model.a[order][:, order], true.a, atol=0.05)
    many = found.sample(0, 0, 5, length=50)
    assert many.shape == (5, 50, 2) and found.table(many[0]).names == ["warm", "wet"]
    assert 5 < many[:, :, 0].min() < 11 and 17 < many[:, :, 0].max() < 30


def test_log_likelihood_is_in_the_units_of_the_data(model_of, data, true_series):
    """Near that of the model that made the series, and it moves with the units."""
    model, test = model_of("series"), load_series(data["series"].partition(":")[2]).test[None]
    found = model.log_likelihood(test)[0] / test.shape[1]
    expected = true_series.log_likelihood(test)[0] / test.shape[1]
    assert found == pytest.approx(expected, abs=0.1)
    scales = tuple(10 * scale for scale in model.encoding.parameters)
    tenfold = SeriesHmm(model.model, dataclasses.replace(model.encoding, parameters=scales))
    shifted = tenfold.log_likelihood(10 * test)[0] / test.shape[1]
    assert shifted == pytest.approx(found - 2 * np.log(10), abs=1e-9)


def test_likelihood_of_a_short_series_by_hand(true_series):
    x = np.array([[[10.5, -5.1], [19.0, 0.1]]])
    pi, a, (mu, variance) = true_series.model

    def density(t, state):
        squares = (x[0, t] - mu[state]) ** 2 / variance[state]
        return np.prod(np.exp(-squares / 2) / np.sqrt(2 * np.pi * variance[state]))

    paths = [pi[i] * density(0, i) * a[i, j] * density(1, j) for i in (0, 1) for j in (0, 1)]
    assert true_series.log_likelihood(x)[0] == pytest.approx(np.log(sum(paths)))


def test_the_last_stream_may_be_short_and_counts_only_its_steps():
    rows = np.random.default_rng(0).normal(size=(230, 3))
    data = SeriesDataset("x", tuple(map(Column, "abc")), rows, rows[:30], rows[:30])
    learner = SeriesLearner(data, settings_of("hmm", "csv:x", states=2))
    streams = learner.train
    assert streams.x.shape == (100, 3, 3) and streams.observations == 230
    assert streams.real.sum(axis=0).tolist() == [100, 100, 30]
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    assert np.allclose(streams.x.transpose(1, 0, 2)[streams.real.T > 0], scaled)
    learner.start()
    learner.train_steps(0, 0, learner.steps)
    first, xi = learner.counts[0].numpy(), learner.counts[1].numpy()
    assert first.sum() == pytest.approx(3)
    assert xi.sum() == pytest.approx(230 - 3)  # one transition less than steps in each stream
