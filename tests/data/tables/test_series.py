"""A csv file read as a series: order kept, the future held out, faults named."""

import numpy as np
import pytest

from data.tables.series import load_series
from foundation.errors import InputError


@pytest.fixture
def series(tmp_path):
    """Of the lines of a file."""

    def load(*rows, header="date,x,y"):
        path = tmp_path / "a.csv"
        path.write_text("\n".join([header, *rows]) + "\n")
        return load_series(str(path))

    return load


def test_columns_of_numbers_in_the_order_of_the_rows(series, tmp_path):
    found = series(*(f"day {i},{i},{-i / 2}" for i in range(50)))
    assert found.left_out == ("date",)
    assert found.columns == ("x", "y") and found.name == f"csv:{tmp_path / 'a.csv'}"
    parts = (found.train, found.validation, found.test)
    assert [len(part) for part in parts] == [40, 5, 5]
    expected = np.arange(50)[:, None] * [1, -0.5]
    assert np.array_equal(np.concatenate(parts), expected)


def test_other_values_or_names_have_another_hash(series):
    rows = [f"d,{i},{i}" for i in range(40)]
    found = [series(*rows), series(*rows[1:], "d,0,39"), series(*rows, header="date,x,z")]
    assert len({each.sha256 for each in found}) == 3
    assert series(*rows).sha256 == found[0].sha256


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([f"d,{i},1" for i in range(20)], "20 rows; at least 30"),
        (["d,e,f"] * 40, "without a column of numbers"),
        ([f"d,{i},1" for i in range(39)] + ["d,,1"], "row 40 .*'x' has nothing .1 such"),
        (["d,1,2"] * 20 + ["d,1,much"] * 20, "row 21 .*'y' has 'much' .20 such"),
    ],
)
def test_what_is_no_series_is_refused(series, rows, message):
    with pytest.raises(InputError, match=message):
        series(*rows)
