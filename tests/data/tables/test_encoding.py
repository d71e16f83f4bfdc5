"""Encodings can be undone; what tells of what agrees with independent libraries."""

import json

import numpy as np
import pytest
from scipy import stats

from data.tables.dataset import Column, Table
from data.tables.encoding import ONE_HOT, Encoding, NormalScores
from data.tables.features import association, relevance, select_features
from tests.tables import mixed_table


@pytest.fixture(scope="module")
def table():
    return mixed_table(300, 0)


@pytest.mark.parametrize("scale", ["standard", "normal_scores"])
def test_encoding_can_be_undone_and_stored(table, scale):
    encoding = Encoding.fit(table, scale)
    matrix = encoding.encode(table)
    assert matrix.shape == (300, 3 + 3 + 2)
    assert np.array_equal(encoding.decode(matrix).values, table.values)
    stored = json.loads(json.dumps(encoding.describe(), allow_nan=False))
    restored = Encoding.restore(stored, encoding.arrays())
    assert restored.columns == encoding.columns
    other = mixed_table(50, 1)
    assert np.array_equal(restored.encode(other), encoding.encode(other))


def test_standard_scales_are_the_fitted_tables(table):
    encoding = Encoding.fit(table)
    matrix = encoding.encode(table)[:, :3]
    assert np.allclose(matrix.mean(axis=0), 0) and np.allclose(matrix.std(axis=0), 1)
    other = mixed_table(50, 1)
    expected = (other.values[:, 0] - table.values[:, 0].mean()) / table.values[:, 0].std()
    assert np.allclose(encoding.encode(other)[:, 0], expected)


def test_two_different_categories_are_one_deviation_apart(table):
    matrix = Encoding.fit(table).encode(table)[:, 3:6]
    first, second = matrix[table.values[:, 3] == 0][0], matrix[table.values[:, 3] == 1][0]
    assert np.linalg.norm(first - second) == pytest.approx(1.0)
    assert set(np.unique(matrix)) == {0.0, ONE_HOT}


def test_normal_scores_are_quantiles_of_mid_ranks():
    values = np.array([3.0, 1.0, 1.0, 8.0, 2.0])
    expected = stats.norm.ppf((stats.rankdata(values) - 0.5) / 5)
    scores = NormalScores.fit(values)
    assert np.allclose(scores.forward(values), expected)
    between = scores.forward(np.array([2.5]))
    assert np.allclose(between, stats.norm.ppf((0.5 + 0.7) / 2))
    assert scores.forward(np.array([99.0])) == pytest.approx(stats.norm.ppf(0.9))


def test_a_value_of_many_rows_keeps_its_share_and_nothing_leaves_the_range():
    values = np.concatenate([np.zeros(400), np.linspace(1, 2, 600)])
    drawn = NormalScores.fit(values).backward(np.random.default_rng(0).standard_normal(20_000))
    assert (drawn == 0).mean() == pytest.approx(0.4, abs=0.015)
    assert drawn.min() == 0 and drawn.max() <= 2
    assert stats.ks_2samp(drawn, values).statistic < 0.02


def test_a_decoded_table_holds_only_legal_values(table):
    wild = np.random.default_rng(0).normal(0, 9, (200, 8))
    decoded = Encoding.fit(table).decode(wild)
    for column, values in zip(decoded.columns, decoded.values.T, strict=True):
        if column.is_numeric:
            assert column.span[0] <= values.min() and values.max() <= column.span[1]
            assert np.array_equal(values, np.round(values, column.decimals))
        else:
            assert set(values) <= set(range(len(column.categories)))


def test_an_encoding_refuses_other_columns(table):
    with pytest.raises(ValueError, match="those of the table that was fitted"):
        Encoding.fit(table).encode(table.without_target())


def test_association_of_two_numbers_is_pearsons(table):
    found = association(table.columns[0], table.values[:, 0], table.columns[1], table.values[:, 1])
    assert found == pytest.approx(stats.pearsonr(table.values[:, 0], table.values[:, 1])[0] ** 2)


@pytest.mark.parametrize("swapped", [False, True])
def test_association_of_number_and_category_is_anovas(table, swapped):
    numbers, codes = table.values[:, 0], table.values[:, 3]
    groups = [numbers[codes == code] for code in range(3)]
    f = stats.f_oneway(*groups).statistic
    expected = f * 2 / (f * 2 + len(numbers) - 3)
    pairs = [(table.columns[0], numbers), (table.columns[3], codes)]
    (a, x), (b, y) = reversed(pairs) if swapped else pairs
    assert association(a, x, b, y) == pytest.approx(expected)


def test_association_of_two_categories_is_cramers(table):
    a, b = table.values[:, 3].astype(int), table.values[:, 4].astype(int)
    joint = np.bincount(2 * a + b, minlength=6).reshape(3, 2)
    expected = stats.contingency.association(joint, method="cramer") ** 2
    found = association(table.columns[3], table.values[:, 3], table.columns[4], table.values[:, 4])
    assert found == pytest.approx(expected)
    assert association(table.columns[3], a, table.columns[3], a) == pytest.approx(1.0)


def test_a_category_that_no_row_has_is_no_matter():
    column = Column("c", ("x", "y", "never"))
    codes = np.array([0.0, 1.0, 0.0, 1.0])
    assert association(column, codes, column, codes) == pytest.approx(1.0)
    assert association(column, codes, Column("n"), np.array([1.0, 1.0, 1.0, 1.0])) == 0.0


def test_features_that_repeat_one_another_are_taken_once():
    generator = np.random.default_rng(0)
    y = generator.integers(0, 2, 400).astype(float)
    strong, noise = y + generator.normal(0, 0.5, 400), generator.normal(0, 1, 400)
    weak = y + generator.normal(0, 2.0, 400)
    columns = (*tuple(map(Column, ("weak", "strong", "copy", "noise"))), Column("y", ("0", "1")))
    values = np.stack([weak, strong, 3 * strong + 1e-6 * noise, noise, y], axis=1)
    table = Table(columns, values, "y")
    assert list(relevance(table))[-2:] == ["weak", "noise"]
    assert set(select_features(table, 2)) in ({"weak", "strong"}, {"weak", "copy"})
    assert len(select_features(table, 9)) == 3  # the copy adds nothing
    assert select_features(table, 9, most_shared=1.0) == ["weak", "strong", "copy", "noise"]


def test_rows_as_text_and_shares_of_classes(table):
    first = next(table.rows())
    assert first[3] in ("blue", "green", "red") and first[4] in ("ill", "well")
    assert float(first[0]) == table.values[0, 0]
    assert table.class_shares.sum() == pytest.approx(1.0)
    assert table.without_target().class_shares is None
    assert len(set(table.hashes())) == 300 and table.hashes() == table.take(np.arange(300)).hashes()
