"""Tables as csv files: read as text, with every fault named by its line."""

import csv
import gzip
import io
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from data.tables.schema.numbers import number, parts_of
from foundation.errors import InputError

# What stands for "not known". Not "none" and not "-": both can be a genuine category.
MISSING_MARKS = ("", "?", "na", "n/a", "#n/a", "nan", "null")
DELIMITERS = "\t;|,"  # of equals the first: text and numbers hold commas, too
BEGINNING = 100_000  # characters of which the delimiter is told
BLANKS = " \t\r\n\v\f\u00a0\ufeff"  # not all that str.strip takes: it knows a byte of latin-1
CONTROLS = re.compile("[\x80-\x9f]")
GZIP, UTF_16 = b"\x1f\x8b", (b"\xff\xfe", b"\xfe\xff")


class Lines(NamedTuple):
    """A file as text; left_out: how many columns without a name and without a cell."""

    cells: pd.DataFrame
    delimiter: str
    header: bool
    left_out: int


def read_csv(
    path: str | os.PathLike, encoding: str | None = None, header: bool | None = None
) -> Lines:
    """Read a csv file, or a gzip file of one.

    The delimiter (comma, semicolon, tab or bar) is what cuts the lines of the beginning alike;
    a first line `sep=;` says it.

    Args:
      path: the file; `~` is the home directory.
      encoding: of the file, None: UTF-8; a byte-order mark is dropped.
      header: whether the first line names the columns; None: it must, and must look so.

    Raises: InputError if the file is missing, no text, empty, without a header, or if a line has
      another number of cells than the header.
    """
    csv.field_size_limit(sys.maxsize)  # a long cell is no fault
    text = _decoded(path, encoding or "utf-8")
    said = re.match(r"\s*\"?sep=(.)\"?\r?\n", text)
    delimiter = said[1] if said else _delimiter(text[:BEGINNING])
    lines = _checked_lines(path, text[said.end() :] if said else text, delimiter)
    if header is False:
        lines.insert(0, [f"column {place + 1}" for place in range(len(lines[0]))])
    names, *rows = lines
    if not rows:
        raise InputError(f"{path} has {len(lines)} lines", "a header and rows", "add rows")
    if header is None:
        _check_header(path, names, rows)
    kept = [i for i, name in enumerate(names) if name or any(row[i] for row in rows)]
    for place in kept:
        if names[place] in names[:place] or (place and not names[place]):
            fault = f"{path}: column {place + 1} is named {names[place]!r}"
            raise InputError(fault, "a name of its own for every column", "correct the first line")
    cells = [[row[place] for place in kept] for row in rows]
    found = pd.DataFrame(cells, columns=[names[place] for place in kept], dtype=str)
    return Lines(found, delimiter, header is not False, len(names) - len(kept))


def without_marks(
    cells: pd.DataFrame, legal: Mapping[str, tuple]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """NaN for each cell that stands for nothing, but for what is `legal` in its column.

    Returns: the cells; how often each mark but the empty one was met.
    """
    marks = cells.apply(lambda column: column.str.casefold().isin(MISSING_MARKS))
    for name, names in legal.items():
        marks[name] &= ~cells[name].isin(list(map(str, names)))
    met = cells.where(marks & (cells != "")).stack().value_counts()
    return cells.mask(marks), {
        f"cells {mark!r}, taken for missing": int(n) for mark, n in met.items()
    }


def _decoded(path: str | os.PathLike, encoding: str) -> str:
    source = Path(path).expanduser()
    if not source.is_file():
        raise InputError(f"{path} is no file", "a csv file", "check the path")
    content = source.read_bytes()
    try:
        if content.startswith(GZIP):
            content = gzip.decompress(content)
        text = content.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (OSError, EOFError) as error:
        raise InputError(f"{path} ({error})", "a whole gzip file", "fetch it again") from None
    except LookupError:
        fault = f"--encoding {encoding}"
        raise InputError(
            fault, "an encoding that Python knows", "such as cp1252 or utf-16"
        ) from None
    except UnicodeDecodeError as error:
        likely = "utf-16" if content.startswith(UTF_16) else "cp1252"
        likely = "latin-1" if encoding.lower() == "cp1252" else likely
        fault = f"{path}: byte {error.start} is not {encoding}"
        mend = f"give --encoding {likely}, if it is that, or save the file as UTF-8"
        raise InputError(fault, f"a text file in {encoding}", mend) from None
    if control := CONTROLS.search(text):
        raise InputError(
            f"{path}: byte {ord(control.group()):#x} stands for nothing in {encoding}",
            "a text without control characters",
            "give --encoding cp1252, as which most such files were written",
        )
    if "\0" in text:
        raise InputError(f"{path} holds zero bytes", "a text file", "save the table as csv")
    return text


def _delimiter(beginning: str) -> str:
    """What cuts most lines of the beginning into as many cells as the first one, outside quotes.

    Of several the one that makes most cells. One cell more than names is as good: see below.
    """
    scores = {}
    for delimiter in DELIMITERS:
        lines = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
        widths = [len(line) for line in lines if any(line)] or [0]
        first = widths[0] if max(widths) > 1 else np.inf
        alike = np.mean([width - first in (0, 1) for width in widths[: max(len(widths) - 1, 2)]])
        scores[delimiter] = round(float(alike), 1) * (widths[0] > 1), widths[0]
    return max(DELIMITERS, key=scores.get)


def _checked_lines(path: str | os.PathLike, text: str, delimiter: str) -> list[list[str]]:
    """The cells of every line that is not blank; pandas.read_csv fills up short lines silently."""
    lines, numbers, first = [], [], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for line in reader:
            cells = [cell.strip(BLANKS) for cell in line]
            if any(cells):
                lines.append(cells)
                numbers.append(first)
            first = reader.line_num + 1
    except csv.Error as error:
        fault = (
            f"{path}, line {first}: a quote is opened there and not closed as it should ({error})"
        )
        raise InputError(fault, "a well-formed line", "look at the quotes of that line") from None
    if not lines:
        raise InputError(f"{path} has 0 lines", "a header and rows", "give a table with rows")
    width, more = len(lines[0]), [line[len(lines[0]) :] for line in lines[1:]]
    if more and all(len(extra) == 1 for extra in more):
        if any(extra != [""] for extra in more):
            lines[0] = ["", *lines[0]]  # names of rows, above which R and pandas leave no name
        else:
            lines[1:] = [line[:-1] for line in lines[1:]]
        width = len(lines[0])
    for number_of_line, line in zip(numbers, lines, strict=True):
        if len(line) != width:
            fault = f"{path}, line {number_of_line}: {len(line)} cells where the header has {width}"
            raise InputError(
                fault, "a well-formed line", "look at the quotes and delimiters of that line"
            )
    return lines


def _check_header(path: str | os.PathLike, names: list[str], rows: list[list[str]]) -> None:
    """Refuse a first line that looks like the others: read as names it would be lost.

    It does where every column of numbers has a number above it, unless these lie outside of their
    columns, as years do, and no name comes again below.
    """
    amounts, texts = [], []
    for name, column in zip(names, zip(*rows[:1000], strict=True), strict=True):
        cells = [cell for cell in column if cell]
        is_amount = cells and sum(parts_of(cell) is not None for cell in cells) > len(cells) / 2
        (amounts if is_amount else texts).append((name, cells))
    named = [(name, cells) for name, cells in amounts if name]
    again = [name in cells for name, cells in texts if name]
    if named:
        wrong = all(parts_of(name) for name, _ in named)
        spans = [(number(name), [v for v in map(number, cells) if v == v]) for name, cells in named]
        outside = all(v and not min(v) <= value <= max(v) for value, v in spans)
        wrong = wrong and not (again and outside and not any(again))
    else:
        wrong = bool(again) and all(again)
    if wrong:
        raise InputError(
            f"{path}: the first line is {', '.join(names[:4])}, like the lines below it",
            "a line with the names of the columns",
            "write one above; or give --no-header, or --header if these are the names",
        )
