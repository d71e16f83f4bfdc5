"""Fields that a recipe may set: declared, explained, checked. No heavy import: texts need none."""

import dataclasses
import math
import re
import typing

import numpy as np

from foundation.errors import InputError
from foundation.settings import LARGEST_SEED

Range = tuple[float, float]  # a value is drawn uniformly between the two
WholeRange = tuple[int, int]  # a whole number is drawn, both ends included


class FieldError(InputError):
    """A field of a transform is at fault; a recipe puts the path to the field before it."""

    def __init__(self, field: str, received: object, expected: str, mend: str):
        super().__init__(f"{field} {received!r}", expected, mend)
        self.parts = (field, received, expected, mend)


def option(
    default: object,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
    steps: int | None = None,
) -> dataclasses.Field:
    """Declare one field of a transform, with the default and the help that `augment list` prints.

    Args:
      low, high: inclusive bounds of the number, or of both numbers of a range.
      choices: the legal values, if they are few.
      steps: what is drawn from a range becomes a multiple of 1/steps, a power of 2.
    """
    metadata = {"help": help, "low": low, "high": high, "choices": choices, "steps": steps}
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Named:
    """Base of all that a recipe names: checks every declared field on construction."""

    probability: float = option(
        1.0, "share of the samples it is applied to, in [0, 1]", low=0.0, high=1.0
    )

    @classmethod
    def name(cls) -> str:
        """As recipes call it: `RandomResizedCrop` -> `random_resized_crop`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    def __post_init__(self):
        for field in dataclasses.fields(self):
            if field.metadata:  # the steps of a composition are no number
                check_field(field, getattr(self, field.name))


@dataclasses.dataclass(frozen=True)
class NamedSteps:
    """Base of recipes: steps under a name, with a version that changes with them.

    Raises: FieldError if the name, the version or the description is no text.
    """

    name: str
    version: str = "1.0"
    description: str = ""
    steps: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "steps", tuple(self.steps))
        for field in ("name", "version", "description"):
            value = getattr(self, field)
            if not isinstance(value, str) or not (value.strip() or field == "description"):
                raise FieldError(field, value, "text in quotes", "write it so")


def check_number(name: str, value: object) -> None:
    """Raises: InputError for a seed or an epoch out of range."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not 0 <= value <= LARGEST_SEED:
        expected = f"a whole number from 0 to {LARGEST_SEED}"
        raise InputError(f"{name} {value!r}", expected, "choose another")


def check_field(field: dataclasses.Field, value: object) -> None:
    """Refuse a value of the wrong type or outside the bounds.

    Raises: FieldError.
    """
    name, (low, high) = field.name, (field.metadata["low"], field.metadata["high"])
    if choices := field.metadata["choices"]:
        if value not in choices:
            raise FieldError(name, value, f"one of {', '.join(choices)}", "choose one")
    elif typing.get_origin(field.type) is tuple:
        _check_numbers(name, value, 2, low, high)
        if field.type == WholeRange and not all(isinstance(number, int) for number in value):
            raise FieldError(name, value, "whole numbers", "round them")
        if value[0] > value[1]:
            raise FieldError(name, value, "the smaller number first", "exchange the two")
    else:
        _check_numbers(name, (value,), 1, low, high)
        if field.type is int and not isinstance(value, int):
            raise FieldError(name, value, "a whole number", "round it")


def is_number(value: object) -> bool:
    """Whether this is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_numbers(
    name: str, values: object, count: int, low: float | None, high: float | None
) -> None:
    wanted = "a number" if count == 1 else f"{count} numbers in a list"
    shown = values[0] if count == 1 else values
    if not isinstance(values, tuple) or len(values) != count or not all(map(is_number, values)):
        raise FieldError(name, shown, wanted, "correct it")
    bounds = [] if low is None else [f"at least {low}"]
    bounds += [] if high is None else [f"at most {high}"]
    for value in values:
        if (low is not None and value < low) or (high is not None and value > high):
            raise FieldError(name, shown, f"{wanted} of {' and '.join(bounds)}", "correct it")
