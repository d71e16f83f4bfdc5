"""A metric without an answer says why and does not end the report; each has its real figure."""

from collections.abc import Callable
from typing import TypeVar

from foundation.errors import InputError

Side = TypeVar("Side")

# What computing says when the numbers allow no answer; LinAlgError is a ValueError. Everything
# else (a TypeError, a KeyError) is a fault of the program and must be seen.
NO_ANSWER = (InputError, ValueError, ArithmeticError, MemoryError)


def answer(compute: Callable[[], dict]) -> dict:
    """What `compute` returns, or {"value": None, "reason": why there is no answer}."""
    try:
        return compute()
    except NO_ANSWER as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        return {"value": None, "reason": reason}


def beside(
    how_to_read: str, compute: Callable[[Side], dict], synthetic: Side, real: Side
) -> dict[str, object]:
    """The figure of the synthetic side beside that of the real one, as `joined` has them, in words.

    Args:
      how_to_read: which way is better, and what a bad figure means.
    """
    found = joined(answer(lambda: compute(synthetic)), answer(lambda: compute(real)))
    return {**found, "how_to_read": how_to_read}


def joined(made: dict, real: dict) -> dict:
    """{"value", "real"} and the details of both, the real side's with names from real_ on."""
    details = {key: detail for key, detail in made.items() if key != "value"}
    details |= {f"real_{key}": detail for key, detail in real.items() if key != "value"}
    return {"value": made["value"], "real": real["value"], **details}
