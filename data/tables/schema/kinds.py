"""Which kind a column is: as it was declared, or as its training cells look."""

import collections
import dataclasses
import itertools
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from data.tables.dataset import written
from data.tables.schema.dates import DateCodec, forms_of, parse, split_zone
from data.tables.schema.names import CategoryCodec, IdCodec, TextCodec
from data.tables.schema.numbers import NumberCodec, is_code, marks_of, number, parts_of
from foundation.errors import InputError

KINDS = ("integer", "number", "category", "ordinal", "boolean", "date", "id", "text")
Codec = NumberCodec | DateCodec | CategoryCodec | IdCodec | TextCodec

MOST_NUMBERS = 0.95  # share of the cells; then even few different numbers are amounts
MOST_WORDS = 20  # different ones that may stand in the place of numbers or dates
MOST_CLASSES = 20  # more different numbers in the target are no classes
MOST_NAMES = 20  # a text column with more values than that, most of them single, names its rows
SPARSE, REPEATED = 0.25, 5  # a code takes fewer of the whole numbers, and each in more rows
BOOLEANS = ({"true", "false"}, {"yes", "no"}, {"t", "f"}, {"y", "n"}, {"0", "1"}, {"on", "off"})
NAMES_ROWS = re.compile(
    r"(?i:(.*[_\W])?(id|key|uuid|guid|index|nr|no|number|row)s?|unnamed: 0)|.*[a-z](Id|ID)|"
)


class Declared(NamedTuple):
    """What a schema file says of a column; see docs/own_data.md."""

    kind: str | None = None
    format: str | None = None  # of a number an example, of a date as strptime names it
    range: tuple = ()  # two numbers or dates, or the names of a category in their order
    unit: str = ""  # of the numbers, for people


class Place(NamedTuple):
    """What is known of a column beside its training cells."""

    name: str
    cells: Sequence[str]  # all that are not missing: no id of the file may come again
    decimal: Callable[[], str | None]  # the mark of the file, if said or shown by a column
    delimiter: str = ","  # of the file
    is_target: bool = False  # whether it is to be predicted


def learn_codec(counts: dict[str, int], place: Place, declared: Declared) -> Codec:
    """What reads the cells of a column and writes them again.

    Args:
      counts: how many training rows have each cell; the missing ones are not among them.

    Raises: InputError where the cells are no such kind, or can be read in two ways.
    """
    cells, kind = list(counts), declared.kind
    if kind == "text" or not cells:
        return TextCodec()
    if kind in ("category", "ordinal", "boolean") or (kind is None and len(cells) < 3):
        both = {cell.casefold() for cell in cells}
        return _categories(counts, declared, kind or ("category", "boolean")[both in BOOLEANS])
    if kind is not None:
        if kind == "id":
            return IdCodec.learn(place.cells, place.name)
        return (_date if kind == "date" else _number)(cells, place, declared)
    if forms_of(cells) and _are_most(counts, _date(cells, place, declared, guess=True), place):
        return _date(cells, place, declared)
    digits = [parts.digits for parts in map(parts_of, cells) if parts]
    if digits and not any(map(is_code, digits)):
        codec, rows = _number(cells, place, declared, guess=True), sum(counts.values())
        if _are_most(counts, codec, place):
            if _is_code(codec, cells, rows, place):
                return _categories(counts, declared, "category")
            if codec.kind == "integer" and len(cells) == rows and _names_rows(place):
                return IdCodec.learn(place.cells, place.name)
            return _number(cells, place, declared)
    return _names(counts, place, declared)


def _are_most(counts: dict[str, int], codec: Codec, place: Place) -> bool:
    """Whether the cells that a codec can read make the column one of its kind."""
    values, rows = codec.read(list(counts)), np.array(list(counts.values()))
    read = ~np.isnan(values)
    share, different = rows[read].sum() / rows.sum(), len(np.unique(values[read]))
    if place.is_target:
        return bool(share == 1 and different > 2)
    few_words = np.count_nonzero(~read) <= MOST_WORDS
    amounts = share >= 0.5 and different > MOST_CLASSES and few_words
    return bool(different > 2 and (share >= MOST_NUMBERS or amounts))


def _is_code(codec: NumberCodec, cells: Sequence[str], rows: int, place: Place) -> bool:
    """Whether numbers are classes, or names: few, whole, far between and often repeated."""
    values = codec.read(cells)
    different = np.unique(values[~np.isnan(values)])
    if len(different) > MOST_CLASSES or place.is_target:
        return len(different) <= MOST_CLASSES
    sparse = len(different) < SPARSE * (np.ptp(different) + 1)
    plain = codec.kind == "integer" and codec.affixes == ("", "")
    return bool(plain and sparse and rows >= REPEATED * len(different))


def _names_rows(place: Place) -> bool:
    """Whether whole numbers, each one once, name the rows: by the column's name, or in turn."""
    if NAMES_ROWS.fullmatch(place.name):
        return True
    if not all(map(str.isdecimal, place.cells)):
        return False
    numbers = list(map(int, place.cells))
    in_turn = all(low < high for low, high in itertools.pairwise(numbers))
    return (
        in_turn
        and len(numbers) > MOST_NAMES
        and numbers[0] in (0, 1)
        and numbers[-1] <= 1.5 * len(numbers)
    )


def _names(counts: dict[str, int], place: Place, declared: Declared) -> Codec:
    """Ids, text, or categories."""
    rows, cells = sum(counts.values()), list(counts)
    most_differ = len(cells) > max(MOST_NAMES, rows / 2) and not place.is_target
    if most_differ and (len(cells) == rows or NAMES_ROWS.fullmatch(place.name)):
        ids = IdCodec.learn(place.cells, place.name)
        if ids.regular:
            return ids
    if most_differ and not all(map(str.isdecimal, cells)):
        return TextCodec()
    return _categories(counts, declared, "category")


def _categories(counts: dict[str, int], declared: Declared, kind: str) -> CategoryCodec:
    """The names as declared, or those there are, numbers first and in their order."""
    if declared.range:
        return CategoryCodec.learn(counts, list(map(str, declared.range)), kind)
    numbers = {cell: number(cell) for cell in counts}
    spelled_twice = (
        len({*numbers.values()}) < len(counts) and not np.isnan([*numbers.values()]).any()
    )
    if spelled_twice and not any(map(is_code, counts)):  # "0" and "0.0" are one
        merged: collections.Counter = collections.Counter()
        for cell, count in counts.items():
            merged[written(numbers[cell])] += count
        found = CategoryCodec.learn(merged, sorted(merged, key=float), kind)
        return dataclasses.replace(found, numeric=True)
    order = sorted(counts, key=lambda cell: (np.nan_to_num(numbers[cell], nan=np.inf), cell))
    return CategoryCodec.learn(counts, order, kind)


def _number(
    cells: Sequence[str], place: Place, declared: Declared, guess: bool = False
) -> NumberCodec:
    """How a column of numbers is written; `guess`: where that can be two ways, take one."""
    affixes, kind = None, declared.kind
    if declared.format:
        example = parts_of(declared.format)
        if example is None:
            fault = f"the format {declared.format!r} of column {place.name!r}"
            raise InputError(
                fault, "a number as it stands in a cell, as '1.234,50 €'", "correct it"
            )
        affixes, found = example.affixes, [mark for mark in example.digits if not mark.isdigit()]
        if kind == "integer" and len({*found}) == 1:
            found.append(",."[found[0] == ","])
        marks = (found[-1], found[0] if len({*found}) > 1 else "") if found else (".", "")
    else:
        marks = _marks(cells, place, kind == "integer", guess)
    codec = NumberCodec.learn(cells, marks, affixes)
    if kind == "integer" and codec.kind != kind:
        fraction = next(c for c, v in zip(cells, codec.read(cells), strict=True) if v % 1 > 0)
        fault = f"column {place.name!r}, declared an integer, with {fraction!r}"
        raise InputError(fault, "whole numbers", "declare it a number")
    ends = tuple(map(float, declared.range)) or None
    return dataclasses.replace(codec, kind=kind or codec.kind, range=ends)


def _marks(cells: Sequence[str], place: Place, whole: bool, guess: bool) -> tuple[str, str]:
    """(decimal mark, mark of thousands) of a column; `whole`: its numbers are."""
    legal, shown = marks_in(cells)
    if shown or not any(mark in cell for cell in cells for mark in ".,"):
        return legal[0]
    mark = next(mark for cell in cells if parts_of(cell) for mark in cell if mark in ".,")
    decimal = ",."[mark == ","] if whole else place.decimal()
    if place.delimiter == "," or (mark == "." and place.delimiter != ";"):
        decimal = decimal or "."  # as most write it there
    if decimal is None and not guess:
        cell = next(cell for cell in cells if mark in cell)
        raise InputError(
            f"column {place.name!r}: {cell!r} can be {cell.replace(mark, '')} or "
            f"{cell.replace(mark, '.')}",
            "a decimal mark that can be told",
            "give --decimal . or --decimal , or the column's type and format in --schema FILE",
        )
    return next((marks for marks in legal if marks[0] == decimal), legal[0])


def marks_in(cells: Sequence[str]) -> tuple[list[tuple[str, str]], str | None]:
    """`marks_of` a column of different cells; its decimal mark if that is beyond doubt."""
    digits = [parts.digits for parts in map(parts_of, cells) if parts]
    legal = marks_of(digits)
    decimals = {decimal for decimal, _ in legal}
    used = {mark for each in digits for mark in each} & {".", ","}
    return legal, legal[0][0] if used and (len(decimals) == 1 or len(used) == 2) else None


def _date(cells: Sequence[str], place: Place, declared: Declared, guess: bool = False) -> DateCodec:
    """How a column of dates is written; `guess`: where that can be two ways, take one."""
    forms = [declared.format] if declared.format else forms_of(cells)
    readings = {form: [parse(split_zone(cell)[0], form) for cell in cells] for form in forms}
    if not any(any(moments) for moments in readings.values()):
        raise InputError(
            f"column {place.name!r}, declared a date, with {cells[0]!r}",
            f"dates in the form {declared.format or 'YYYY-MM-DD or another that is known'}",
            'give its form as strptime names it, such as format = "%d.%m.%Y"',
        )
    first, *others = readings
    differs = next((form for form in others if readings[form] != readings[first]), None)
    if differs and not guess:
        raise InputError(
            f"column {place.name!r}: {cells[0]!r} can be {first} or {differs}",
            "a day that tells them apart",
            f'say in --schema FILE: {place.name} = {{type = "date", format = "{first}"}}',
        )
    codec = DateCodec.learn(cells, first)
    ends = tuple(codec.read([*map(str, declared.range)])) or None
    return dataclasses.replace(codec, range=ends)
