"""SMOTE against imbalanced-learn's given the same draws, and neighbours against a slow search."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE

from baselines.interpolation.neighbours import Neighbourhood, nearest_others
from foundation.errors import InputError
from tests.baselines.shared import imblearn_draws

K = 5


def test_smote_equals_imbalanced_learns_given_the_same_draws():
    generator = np.random.default_rng(0)
    rows = generator.normal(0, 1, (120, 6))
    labels = (np.arange(120) % 4 == 0).astype(np.int64)  # 30 of class 1, 90 of class 0
    made, made_labels = SMOTE(random_state=7, k_neighbors=K).fit_resample(rows, labels)
    assert (made_labels[120:] == 1).all()
    found = Neighbourhood.of(rows, labels, K)
    places, choice, steps = imblearn_draws(60, 30, 7, K)
    base = np.flatnonzero(labels == 1)[places]
    ours = found.points(base, found.nearest[base, choice], steps)
    assert np.allclose(ours, made[120:], rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", [np.float64, np.uint8])
def test_neighbours_are_those_of_a_slow_search(kind):
    rows = np.random.default_rng(0).uniform(0, 256, (80, 7)).astype(kind)
    found = nearest_others(rows, K)
    for place, row in enumerate(rows.astype(np.float64)):
        distances = ((rows - row) ** 2).sum(axis=1)
        distances[place] = np.inf
        assert found[place].tolist() == np.argsort(distances)[:K].tolist()


def test_a_row_is_no_neighbour_of_itself_even_if_it_is_there_twice():
    rows = np.array([[0.0], [0.0], [1.0], [5.0]])
    assert nearest_others(rows, 1)[:2].tolist() == [[1], [0]]


def test_neighbours_are_of_the_same_class_and_small_classes_have_fewer():
    rows = np.arange(12.0)[:, None]
    labels = np.array([0] * 9 + [1] * 3)
    found = Neighbourhood.of(rows, labels, K)
    assert found.counts.tolist() == [5] * 9 + [2] * 3
    base, other, _ = found.draw(0, 0, 2000, np.full(2000, 1))
    assert set(base) == {9, 10, 11} and set(other) == {9, 10, 11} and (base != other).all()
    counts = np.bincount(base * 12 + other)
    assert (counts[counts > 0] > 250).all() and len(counts[counts > 0]) == 6  # 333 each expected


def test_draws_are_uniform():
    found = Neighbourhood.of(np.random.default_rng(0).normal(0, 1, (20, 3)), None, 4)
    base, other, shares = found.draw(1, 0, 20_000, None)
    assert np.bincount(base).min() > 850 and np.bincount(base).max() < 1150
    choice = (found.nearest[base] == other[:, None]).argmax(axis=1)
    assert np.bincount(choice).min() > 4800
    assert shares.min() >= 0 and shares.max() < 1 and abs(shares.mean() - 0.5) < 0.01


def test_a_class_of_one_is_refused():
    with pytest.raises(InputError, match="class 1 with 1 training samples; at least 2"):
        Neighbourhood.of(np.arange(6.0)[:, None], np.array([0, 0, 0, 0, 0, 1]), 2)
