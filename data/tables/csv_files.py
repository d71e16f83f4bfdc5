"""Tables as csv files: read as text, with every fault named by its line."""

import csv
import io
import os
from pathlib import Path

import pandas as pd

from data.tables.columns import number
from data.tables.dataset import MISSING
from foundation.errors import InputError

# What stands for "not known". Not "none" and not "-": both can be a genuine category.
MISSING_MARKS = ("", "?", "na", "n/a", "#n/a", "nan", "null", MISSING)
DECIMAL_COMMA = r"^([+-]?\d+),(\d+(?:[eE][+-]?\d+)?)$"
DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000  # characters; a longer one is a quote that was never closed
MEND_QUOTES = "look at the quotes and delimiters of that line"


def read_csv(path: str | os.PathLike, encoding: str = "utf-8") -> pd.DataFrame:
    """Read a csv file whose first line names the columns.

    The delimiter (comma, semicolon, tab or bar) is the one that is most frequent in the header.
    Beside semicolons "1,5" is 1.5, as spreadsheets write it; elsewhere it is a text.

    Args:
      path: the file; `~` is the home directory.
      encoding: of the file; a byte-order mark is dropped.

    Returns: the cells as text, without the blanks around them; NaN: missing.
    Raises: InputError if the file is missing, no text, empty, without a header, or if a line has
      another number of cells than the header.
    """
    text = _decoded(path, encoding)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    names, *lines = _checked_lines(path, text, delimiter)
    cells = pd.DataFrame(lines, columns=_checked_header(path, names), dtype=str)
    if delimiter == ";":
        cells = cells.replace(DECIMAL_COMMA, r"\1.\2", regex=True)
    return cells.mask(cells.apply(lambda column: column.str.casefold().isin(MISSING_MARKS)))


def _decoded(path: str | os.PathLike, encoding: str) -> str:
    source = Path(path).expanduser()
    if not source.is_file():
        raise InputError(f"{path} is no file", "a csv file", "check the path")
    try:
        text = source.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        fault = f"{path}: byte {error.start} is not {encoding}"
        raise InputError(fault, f"a text file in {encoding}", "save the file as UTF-8") from None
    if "\0" in text:
        raise InputError(f"{path} holds zero bytes", "a text file", "save the table as csv")
    return text


def _checked_lines(path: str | os.PathLike, text: str, delimiter: str) -> list[list[str]]:
    """The cells of every line that is not blank; pandas.read_csv fills up short lines silently."""
    lines = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for line in reader:
            cells = [cell.strip() for cell in line]
            if not any(cells):
                continue
            lines.append(cells)
            if max(map(len, cells)) > LONGEST_CELL:
                raise csv.Error(f"a cell of more than {LONGEST_CELL:,} characters")
            if len(cells) != len(lines[0]):
                raise csv.Error(f"{len(cells)} cells where the header has {len(lines[0])}")
    except csv.Error as error:
        fault = f"{path}, line {reader.line_num}: {error}"
        raise InputError(fault, "a well-formed line", MEND_QUOTES) from None
    if len(lines) < 2:
        fault = f"{path} has {len(lines)} lines"
        raise InputError(fault, "a header and rows", "give a table with rows")
    return lines


def _checked_header(path: str | os.PathLike, names: list[str]) -> list[str]:
    if pd.Series(names).map(number).notna().all():
        raise InputError(
            f"{path}: the first line is {', '.join(names[:4])}, numbers only",
            "a line with the names of the columns",
            "write a header above the numbers",
        )
    for place, name in enumerate(names):
        if not name or name in names[:place]:
            fault = f"{path}: column {place + 1} is named {name!r}"
            raise InputError(fault, "a name of its own for every column", "correct the first line")
    return names
