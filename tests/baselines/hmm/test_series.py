"""Hidden Markov models of numbers: a csv file over time."""

import numpy as np
import pytest

from baselines.config import BaselineSettings
from baselines.hmm.fit import Hmm
from baselines.hmm.series import (
    SeriesLearner,
    draw_series,
    series_log_likelihood,
)
from baselines.registry import fit
from baselines.train import train
from data.source import SERIES
from data.tables.series import SeriesDataset, load_series
from tests.runs import history
from training.stored import load_run

TRUE = Hmm(
    np.array([0.999, 0.001]),
    np.array([[0.95, 0.05], [0.1, 0.9]]),
    (np.array([[10.0, -5.0], [20.0, 0.0]]), np.array([[1.0, 0.01], [4.0, 0.04]])),
)


@pytest.fixture(scope="module")
def csv_file(tmp_path_factory):
    rows = draw_series(TRUE, seed=0, start=0, count=1, length=1500)[0]
    path = tmp_path_factory.mktemp("series") / "series.csv"
    path.write_text("warm,wet\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows.tolist()))
    return path


def settings(data, out=None, **given) -> BaselineSettings:
    base = {"model": "hmm", "data": data, "quiet": True, "covariance_floor": 1e-6}
    base |= {} if out is None else {"out": str(out)}
    return BaselineSettings.resolve({**base, "epochs": 20, "states": 2, **given})


@pytest.fixture(scope="module")
def series_run(csv_file, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "series"
    train(settings(f"csv:{csv_file}", run, smoothing=1e-6, tolerance=1e-6))
    return run


def test_the_states_that_made_a_series_are_found_again(series_run):
    model = load_run(series_run, "baseline").generator
    mu = model.model.emission[0] * model.deviation + model.mean
    variance = model.model.emission[1] * model.deviation**2
    order = np.argsort(mu[:, 0])
    assert np.allclose(mu[order], TRUE.emission[0], atol=0.3)
    assert np.allclose(variance[order], TRUE.emission[1], rtol=0.2)
    assert np.allclose(model.model.a[order][:, order], TRUE.a, atol=0.05)
    assert set(history(series_run)[0]) == {"epoch", "log_likelihood", "validation_log_likelihood"}


def test_a_series_is_drawn_in_its_own_units_and_by_index(series_run):
    model = load_run(series_run, "baseline").generator
    many = model.sample(0, 0, 5, length=50)
    assert many.shape == (5, 50, 2) and model.column_names == ("warm", "wet")
    assert np.array_equal(model.sample(0, 3, 2, length=50), many[3:])
    assert np.array_equal(model.sample(0, 0, 5, length=20), many[:, :20])
    assert 5 < many[:, :, 0].min() < 11 and 17 < many[:, :, 0].max() < 30


def test_log_likelihood_is_in_the_units_of_the_data(series_run, csv_file):
    """Near that of the model that made the series, and it moves with the units."""
    model, data = load_run(series_run, "baseline").generator, load_series(str(csv_file))
    found = model.log_likelihood(data.test[None])[0] / len(data.test)
    expected = series_log_likelihood(TRUE, data.test[None])[0] / len(data.test)
    assert found == pytest.approx(expected, abs=0.1)
    tenfold = SeriesDataset("x", data.columns, 10 * data.train, 10 * data.validation, data.test)
    wider = fit("hmm", SERIES, tenfold, settings(f"csv:{csv_file}", smoothing=1e-6, tolerance=1e-6))
    shifted = wider.log_likelihood(10 * data.test[None])[0] / len(data.test)
    assert shifted == pytest.approx(found - 2 * np.log(10), abs=1e-3)


def test_likelihood_of_a_short_series_by_hand():
    x = np.array([[[10.5, -5.1], [19.0, 0.1]]])
    mu, variance = TRUE.emission

    def density(t, state):
        squares = (x[0, t] - mu[state]) ** 2 / variance[state]
        return np.prod(np.exp(-squares / 2) / np.sqrt(2 * np.pi * variance[state]))

    paths = [
        TRUE.pi[i] * density(0, i) * TRUE.a[i, j] * density(1, j) for i in (0, 1) for j in (0, 1)
    ]
    assert series_log_likelihood(TRUE, x)[0] == pytest.approx(np.log(sum(paths)))


def test_the_last_stream_may_be_short_and_counts_only_its_steps():
    rows = np.random.default_rng(0).normal(size=(230, 3))
    data = SeriesDataset("x", ("a", "b", "c"), rows, rows[:30], rows[:30])
    learner = SeriesLearner(data, settings("csv:x"))
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
