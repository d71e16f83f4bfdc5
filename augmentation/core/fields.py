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
) -> dataclasses.Field:
    """Declare one field of a transform.

    Args:
      default: its value where a recipe says nothing.
      help: one line, with the unit; `augment list` prints it.
      low, high: inclusive bounds of the number, or of both numbers of a range.
      choices: the legal values, if they are few.
    """
    metadata = {"help": help, "low": low, "high": high, "choices": choices}
    return dataclasses.field(default=default, metadata=metadata)


def snake_case(name: str) -> str:
    """`RandomResizedCrop` -> `random_resized_crop`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def check_names(recipe: object) -> None:
    """Raises: FieldError if the name, the version or the description is no text."""
    for field in ("name", "version", "description"):
        value = getattr(recipe, field)
        if not isinstance(value, str) or not (value.strip() or field == "description"):
            raise FieldError(field, value, "text in quotes", "write it so")


def check_number(name: str, value: object) -> None:
    """Raises: InputError for a seed or an epoch out of range."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not 0 <= value <= LARGEST_SEED:
        raise InputError(
            f"{name} {value!r}", f"a whole number from 0 to {LARGEST_SEED}", "choose another"
        )


def check_field(field: dataclasses.Field, value: object) -> None:
    """Refuse a value of the wrong type or outside the bounds.

    Raises: FieldError.
    """
    low, high = field.metadata["low"], field.metadata["high"]
    choices = field.metadata["choices"]
    if choices is not None:
        if value not in choices:
            raise FieldError(field.name, value, f"one of {', '.join(choices)}", "choose one")
        return
    if field.type in (Range, WholeRange):
        _check_numbers(field.name, value, 2, low, high)
        if field.type == WholeRange and not all(isinstance(number, int) for number in value):
            raise FieldError(field.name, value, "whole numbers", "round them")
        if value[0] > value[1]:
            raise FieldError(field.name, value, "the smaller number first", "exchange the two")
    elif field.type is bool:
        if not isinstance(value, bool):
            raise FieldError(field.name, value, "true or false", "write one of the two")
    elif typing.get_origin(field.type) is tuple:
        _check_numbers(field.name, value, len(typing.get_args(field.type)), low, high)
    else:
        _check_numbers(field.name, (value,), 1, low, high)
        if field.type is int and not isinstance(value, int):
            raise FieldError(field.name, value, "a whole number", "round it")


class Named:
    """Base of the dataclasses that a recipe names: checks every declared field on construction."""

    @classmethod
    def name(cls) -> str:
        """As recipes call it."""
        return snake_case(cls.__name__)

    def __post_init__(self):
        for field in dataclasses.fields(self):
            if field.metadata:  # the steps of a composition are no number
                check_field(field, getattr(self, field.name))


def _check_numbers(name: str, values: object, count: int, low, high) -> None:
    wanted = "a number" if count == 1 else f"{count} numbers in a list"
    shown = values[0] if count == 1 else values
    if not isinstance(values, tuple) or len(values) != count:
        raise FieldError(name, shown, wanted, "correct it")
    for value in values:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise FieldError(name, shown, wanted, "correct it")
        if (low is not None and value < low) or (high is not None and value > high):
            bounds = [f"at least {low}"] * (low is not None) + [f"at most {high}"] * (
                high is not None
            )
            raise FieldError(name, shown, f"{wanted} of {' and '.join(bounds)}", "correct it")
