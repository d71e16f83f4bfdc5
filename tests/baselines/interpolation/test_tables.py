"""Rows between neighbours: categories by vote, as imbalanced-learn's."""

import numpy as np
from imblearn.over_sampling import SMOTENC

from baselines.interpolation.neighbours import Neighbourhood
from baselines.interpolation.tables import TableInterpolation
from baselines.registry import fit
from data.source import TABLE
from data.tables.dataset import TableDataset
from data.tables.encoding import Encoding
from tests.baselines.shared import imblearn_draws, settings_of
from tests.tables import mixed_table

K = 5


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
