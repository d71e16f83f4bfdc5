"""What a cell of a csv file says, as far as it is a number."""

import math
import re

# What stands for "not known". Not "none" and not "-": both can be a genuine category.
MISSING_MARKS = frozenset({"", "?", "na", "n/a", "#n/a", "nan", "null"})
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")


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
