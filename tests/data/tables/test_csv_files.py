"""csv files: what is read from good ones, and how bad ones are refused."""

import pytest

from data.tables.csv_files import decimals, known, number, read_csv, with_point, written
from foundation.errors import InputError
from tests.tables import write_csv


def read(tmp_path, content, **options):
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_csv(path, **options)


def test_cells_blanks_quotes_and_missing_marks(tmp_path):
    raw = read(tmp_path, 'a, b,c\n1 ," x, y ",NA\n\n?,"two\nlines",n/a\n')
    assert raw.header == ("a", "b", "c")
    assert raw.rows == [("1", "x, y", None), (None, "two\nlines", None)]


def test_none_and_a_dash_are_categories_not_missing(tmp_path):
    assert read(tmp_path, "drug,n\nnone,1\n-,2\n").rows == [("none", "1"), ("-", "2")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    raw = read(tmp_path, f"a{delimiter}b\n1{delimiter}2\n")
    assert (raw.delimiter, raw.rows) == (delimiter, [("1", "2")])


def test_a_decimal_comma_is_one_beside_semicolons_only(tmp_path):
    assert read(tmp_path, "a;b\n1,5;x,y\n").rows == [("1.5", "x,y")]
    assert read(tmp_path, 'a,b\n"1,500",2\n').rows == [("1,500", "2")]


def test_byte_order_mark_and_encoding(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbfa,b\r\n1,2\r\n").header == ("a", "b")
    assert read(tmp_path, "a,b\né,2\n".encode("latin-1"), encoding="latin-1").rows == [("é", "2")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "0 lines"),
        ("a,b\n", "1 lines"),
        ("a,b\n1,2\n1,2,3\n", "line 3: 3 cells; 2"),
        ("a,a\n1,2\n", "column 2 is named 'a'"),
        ("a,\n1,2\n", "column 2 has no name"),
        ("1,2\n3,4\n", "numbers only"),
        ('a,b\n1,"2\n3,4\n', "unexpected end"),
        (f'a,b\n"{"x" * 20_000}",2\n', "more than 10,000 characters"),
        (b"a,b\n\xff,2\n", "byte 4 is not utf-8"),
        (b"a,b\n1\x00,2\n", "zero bytes"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path, content, message):
    with pytest.raises(InputError, match=message) as refusal:
        read(tmp_path, content)
    assert "\n" not in str(refusal.value)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="is no file"):
        read_csv(tmp_path / "absent.csv")


def test_what_is_written_is_read_again(tmp_path):
    rows = [["1.5", "with, comma"], ["-2", 'a "quote"']]
    write_csv(tmp_path / "out.csv", ["n", "a name"], rows)
    raw = read_csv(tmp_path / "out.csv")
    assert raw.header == ("n", "a name")
    assert [list(row) for row in raw.rows] == rows
    assert list(tmp_path.iterdir()) == [tmp_path / "out.csv"]


def test_numbers_in_cells():
    found = [number(c) for c in ("1.5e3", "-7", "1,234", "12 kg", "inf", "nan", "1_000", "")]
    assert found == [1500.0, -7.0, None, None, None, None, None, None]
    assert [decimals(c) for c in ("1.25", "7", "1.5e-2", "1.5e3", "0.10")] == [2, 0, 3, 0, 2]
    assert [written(v) for v in (2.0, -0.0, 0.25, 1e-7)] == ["2", "0", "0.25", "1e-07"]
    assert [known(c) for c in (" x ", "NaN", "NULL", " ")] == ["x", None, None, None]
    assert [with_point(c) for c in ("0,25", "-1,5e3", "1,234,567")] == [
        "0.25",
        "-1.5e3",
        "1,234,567",
    ]
