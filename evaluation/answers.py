"""A metric without an answer is a line with its reason: it does not end the report."""

from collections.abc import Callable

from foundation.errors import InputError

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


def row(name: str, synthetic: str, real: str, words: str) -> str:
    """A line of the table; a space of its own keeps full columns apart."""
    return f"{name:<25} {synthetic:>15} {real:>15}   {words}"
