"""Copies are found, attacks are judged as scikit-learn would, and real rows give nothing away."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from evaluation.metrics.privacy import row_privacy as table_privacy
from evaluation.metrics.privacy.row_privacy import (
    attack,
    attack_rows,
    encoded,
    exact_copies,
    near_copies,
    nearer_to_training,
)
from foundation.errors import InputError
from tests.tables import mixed_table


def rows_of(count, seed, d=6):
    return np.random.default_rng([3, seed]).normal(0, 1, (count, d))


def nearest(rows, others):
    return NearestNeighbors(n_neighbors=1).fit(others).kneighbors(rows)[0][:, 0]


def test_a_planted_copy_is_found_and_a_changed_one_is_not_exact():
    training, made = mixed_table(100, 0), mixed_table(20, 1)
    values = made.values.copy()
    values[3], values[4] = training.values[17], training.values[18]
    values[4, 1] += 0.1
    copies = exact_copies(made.with_values(values), training)
    assert np.flatnonzero(copies).tolist() == [3]
    known, rows = encoded(training, training, made.with_values(values))
    assert {3, 4} <= set(np.flatnonzero(near_copies(rows, known)))


def test_copies_are_compared_as_they_are_written():
    """A csv file keeps the decimals of the column, not the last bits of a sum."""
    training = mixed_table(50, 0)
    off = training.with_values(training.values + np.array([1e-9, -1e-9, 0, 0, 0]))
    assert exact_copies(off, training).all()


def test_near_is_half_the_way_to_the_next_training_row():
    training = np.array([[0.0], [1.0], [5.0], [6.0]])
    rows = np.array([[0.5], [0.51], [0.45], [3.0], [5.2], [-0.4], [-0.6]])
    found = near_copies(rows, training)
    assert found.tolist() == [True, True, True, False, True, True, False]


def test_rows_nearer_to_training_rows_than_to_held_out_ones():
    training, held_out = rows_of(200, 0), rows_of(100, 1)
    copied = nearer_to_training(
        training[:80] + 1e-3, training[:100], held_out, np.random.default_rng(0)
    )
    assert copied["value"] == 1.0 and copied["low"] > 0.9
    fresh = nearer_to_training(rows_of(400, 2), training, held_out, np.random.default_rng(0))
    assert fresh["low"] < 0.5 < fresh["high"]


def test_ties_count_half():
    rows = np.zeros((10, 1))
    found = nearer_to_training(rows, np.ones((5, 1)), -np.ones((5, 1)), np.random.default_rng(0))
    assert found["value"] == 0.5


def test_areas_are_scikit_learns():
    members, controls, made, reference = (rows_of(n, n) for n in (60, 45, 80, 30))
    made[:20] = members[:20] + 0.05
    found = attack_rows(members, controls, made, reference)
    records = np.concatenate([members, controls])
    is_member = np.arange(105) < 60
    distance, to_reference = nearest(records, made), nearest(records, reference)
    assert found["distance"]["auc"] == pytest.approx(roc_auc_score(is_member, -distance), abs=1e-6)
    expected = roc_auc_score(is_member, to_reference / distance)
    assert found["calibrated"]["auc"] == pytest.approx(expected, abs=1e-6)
    assert found["calibrated"]["auc"] > 0.6
    with pytest.raises(InputError, match="fewer than 2 rows"):
        attack_rows(members, controls, made, reference[:1])


def test_real_rows_in_the_place_of_synthetic_ones_give_nothing_away():
    training, validation, test = rows_of(300, 0), rows_of(120, 1), rows_of(120, 2)
    for found in attack(rows_of(300, 3), training, validation, test, seed=0).values():
        assert found["rows"] == 60
        assert abs(found["real"] - 0.5) < 0.06 and abs(found["value"] - 0.5) < 0.06
        assert found["low"] < 0.5 < found["high"]


def test_no_row_stands_for_a_synthetic_one_and_is_the_reference_too(monkeypatch):
    calls = []
    monkeypatch.setattr(
        table_privacy, "attack_rows", lambda *rows: calls.append(rows) or attack_rows(*rows)
    )
    training, validation, test = rows_of(60, 0), rows_of(21, 1), rows_of(20, 2)
    attack(rows_of(60, 3), training, validation, test, seed=0)
    reals = [set(map(tuple, synthetic)) for *_, synthetic, _ in calls[2::3]]
    references = [set(map(tuple, reference)) for *_, reference in calls[2::3]]
    assert len(reals) == 10 and {len(rows) for rows in reals} == {10}
    for rows, reference in zip(reals, references, strict=True):
        assert rows | reference == set(map(tuple, validation)) and not rows & reference


def test_copies_give_all_away_and_few_of_them_some():
    training, validation, test = rows_of(300, 0), rows_of(120, 1), rows_of(120, 2)
    for found in attack(training, training, validation, test, seed=0).values():
        assert found["all_rows"] == 1.0 and found["found_at_1_percent"] == 1.0
        assert found["value"] == pytest.approx(found["if_copied"], abs=0.03)
        assert found["value"] > found["real"] + 0.05
