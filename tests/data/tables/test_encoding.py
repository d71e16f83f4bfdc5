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
    numbers, other = table.values[:, :3], mixed_table(50, 1)
    expected = (other.values[:, :3] - numbers.mean(axis=0)) / numbers.std(axis=0)
    assert np.allclose(Encoding.fit(table).encode(other)[:, :3], expected)
    constant = Table(table.columns[:1], np.full((9, 1), 1.75))
    assert np.array_equal(Encoding.fit(constant).encode(constant), np.zeros((9, 1)))


def test_two_different_categories_are_one_deviation_apart(table):
    codes, matrix = table.values[:, 3:4], Encoding.fit(table).encode(table)[:, 3:6]
    assert np.array_equal(matrix, ONE_HOT * (codes == np.arange(3)))
    assert np.linalg.norm(matrix[codes[:, 0] == 0][0] - matrix[codes[:, 0] == 1][0]) == (
        pytest.approx(1.0)
    )


def test_normal_scores_are_quantiles_of_mid_ranks():
    values = np.array([3.0, 1.0, 1.0, 8.0, 2.0])
    ranks = [*(stats.rankdata(values) - 0.5) / 5, (0.5 + 0.7) / 2, 0.9]
    found = NormalScores(np.sort(values)).forward(np.array([*values, 2.5, 99.0]))
    assert np.allclose(found, stats.norm.ppf(ranks))


def test_a_value_of_many_rows_keeps_its_share_and_nothing_leaves_the_range():
    values = np.concatenate([np.zeros(400), np.linspace(1, 2, 600)])
    drawn = NormalScores(values).backward(np.random.default_rng(0).standard_normal(20_000))
    assert (drawn == 0).mean() == pytest.approx(0.4, abs=0.015)
    assert drawn.min() == 0 and drawn.max() <= 2
    assert stats.ks_2samp(drawn, values).statistic < 0.02


def test_a_decoded_table_holds_only_legal_values(table):
    wild = np.random.default_rng(0).normal(0, 9, (200, 8))
    decoded = Encoding.fit(table).decode(wild)
    for column, values in zip(decoded.columns, decoded.values.T, strict=True):
        assert np.array_equal(values, np.round(values, column.decimals))
        low, high = column.span or (0, len(column.categories) - 1)
        assert low <= values.min() and values.max() <= high


def test_an_encoding_refuses_other_columns(table):
    with pytest.raises(ValueError, match="those of the table that was fitted"):
        Encoding.fit(table).encode(table.without_target())


def anova(numbers, codes):
    f = stats.f_oneway(*(numbers[codes == code] for code in range(3))).statistic
    return f * 2 / (f * 2 + len(numbers) - 3)


def cramer(a, b):
    return stats.contingency.association(stats.contingency.crosstab(a, b).count) ** 2


@pytest.mark.parametrize(
    ("a", "b", "librarys"),
    [
        (0, 1, lambda a, b: stats.pearsonr(a, b).statistic ** 2),
        (0, 3, anova),
        (3, 0, lambda a, b: anova(b, a)),
        (3, 4, cramer),
        (3, 3, cramer),
    ],
)
def test_association_is_the_librarys(table, a, b, librarys):
    x, y = table.values[:, a], table.values[:, b]
    found = association(table.columns[a], x, table.columns[b], y)
    assert found == pytest.approx(librarys(x, y)) and 0 < found <= 1


def test_a_category_that_no_row_has_is_no_matter():
    column, codes = Column("c", ("x", "y", "never")), np.array([0.0, 1.0, 0.0, 1.0])
    assert association(column, codes, column, codes) == pytest.approx(1.0)
    assert association(column, codes, Column("n"), np.ones(4)) == 0.0


def test_features_that_repeat_one_another_are_taken_once():
    generator = np.random.default_rng(0)
    y = generator.integers(0, 2, 400).astype(float)
    strong, noise = y + generator.normal(0, 0.5, 400), generator.normal(0, 1, 400)
    weak = y + generator.normal(0, 2.0, 400)
    columns = (*map(Column, ("weak", "strong", "copy", "noise")), Column("y", ("0", "1")))
    values = np.stack([weak, strong, 3 * strong + 1e-6 * noise, noise, y], axis=1)
    table = Table(columns, values, "y")
    assert list(relevance(table))[-2:] == ["weak", "noise"]
    assert select_features(table, 2) in (["weak", "strong"], ["weak", "copy"])
    assert len(select_features(table, 9)) == 3  # the copy adds nothing


def test_rows_as_text_and_as_a_frame(table):
    rows, frame = [*table.rows()], table.frame()
    assert list(frame) == table.names and frame["state"].cat.categories.tolist() == ["ill", "well"]
    assert np.array_equal(frame["weight"], table.column("weight"))
    assert rows == [tuple(map("{:g}".format, row[:3])) + tuple(row[3:]) for row in frame.to_numpy()]
    assert len(set(table.hashes())) == 300 and table.hashes() == table.take(np.arange(300)).hashes()
    assert table.class_shares.sum() == pytest.approx(1.0)
    assert table.without_target().class_shares is None
