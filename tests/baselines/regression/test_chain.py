"""Chained regressions: what their parts say, and their rows against the real ones."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import LeaveOneOut, cross_val_predict

from baselines.registry import fit
from baselines.regression.chain import STRENGTHS, Linear, Logistic, ridge_regression
from data.source import TABLE
from data.tables.dataset import Column, Table, TableDataset
from tests.baselines.shared import settings_of
from tests.tables import mixed_dataset


@pytest.fixture(scope="module")
def fitted():
    return fit("regression", TABLE, mixed_dataset(), settings_of("regression"))


@pytest.mark.parametrize(("n", "noise"), [(40, 1.0), (9, 4.0)])
def test_leaving_one_out_chooses_the_ridge_and_scales_the_residuals(n, noise):
    """Against a fit for every row that is left out."""
    generator = np.random.default_rng(0)
    rows = generator.normal(2, 1, (n, 6))
    y = rows @ np.arange(6) + 5 + generator.normal(0, noise, n)
    left_out = {
        strength: y - cross_val_predict(Ridge(strength), rows, y, cv=LeaveOneOut())
        for strength in STRENGTHS
    }
    best = min(left_out, key=lambda strength: (left_out[strength] ** 2).mean())
    weights, bias, residuals = ridge_regression(rows, y)
    expected = Ridge(best).fit(rows, y)
    assert np.allclose(weights, expected.coef_) and bias == pytest.approx(expected.intercept_)
    raw = y - expected.predict(rows)
    leverages = 1 - raw / left_out[best]
    assert ((leverages > 0) & (leverages < 1)).all()
    assert np.allclose(residuals, raw / np.sqrt(1 - leverages))


def test_as_many_columns_as_rows_are_left_need_a_large_ridge():
    """Any small one fits these rows exactly, and misses by far the row that it has not seen."""
    weights, bias, _ = ridge_regression(np.array([[0.0, 1], [1, 0], [2, 2]]), np.array([0.0, 1, 0]))
    assert np.allclose(weights, [0.0, -0.001], atol=1e-5)
    assert bias == pytest.approx(1 / 3, abs=2e-3)


def test_a_regression_on_nothing_is_the_mean():
    weights, bias, residuals = ridge_regression(np.empty((4, 0)), np.array([1.0, 2.0, 3.0, 6.0]))
    assert weights.shape == (0,) and bias == 3.0
    assert np.allclose(residuals, np.array([-2, -1, 0, 3]) / np.sqrt(0.75))


@pytest.mark.parametrize("codes", [(0, 1), (0, 1, 2, 3), (1, 3), (2, 0, 3)])
def test_probabilities_are_scikit_learns_and_0_for_what_was_never_seen(codes):
    generator = np.random.default_rng(0)
    rows = generator.normal(0, 1, (200, 3))
    utility = rows @ np.ones((3, len(codes))) + generator.gumbel(size=(200, len(codes)))
    y = np.array(codes)[utility.argmax(axis=1)]
    expected = np.zeros((200, 4))
    expected[:, sorted(codes)] = LogisticRegression().fit(rows, y).predict_proba(rows)
    found = Logistic.fit(rows, y, 4).probabilities(rows)
    assert np.allclose(found, expected, atol=1e-12)


def test_a_category_that_was_always_seen_is_always_drawn():
    model = Logistic.fit(np.ones((5, 2)), np.full(5, 2), 3)
    assert model.probabilities(np.zeros((1, 2))).tolist() == [[0.0, 0.0, 1.0]]


def test_without_rows_before_it_a_category_is_drawn_by_its_share():
    codes = np.repeat([0, 1, 2], [60, 30, 10])
    model = Logistic.fit(np.empty((100, 0)), codes, 3)
    assert model.probabilities(np.empty((1, 0)))[0] == pytest.approx([0.6, 0.3, 0.1], abs=1e-3)
    u = (np.arange(10_000) + 0.5) / 10_000
    drawn = np.bincount(model.draw(np.empty((10_000, 0)), u), minlength=3) / 10_000
    assert drawn == pytest.approx([0.6, 0.3, 0.1], abs=2e-3)


def test_residuals_are_drawn_from_those_of_the_same_class():
    generator = np.random.default_rng(0)
    labels = np.arange(400) % 2
    values = generator.normal(0, np.where(labels == 0, 0.1, 3.0))
    link = Linear.fit(np.empty((400, 0)), values, labels)
    u = generator.random(4000)
    drawn = link.draw(np.empty((4000, 0)), np.arange(4000) % 2, u)
    assert drawn[::2].std() == pytest.approx(values[::2].std(), rel=0.05)
    assert drawn[1::2].std() == pytest.approx(values[1::2].std(), rel=0.05)


def test_a_category_follows_from_the_columns_before_it():
    """Drawn by its share alone it would be right every second time."""
    generator = np.random.default_rng(0)
    x = generator.normal(0, 1, 500)
    table = Table(
        (Column("x", decimals=3), Column("sign", ("no", "yes")), Column("shape", ("0", "1"))),
        np.stack([np.round(x, 3), x > 0, generator.random(500) < 0.5], axis=1).astype(float),
        "shape",
    )
    model = fit("regression", TABLE, TableDataset("t", table, table, table), None)
    made = model.sample(0, 0, 2000, np.zeros(2000, np.int64))
    assert ((made.column("x") > 0) == (made.column("sign") == 1)).mean() > 0.9


def test_the_target_comes_first_wherever_it_stands(fitted):
    assert fitted.order == [4, 0, 1, 2, 3] and fitted.links[0] is None


def test_stored_residuals_do_not_tell_which_row_they_were_of(fitted):
    for name, values in fitted.arrays().items():
        if name.startswith("residuals"):
            counts = fitted.arrays()[name.replace("residuals", "counts")]
            for part in np.split(values, np.cumsum(counts)[:-1]):
                assert (np.diff(part) >= 0).all()
