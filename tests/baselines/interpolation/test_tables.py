"""Rows between neighbours: categories by vote, as imbalanced-learn's; labels, storing."""

import itertools
import json

import numpy as np
import pytest
from imblearn.over_sampling import SMOTENC

from baselines.interpolation.neighbours import Neighbourhood
from baselines.interpolation.tables import TableInterpolation
from baselines.parts.draws import CHUNK
from baselines.registry import fit
from data.source import TABLE
from data.tables.dataset import TableDataset
from data.tables.encoding import Encoding
from tests.baselines.interpolation.draws import imblearn_draws
from tests.baselines.settings import settings_of
from tests.tables import mixed_dataset, mixed_table
from training.generator import Generator

K = 5


@pytest.fixture(scope="module")
def fitted():
    return fit("interpolation", TABLE, mixed_dataset(), settings_of("interpolation"))


def test_smote_nc_equals_imbalanced_learns_given_the_same_draws():
    """Five votes for two categories have no tie; for three, rows without one are compared."""
    table = mixed_table(90, 0)
    table = table.take(np.flatnonzero(table.labels == 1)[:40])
    encoding = Encoding.fit(table)
    rows = encoding.encode(table)  # every column of numbers has deviation 1, as SMOTE-NC's median
    numbers, colours = rows[:, :3], table.values[:, 3:4]
    others = np.concatenate([np.full((100, 3), 50.0), np.zeros((100, 1))], axis=1)
    matrix = np.concatenate([np.concatenate([numbers, colours], axis=1), others])
    labels = np.repeat([1, 0], [40, 100])
    sampler = SMOTENC(categorical_features=[3], random_state=3, k_neighbors=K)
    made = sampler.fit_resample(matrix, labels)[0][140:]
    found = Neighbourhood.of(rows, None, K)
    base, choice, steps = imblearn_draws(60, 40, 3, K)
    points = found.points(base, found.nearest[base, choice], steps)
    assert np.allclose(points[:, :3], made[:, :3], rtol=0, atol=1e-9)
    votes = TableInterpolation(found, encoding, 0)._votes(base, encoding.blocks[3])
    neighbours = np.floor(votes)  # without the half vote of the row itself
    ordered = np.sort(neighbours, axis=1)
    clear = ordered[:, -1] > ordered[:, -2]
    assert clear.sum() > 30
    assert np.array_equal(votes.argmax(axis=1)[clear], made[clear, 3])
    own = table.values[base, 3].astype(int)
    tied_with_own = ~clear & (neighbours[np.arange(60), own] == ordered[:, -1])
    assert np.array_equal(votes.argmax(axis=1)[tied_with_own], own[tied_with_own])


def test_in_a_small_class_only_true_neighbours_vote():
    """Class "ill" has three rows, all red; what fills the places of more is row 0, a blue one."""
    table = mixed_table(40, 0)
    values = table.values[np.argsort(-table.labels, kind="stable")]  # "well" first
    values = np.concatenate([values[values[:, 4] == 1][:20], values[values[:, 4] == 0][:3]])
    values[:20, 3], values[20:, 3] = 0, 2
    small = table.with_values(values)
    data = TableDataset("small", small, small, small)
    made = fit("interpolation", TABLE, data, settings_of("interpolation")).sample(
        0, 0, 50, np.zeros(50, np.int64)
    )
    assert (made.column("colour") == 2).all()


def test_samples_depend_on_seed_index_and_label_only(fitted):
    assert isinstance(fitted, Generator)
    labels = np.random.default_rng(0).integers(0, 2, CHUNK + 60)
    whole = fitted.sample(4, 0, CHUNK + 60, labels).values
    cuts = (0, 1, 130, CHUNK + 7, CHUNK + 60)
    parts = [
        fitted.sample(4, first, last - first, labels[first:last]).values
        for first, last in itertools.pairwise(cuts)
    ]
    assert np.array_equal(whole, np.concatenate(parts))
    assert not np.array_equal(whole, fitted.sample(5, 0, CHUNK + 60, labels).values)


def test_a_table_has_the_labels_asked_for_and_legal_values(fitted):
    labels = np.arange(100) % 2
    made = fitted.sample(0, 0, 100, labels)
    assert np.array_equal(made.labels, labels)
    train = mixed_dataset().train
    assert made.columns == train.columns
    assert (made.values.min(axis=0) >= train.values.min(axis=0)).all()
    assert (made.values.max(axis=0) <= train.values.max(axis=0)).all()
    assert fitted.class_shares == pytest.approx(train.class_shares)
    with pytest.raises(ValueError, match="labels missing"):
        fitted.sample(0, 0, 5)


def test_a_stored_model_draws_the_same(fitted):
    labels = np.arange(20) % 2
    description = json.loads(json.dumps(fitted.describe(), allow_nan=False))
    restored = TableInterpolation.restore(description, fitted.arrays())
    drawn, again = (each.sample(0, 3, 20, labels) for each in (fitted, restored))
    assert drawn.columns == again.columns and np.array_equal(drawn.values, again.values)
