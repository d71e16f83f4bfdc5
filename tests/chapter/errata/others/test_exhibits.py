"""The errata of the other models, the data and the prose that are measured."""

import numpy as np
import pytest

from chapter.errata.others.prepared_before_split import NOISE_COLUMNS, ROWS, noise_table
from tests.chapter.errata.exhibits import both, exhibit_of, shown


def test_e26_weights_without_constraint():
    assert both("E26", "sum of the weights") == (pytest.approx(1.3), pytest.approx(1.0))
    assert both("E26", "integral of p(x) over all x") == (pytest.approx(1.3), pytest.approx(1.0))


def test_e29_discriminative_lda():
    nothing, equal = both("E29", "answers equal to Bayes' rule on p(x | y) p(y)")
    assert nothing is None and equal == 1.0
    _, found = both("E29", "of 1,000 rows drawn for a class, share that the other model calls so")
    assert found > 0.5  # chance: 0.1
    assert f"{100 * found:.0f} % of 1,000 drawn" in shown("E29")


def test_e30_svm_without_kernel():
    linear, kernel = both("E30", "accuracy on new points (chance: 0.5)")
    assert linear < 0.7 and kernel > 0.98
    assert exhibit_of("E30").figure is not None


def test_e31_logistic_for_regression():
    assert both("E31", "takes a number as its target") == (False, True)
    assert both("E31", "different answers for 200 rows") == (2, 200)
    halves, line = both("E31", "share of the target's variance explained")
    assert halves < 0.7 and line > 0.95


def test_e32_regression_alone():
    assert both("E32", "columns it draws, of 2") == (1, 2)
    mean, drawn = both("E32", "spread of y, in units of the real one")
    real = both("E32", "the real correlation")[0]
    assert mean == pytest.approx(real, abs=1e-3)  # of a regression's means: r times the spread
    assert drawn == pytest.approx(1.0, abs=0.05)
    assert both("E32", "correlation of x and y") == (
        pytest.approx(1.0),
        pytest.approx(real, abs=0.05),
    )


def test_e34_hidden_markov_formula():
    nothing, total = both("E34", "chances of all 1,024 series of 5 symbols")
    assert nothing is None and total == pytest.approx(1.0)
    assert both("E34", "largest difference between formula and recursion")[1] < 1e-15


def test_e35_one_dimension_at_a_time():
    alone, copula = both("E35", "correlation of the columns")
    assert abs(alone) < 0.1 and copula > 0.8 < both("E35", "the real correlation")[0]
    medians, real = both("E35", "medians of the columns"), both("E35", "the real medians")[0]
    for found in medians:  # each column on its own is right either way
        np.testing.assert_allclose(found, real, rtol=0.1)


def test_e36_prepared_before_the_split():
    seen_all, trained = both("E36", "accuracy on the test rows (chance: 0.5)")
    assert seen_all > 0.7
    assert 0.25 < trained < 0.75  # 40 rows: within 3.2 standard errors of chance
    assert both("E36", "rows by which 10 of 1,000 columns are chosen") == (ROWS, ROWS // 2)
    table = noise_table(np.zeros((ROWS, 3)), np.arange(ROWS) % 2, np.arange(5))
    assert len(table) == 5 and table.names == ["0", "1", "2", "class"]
    assert NOISE_COLUMNS == 1_000
