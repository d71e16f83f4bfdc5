"""Tables as csv files: read as text with every fault named by its line; written as text."""

import csv
import dataclasses
import io
import math
import os
import re
from pathlib import Path

from foundation.errors import InputError

# What stands for "not known". Not "none" and not "-": both can be a genuine category.
MISSING_MARKS = frozenset({"", "?", "na", "n/a", "#n/a", "nan", "null"})
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")

DELIMITERS = ",;\t|"
LONGEST_CELL = 10_000  # characters; a longer one is a quote that was never closed
MEND_QUOTES = "look at the quotes and delimiters of that line"


@dataclasses.dataclass(frozen=True, eq=False)
class RawTable:
    """A csv file as text.

    Args:
      path: the file, for messages.
      header: names of the columns, all different, none empty.
      rows: the cells, stripped of blanks; None where a cell is missing.
      delimiter: what parted the cells.
    """

    path: str
    header: tuple[str, ...]
    rows: list[tuple[str | None, ...]]
    delimiter: str


def read_csv(path: str | os.PathLike, encoding: str = "utf-8") -> RawTable:
    """Read a csv file whose first line names the columns.

    The delimiter (comma, semicolon, tab or bar) is the one that is most frequent in the header.

    Args:
      path: the file; `~` is the home directory.
      encoding: of the file; a byte-order mark is dropped.

    Raises: InputError if the file is missing, no text, empty, without a header, or if a line has
      another number of cells than the header.
    """
    source = Path(path).expanduser()
    if not source.is_file():
        raise InputError(f"{path} is no file", "a csv file", "check the path")
    try:
        text = source.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start} is not {encoding}",
            f"a text file in {encoding}",
            "save the file as UTF-8",
        ) from None
    if "\0" in text:
        raise InputError(f"{path} holds zero bytes", "a text file", "save the table as csv")
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    lines = _lines(path, text, delimiter)
    if len(lines) < 2:
        raise InputError(
            f"{path} has {len(lines)} lines", "a header and rows", "give a table with rows"
        )
    header = _checked_header(path, lines[0][1])
    rows = []
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            raise InputError(
                f"{path}, line {line}: {len(cells)} cells",
                f"{len(header)}, as the header has",
                MEND_QUOTES,
            )
        if delimiter == ";":
            cells = map(with_point, cells)
        rows.append(tuple(map(known, cells)))
    return RawTable(str(path), header, rows, delimiter)


def _lines(path: str | os.PathLike, text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """(number of the line where it ends, cells) of every record; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = []
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputError(
                f"{path}, line {reader.line_num}: {error}", "a well-formed line", MEND_QUOTES
            ) from None
        if cells is None:
            return lines
        if max(map(len, cells), default=0) > LONGEST_CELL:
            raise InputError(
                f"{path}, line {reader.line_num}: a cell of more than {LONGEST_CELL:,} characters",
                "shorter ones",
                MEND_QUOTES,
            )
        if any(cell.strip() for cell in cells):
            lines.append((reader.line_num, cells))


def _checked_header(path: str | os.PathLike, cells: list[str]) -> tuple[str, ...]:
    header = tuple(cell.strip() for cell in cells)
    if all(number(name) is not None for name in header):
        raise InputError(
            f"{path}: the first line is {', '.join(header[:4])}, numbers only",
            "a line with the names of the columns",
            "write a header above the numbers",
        )
    for position, name in enumerate(header):
        if not name or name in header[:position]:
            fault = "has no name" if not name else f"is named {name!r}, as one before it"
            raise InputError(
                f"{path}: column {position + 1} {fault}",
                "a name of its own for every column",
                "correct the first line",
            )
    return header


def known(cell: str) -> str | None:
    """The cell without blanks around it, or None if it says that nothing is known."""
    cell = cell.strip()
    return None if cell.casefold() in MISSING_MARKS else cell


def with_point(cell: str) -> str:
    """A number with a decimal comma, as spreadsheets write it beside semicolons, with a point.

    Only where semicolons part the cells: elsewhere "1,234" is a thousand and more.

    Example:
      >>> with_point("0,25"), with_point("a,b"), with_point("1,234,567")
      ('0.25', 'a,b', '1,234,567')
    """
    return cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell) else cell


def number(cell: str) -> float | None:
    """The finite number that a cell is, or None.

    Example:
      >>> number("1.5e3"), number("-7"), number("1,234"), number("12 kg"), number("inf")
      (1500.0, -7.0, None, None, None)
    """
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def decimals(cell: str) -> int:
    """Digits after the point of a number as it is written.

    Example:
      >>> decimals("1.25"), decimals("7"), decimals("1.5e-2"), decimals("1.5e3")
      (2, 0, 3, 0)
    """
    digits, _, exponent = cell.casefold().partition("e")
    return max(len(digits.partition(".")[2]) - int(exponent or 0), 0)


def written(value: float) -> str:
    """A number in its shortest form: equal numbers, equal texts.

    Example:
      >>> written(2.0), written(0.25)
      ('2', '0.25')
    """
    return str(int(value)) if value == int(value) else repr(value)
