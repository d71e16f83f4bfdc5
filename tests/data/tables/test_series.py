"""A csv file read as a series: order kept, the future held out, faults named."""

import numpy as np
import pytest

from data.tables.series import load_series
from foundation.errors import InputError


def written(path, rows, header="date,x,y"):
    path.write_text("\n".join([header, *rows]) + "\n")
    return str(path)


def test_columns_of_numbers_in_the_order_of_the_rows(tmp_path):
    path = written(tmp_path / "a.csv", [f"day {i},{i},{-i / 2}" for i in range(50)])
    series = load_series(path)
    assert series.columns == ("x", "y") and series.left_out == ("date",)
    parts = (series.train, series.validation, series.test)
    assert [len(part) for part in parts] == [40, 5, 5]
    assert np.array_equal(np.concatenate(parts)[:, 0], np.arange(50))
    assert series.name == f"csv:{path}"


def test_other_values_or_names_have_another_hash(tmp_path):
    rows = [f"d,{i},{i}" for i in range(40)]
    paths = [
        written(tmp_path / "a.csv", rows),
        written(tmp_path / "b.csv", [*rows[:-1], "d,0,39"]),
        written(tmp_path / "c.csv", rows, header="date,x,z"),
    ]
    assert len({load_series(path).sha256 for path in paths}) == 3
    assert load_series(paths[0]).sha256 == load_series(paths[0]).sha256


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([f"d,{i},1" for i in range(20)], "20 rows; at least 30"),
        (["d,e,f"] * 40, "without a column of numbers"),
        ([f"d,{i},1" for i in range(39)] + ["d,,1"], "row 40 .*'x' has nothing .1 such"),
        (["d,1,2"] * 20 + ["d,1,much"] * 20, "row 21 .*'y' has 'much' .20 such"),
    ],
)
def test_what_is_no_series_is_refused(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        load_series(written(tmp_path / "a.csv", rows))
