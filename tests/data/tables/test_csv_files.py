"""csv files: what is read from good ones, and how bad ones are refused."""

import numpy as np
import pytest

from data.tables.csv_files import read_csv, without_marks
from data.tables.dataset import written
from data.tables.schema.numbers import marks_of, number, parts_of
from foundation.errors import InputError
from tests.tables import write_csv


def read(tmp_path, content, **options):
    """The rows of a file of this content, the header first, None where a cell is missing."""
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    found = read_csv(path, **options).cells
    cells = without_marks(found, {"b": ("NA",)} if "b" in found else {})[0]
    return [(*cells,), *map(tuple, cells.astype(object).replace(np.nan, None).to_numpy())]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        # blanks, quotes, blank lines, missing marks
        ('a, b\n1 ," x, y "\n\n?,"two\nlines"\n , \n', [("1", "x, y"), (None, "two\nlines")]),
        ("a,b\nN/A,NaN\nNULL,0.10\n", [(None, None), (None, "0.10")]),
        (
            "a,b\nnone,1\n-,NA\n",
            [("none", "1"), ("-", "NA")],
        ),  # can be categories, and a declared one
        ("a\tb\n1\t2\n", [("1", "2")]),
        ("a|b\n1|2\n", [("1", "2")]),
        ("\na;b\n-1,5e3 ;x,y\n1,234,567;2\n", [("-1,5e3", "x,y"), ("1,234,567", "2")]),
        ('a,b\n"1,500",2\n', [("1,500", "2")]),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", [("1", "2")]),
        ("a,b,\n1,2,\n", [("1", "2")]),
    ],
)
def test_cells_are_read_as_they_stand(tmp_path, content, rows):
    assert read(tmp_path, content, header=True) == [("a", "b"), *rows]


def test_a_first_column_may_have_no_name(tmp_path):
    for first in (",a,b", "a,b"):  # of pandas and of R
        found = read(tmp_path, first + "\n0,1,2\n1,2,3\n", header=True)
        assert found == [("", "a", "b"), ("0", "1", "2"), ("1", "2", "3")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "0 lines"),
        ("a,b\n", "1 lines"),
        ("a,b\n1,2\n1,2,3\n", "line 3: 3 cells where the header has 2"),
        ('a,b\n\n"1\n2",2\n1\n', "line 5: 1 cells where the header has 2"),
        ("a,a\n1,2\n", "column 2 is named 'a'"),
        ("a,\n1,2\n", "column 2 is named ''"),
        ("1,2\n3,4\n", "the first line is 1, 2, like the lines below it"),
        ("Ann,3\nBob,4\nAnn,1\n", "--no-header"),
        (b"a,b\n\xff,2\n", "byte 4 is not utf-8"),
        (b"a,b\n1\x00,2\n", "zero bytes"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path, content, message):
    with pytest.raises(InputError, match=message) as refusal:
        read(tmp_path, content)
    assert "\n" not in str(refusal.value)


def test_what_is_written_is_read_again(tmp_path):
    rows = [["1.5", "with, comma"], ["-2", 'a "quote"']]
    write_csv(tmp_path / "out.csv", ["n", "a name"], rows)
    assert read_csv(tmp_path / "out.csv").cells.to_numpy().tolist() == rows


def test_numbers_in_cells():
    cells = ("1.5e3", "-7", "1,234", "12 kg", "inf", "nan", "1_000", "", np.nan)
    assert np.array_equal([*map(number, cells)], [1500.0, -7.0, *[np.nan] * 7], equal_nan=True)
    assert [written(v) for v in (2.0, -0.0, 0.25, 1e-7)] == ["2", "0", "0.25", "1e-07"]
    for cell in ("1_000", "2020-01-01", "10:30", "--5", "(5", "12a3", "abc", "1.2.3 kg 4"):
        assert parts_of(cell) is None, cell


@pytest.mark.parametrize(
    ("cells", "decimals", "first"),
    [
        (["1.5", "12"], ".", (".", "")),
        (["1,234", "12"], ".,", (".", ",")),  # in two ways
        (["1,234", "1,5"], ",", (",", "")),
        (["1,234,567", "12"], ".", (".", ",")),
        (["1.234,5", "7"], ",", (",", ".")),
        (["1 234,5", "7"], ",", (",", " ")),
        (["1'234.5"], ".", (".", "'")),
    ],
)
def test_marks_are_those_that_read_most_cells(cells, decimals, first):
    found = marks_of(cells)
    assert found[0] == first and {decimal for decimal, _ in found} == {*decimals}
