"""Numbers as people write them: which marks a column uses, how its cells are read and written."""

import collections
import dataclasses
import functools
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import ClassVar, NamedTuple

import numpy as np

from data.tables.dataset import DIGITS, Column, written

BLANKS = " \u00a0\u202f\u2009"
CURRENCY = "[A-Z]{0,3}[$€£¥₹]"
WRITTEN = re.compile(  # a sign and what stands before the digits; these; what follows them
    rf"(?P<open>\()?(?P<before>(?:[+\-\u2212]|{CURRENCY}[{BLANKS}]?)*)"
    rf"(?P<digits>\d(?:[\d.,'’{BLANKS}]*\d)?\.?|[.,]\d+)(?P<power>[eE][+-]?\d+)?"
    rf"(?P<after>[{BLANKS}]?(?:[^\W\d_][^\d()]{{0,10}}|[%‰°$€£¥₹][^\d()]{{0,3}}))?(?P<close>\))?"
)
LONGEST = 15  # digits that a float keeps; a whole number of more is a code


class Parts(NamedTuple):
    """A cell that looks like a number, taken apart; minus: "-", "−" or "(" of a negative one."""

    minus: str
    affixes: tuple[str, str]
    digits: str
    power: str


@functools.lru_cache(100_000)
def parts_of(cell: str) -> Parts | None:
    """The parts of a cell; None where it does not look like a number."""
    match = WRITTEN.fullmatch(cell)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    signs = re.findall(r"[+\-\u2212]", match["before"]) + ["("] * bool(match["open"])
    prefix = re.sub(r"[+\-\u2212]", "", match["before"])
    affixes = prefix, match["after"] or ""
    parts = Parts("".join(signs).replace("+", ""), affixes, match["digits"], match["power"] or "")
    return parts if len(signs) < 2 else None


def is_code(digits: str) -> bool:
    """Whether digits are a name, not an amount: "007", or more of them than a float keeps."""
    return digits.isdecimal() and (len(digits) > LONGEST or (len(digits) > 1 and digits[0] == "0"))


def number(cell: str | float) -> float:
    """The finite number that a plain cell is, or NaN: of "1,234" and "12 kg", and of no cell."""
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) and "_" not in cell else math.nan


@functools.cache
def pattern(decimal: str, thousands: str) -> re.Pattern:
    """What digits with these marks look like."""
    grouped = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|" if thousands else ""
    return re.compile(rf"(?:{grouped}\d*)(?:{re.escape(decimal)}\d*)?")


def marks_of(digits: Iterable[str]) -> list[tuple[str, str]]:
    """The (decimal mark, mark of thousands) that read most of these digits, the plainest first."""
    digits = list(digits)
    used = {mark for each in digits for mark in each if not mark.isdigit()}
    others = sorted(used - {".", ","})
    pairs = [(d, t) for d, other in (".,", ",.") for t in ("", *others, other)]
    counts = {
        pair: sum(pattern(*pair).fullmatch(each) is not None for each in digits) for pair in pairs
    }
    best = [pair for pair in pairs if counts[pair] == max(counts.values())]
    return best if used & {".", ","} else best[:1]


@dataclasses.dataclass(frozen=True)
class NumberCodec:
    """A column of numbers.

    Args:
      kind: "integer" or "number".
      decimals: digits after the mark that values have at most; more than 15: as many as they need.
      shown: digits after the mark that every cell has; None: as few as a value needs.
      power: whether every cell has a power of ten, as 1.50e-7 has.
      decimal, thousands, minus, affixes: see `marks_of` and `Parts`.
      range: smallest and largest value that is legal, if that was declared.
    """

    kind: str
    decimals: int = 0
    shown: int | None = None
    decimal: str = "."
    thousands: str = ""
    minus: str = "-"
    affixes: tuple[str, str] = ("", "")
    range: tuple[float, float] | None = None
    power: bool = False

    measured: ClassVar[bool] = True

    @classmethod
    def learn(
        cls, cells: Sequence[str], marks: tuple[str, str], affixes: tuple[str, str] | None = None
    ) -> "NumberCodec":
        """How numbers are written, from different cells, of which some may be none."""
        found = [parts for cell in cells if (parts := parts_of(cell))]
        counts = collections.Counter(parts.affixes for parts in found)
        affixes = affixes or max(counts, key=counts.get, default=("", ""))
        minus = min((parts.minus for parts in found if parts.minus), default="-")
        codec = cls("integer", 0, None, *marks, minus, affixes)
        plain = [text for cell in cells if (text := codec._plain(cell))]
        digits = [max(0, -Decimal(text).as_tuple().exponent) for text in plain]
        shown = digits[0] if {*digits} == {*digits[:1]} and any(digits) else None
        if plain and all("e" in text.lower() for text in plain):
            digits = [len(text.lower().partition("e")[0].partition(".")[2]) for text in plain]
            return dataclasses.replace(
                codec, kind="number", decimals=DIGITS + 1, shown=max(digits), power=True
            )
        if all(float(text).is_integer() for text in plain):
            return dataclasses.replace(codec, shown=shown)
        return dataclasses.replace(codec, kind="number", decimals=max(digits), shown=shown)

    def _plain(self, cell: str) -> str:
        """The cell as Python writes numbers; "" where it is none."""
        parts, form = parts_of(cell), pattern(self.decimal, self.thousands)
        if not parts or parts.affixes != self.affixes or not form.fullmatch(parts.digits):
            return ""
        digits = parts.digits.replace(self.thousands, "") if self.thousands else parts.digits
        text = "-" * bool(parts.minus) + digits.replace(self.decimal, ".") + parts.power
        return text if math.isfinite(float(text)) else ""

    def read(self, cells: Sequence[str]) -> np.ndarray:
        """float64 (cells,); NaN for what is no such number, or is outside the declared range."""
        values = np.array([float(self._plain(cell) or "nan") for cell in cells], np.float64)
        low, high = self.range or (-np.inf, np.inf)
        return np.where((values >= low) & (values <= high), values, np.nan)

    def write(self, values: np.ndarray, seed: int, start: int) -> list[str]:
        """Cells of legal values, in the form of the others."""
        return [self._written(value) for value in values.tolist()]

    def _written(self, value: float) -> str:
        text = written(abs(value))
        if self.shown is not None and "e" not in text:
            text = f"{abs(value):.{self.shown}f}"
        if self.power:
            text = f"{abs(value):.{self.shown}e}"
        whole, point, rest = text.partition(".")
        if self.thousands and whole.isdecimal():
            whole = f"{int(whole):,}".replace(",", self.thousands)
        text = self.affixes[0] + whole + point.replace(".", self.decimal) + rest + self.affixes[1]
        signed = f"({text})" if self.minus == "(" else self.minus + text
        return signed if value < 0 else text

    def column(self, name: str) -> Column:
        """What models see of it."""
        return Column(name, decimals=self.decimals, span=self.range)

    @property
    def format(self) -> str:
        """A number in this form, as a schema file declares it; "" for a plain one."""
        if (self.decimal, self.thousands, self.affixes) == (".", "", ("", "")):
            return ""
        rest = self.decimal + "50"[: max(self.shown or self.decimals, 1)]
        digits = f"1{self.thousands}234" + rest * (self.kind == "number" or bool(self.shown))
        return self.affixes[0] + digits + self.affixes[1]
