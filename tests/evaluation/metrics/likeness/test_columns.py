"""Distances between tables, against scipy and counting by hand."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import SVC

from data.tables.dataset import Column, Table
from evaluation.metrics.likeness.columns import (
    column_distances,
    correlation_difference,
    joint_total_variation,
    ks_statistic,
    total_variation,
)
from evaluation.metrics.likeness.detection import detection_auc
from foundation.errors import InputError
from tests.tables import mixed_table


def test_ks_of_equal_and_of_disjoint_sets():
    values = np.array([3.0, 1.0, 2.0])
    assert ks_statistic(values, values[::-1]) == 0.0
    assert ks_statistic(values, values + 9) == 1.0


def test_total_variation_by_hand():
    a, b = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 3])
    assert total_variation(a, b) == pytest.approx((0.25 + 0.25 + 0.25 + 0.25) / 2)
    assert total_variation(a, a) == 0.0 and total_variation(a, a + 9) == 1.0


def test_each_column_by_its_kind():
    a, b = mixed_table(100, 0), mixed_table(80, 1)
    assert list(column_distances(a, b, numeric=True)) == ["height", "weight", "income"]
    assert list(column_distances(a, b, numeric=False)) == ["colour", "state"]
    with pytest.raises(InputError, match="without columns of categories"):
        numbers = Table(a.columns[:3], a.values[:, :3])
        column_distances(numbers, numbers, numeric=False)


@pytest.mark.parametrize("ranks", [False, True])
def test_correlations_are_scipys(ranks):
    a, b = mixed_table(100, 0), mixed_table(80, 1)
    found = correlation_difference(a, b, ranks)
    correlate = stats.spearmanr if ranks else stats.pearsonr
    names = ("height", "weight", "income")
    differences = {
        (x, y): abs(
            correlate(a.column(x), a.column(y)).statistic
            - correlate(b.column(x), b.column(y)).statistic
        )
        for i, x in enumerate(names)
        for y in names[i + 1 :]
    }
    assert found["value"] == pytest.approx(np.mean(list(differences.values())))
    worst = max(differences, key=differences.get)
    assert tuple(found["pair"]) == worst and found["largest"] == pytest.approx(differences[worst])


def test_a_constant_column_has_no_correlation():
    a = mixed_table(50, 0)
    flat = a.with_values(np.where([True, False, False, False, False], 1.7, a.values))
    found = correlation_difference(flat, a)
    expected = abs(stats.pearsonr(a.column("height"), a.column("weight")).statistic)
    assert found["largest"] == pytest.approx(expected) and found["pair"] == ["height", "weight"]


def test_joint_tables_show_a_lost_dependence_that_single_columns_hide():
    real = mixed_table(2000, 0)
    values = real.values.copy()
    values[:, 3] = np.random.default_rng(0).permutation(values[:, 3])
    torn = real.with_values(values)
    assert total_variation(torn.column("colour"), real.column("colour")) == 0.0
    torn_figure = joint_total_variation(torn, mixed_table(2000, 1), real)
    assert torn_figure["pair"] == ["colour", "state"]
    assert (
        torn_figure["largest"]
        > 2 * joint_total_variation(real, mixed_table(2000, 1), real)["largest"]
    )


def test_joint_total_variation_by_hand():
    columns = (Column("n"), Column("c", ("x", "y")))
    training = Table(columns, np.stack([np.arange(8.0), np.arange(8) % 2], axis=1))
    a = Table(columns, np.array([[0.0, 0], [1, 0], [2, 1], [7, 1]]))  # quarters 0 0 1 3
    b = Table(columns, np.array([[0.5, 0], [1, 1], [3, 1], [7, 0]]))  # quarters 0 0 1 3
    # (0, x) 2 against 1; (0, y) 0 against 1; (1, y) 1 against 1; (3, y) 1 and (3, x) 1
    assert joint_total_variation(a, b, training)["value"] == pytest.approx(
        (1 + 1 + 0 + 1 + 1) / 4 / 2
    )
    low, high = (Table(columns, np.stack([n, 0 * n], 1)) for n in (np.arange(2), np.arange(6, 9)))
    assert joint_total_variation(low, high, training)["value"] == 1.0
    with pytest.raises(InputError, match="without categories"):
        joint_total_variation(*(Table(t.columns[:1], t.values[:, :1]) for t in (a, b, training)))


def test_detection_agrees_with_scikit_learn_and_tells_other_rows_from_real_ones():
    generator = np.random.default_rng(0)
    real, alike, other = (generator.normal(m, 1, (100, 3)) for m in (0, 0, 1.5))
    found = detection_auc(other, real, seed=0)
    assert found["value"] > 0.9 and found["low"] <= found["value"] <= found["high"]
    assert detection_auc(alike, real, seed=0)["low"] < 0.5 + 0.05
    order = np.random.default_rng([0, 136])
    rows = np.concatenate([side[order.permutation(100)] for side in (other, real)])
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    made = np.arange(200) < 100
    scores = cross_val_predict(SVC(), rows, made, cv=folds, method="decision_function")
    assert found["value"] == pytest.approx(roc_auc_score(made, scores))
    with pytest.raises(InputError, match="9 rows to tell apart"):
        detection_auc(real[:9], real, seed=0)
