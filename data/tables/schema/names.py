"""What is no amount: categories; ids, which are given anew; text, which is left empty."""

import dataclasses
import re
import string
import zlib
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from data.tables.dataset import Column, written
from data.tables.schema.numbers import number
from foundation.purposes import ROW_NAMES, rng

MOST_CATEGORIES = 50  # that models see; of more the rarest share a place, and keep their names
OTHERS = "(other)"  # that place; no cell ever holds it
NUMBERED = re.compile(r"(.*?)(\d+)(\D*)", re.DOTALL)
LOWER, UPPER = string.ascii_lowercase, string.ascii_uppercase
ALPHABETS = (string.digits, string.digits + "abcdef", string.digits + "ABCDEF", UPPER, LOWER)


@dataclasses.dataclass(frozen=True)
class CategoryCodec:
    """A column of names: a category, an ordinal (in the order declared) or a boolean.

    Args:
      names: of the cells; those that models see first.
      others: how many rows each of the last names has, which models see as one.
      kind: "category", "ordinal" or "boolean".
      numeric: whether "0" and "0.0" are one name.
    """

    names: tuple[str, ...]
    others: tuple[int, ...] = ()
    kind: str = "category"
    numeric: bool = False

    measured: ClassVar[bool] = False
    format: ClassVar[str] = ""

    @classmethod
    def learn(cls, counts: dict[str, int], order: Sequence[str], kind: str) -> "CategoryCodec":
        """From the names in order, and how many rows have each."""
        by_count = sorted(order, key=lambda name: -counts.get(name, 0))
        seen = set(by_count if kind == "ordinal" else by_count[:MOST_CATEGORIES])
        others = [name for name in order if name not in seen]
        first = [name for name in order if name in seen]
        return cls((*first, *others), tuple(counts.get(name, 0) for name in others), kind)

    def read(self, cells: Sequence[str]) -> np.ndarray:
        """Codes, float64 (cells,); NaN for a name that is not known."""
        first_other = len(self.names) - len(self.others)
        codes = {name: min(place, first_other) for place, name in enumerate(self.names)}
        if self.numeric:
            cells = [cell if (value := number(cell)) != value else written(value) for cell in cells]
        return np.array([codes.get(cell, np.nan) for cell in cells], np.float64)

    def write(self, values: np.ndarray, seed: int, start: int) -> list[str]:
        """The names; where several share a code, one of them, as often as it was among them."""
        codes, total = values.astype(np.int64), np.cumsum(self.others)
        shared = np.flatnonzero(codes == len(self.names) - len(self.others)) if self.others else ()
        column = zlib.crc32(repr(self.names).encode())
        for place in shared:
            chance = rng(seed, ROW_NAMES, column, start + place).random()
            codes[place] += np.searchsorted(total, chance * total[-1], "right")
        return [self.names[code] for code in codes]

    def column(self, name: str) -> Column | None:
        """What models see of it; nothing of a single name."""
        seen = self.names[: len(self.names) - len(self.others)] + (OTHERS,) * bool(self.others)
        return Column(name, seen) if len(seen) > 1 else None


class Unseen:
    """What columns have of which models see nothing."""

    measured: ClassVar[bool] = False
    format: ClassVar[str] = ""

    def column(self, name: str) -> None:
        """Nothing."""


@dataclasses.dataclass(frozen=True)
class IdCodec(Unseen):
    """A column of ids. Each row gets one that no row of the file has: they go on from the largest.

    Args:
      largest: of the file, as a number.
      places: the characters that each place of an id can have; (): ids of different lengths, of
        which the number counts that stands between `before` and `after`.
      regular: whether the ids of the file have one form.
    """

    largest: int
    places: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    regular: bool = True

    kind: ClassVar[str] = "id"

    @classmethod
    def learn(cls, cells: Sequence[str], name: str) -> "IdCodec":
        """The form of all ids of a file; of ids without any, `name` and a number."""
        places = (
            tuple(map(_alphabet, zip(*cells, strict=True))) if len({*map(len, cells)}) == 1 else ()
        )
        if any(len(place) > 1 for place in places):
            return cls(max(_number(cell, places) for cell in cells), places)
        matches = [NUMBERED.fullmatch(cell) for cell in cells]
        around = {match and (match[1], match[3]) for match in matches}
        if len(around) == 1 and None not in around:
            return cls(max(int(match[2]) for match in matches), (), *around.pop())
        return cls(-1, (), f"{name or 'id'}-", regular=False)

    def write(self, values: np.ndarray, seed: int, start: int) -> list[str]:
        """Ids of the rows start, start + 1, ..."""
        first = self.largest + 1 + start
        return [self._text(first + place) for place in range(len(values))]

    def _text(self, number: int) -> str:
        if not self.places:
            return f"{self.before}{number}{self.after}"
        characters = []
        for place in reversed(self.places):
            number, digit = divmod(number, len(place))
            characters.append(place[digit])
        lead = next(index for index, place in enumerate(self.places) if len(place) > 1)
        while number:  # all ids of this length are taken: they grow longer
            number, digit = divmod(number, len(self.places[lead]))
            characters.insert(len(self.places) - lead, self.places[lead][digit])
        return "".join(reversed(characters))


@dataclasses.dataclass(frozen=True)
class TextCodec(Unseen):
    """A column of free text, such as names of people: to repeat it would give rows away."""

    kind: ClassVar[str] = "text"

    def write(self, values: np.ndarray, seed: int, start: int) -> list[str]:
        """Empty cells."""
        return [""] * len(values)


def _alphabet(characters: Sequence[str]) -> str:
    """What a place can hold that holds these."""
    found = set(characters)
    likely = (next(iter(found)), *ALPHABETS, "".join(sorted(found | {*string.digits})))
    return next(alphabet for alphabet in likely if found <= set(alphabet))


def _number(cell: str, places: tuple[str, ...]) -> int:
    """An id as a number in the bases of its places."""
    number = 0
    for character, place in zip(cell, places, strict=True):
        number = number * len(place) + place.index(character)
    return number
