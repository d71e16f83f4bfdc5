"""Settings: frozen dataclasses whose fields know their help line and their legal values.

One dataclass is at once the documentation, the command line (`run.py` makes the flags from it), the
check of what a user gave, and what is stored in RUN/config.json. Nothing heavy is imported:
`--help` reads this.
"""

import dataclasses
import types
import typing

from foundation.errors import InputError

PRESETS = ("smoke", "quick", "full")
LARGEST_SEED = 2**31 - 1  # what every generator in use takes


def setting(
    default: object,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] | None = None,
    positional: bool = False,
) -> dataclasses.Field:
    """Declare one field of a Settings class.

    Args:
      default: the value for the preset `quick`; `dataclasses.MISSING` for a required one.
      help: one line, with the unit or range.
      minimum, maximum: inclusive bounds for numbers.
      choices: the legal values, if they are few.
      positional: True for an argument without a flag (`gan generate RUN`).
    """
    metadata = {"help": help, "choices": choices, "positional": positional}
    metadata |= {"minimum": minimum, "maximum": maximum}
    return dataclasses.field(default=default, metadata=metadata)


def value_type(field: dataclasses.Field) -> type:
    """The plain type of a field: `int` for `int` and for `int | None`."""
    if isinstance(field.type, types.UnionType):
        return next(kind for kind in typing.get_args(field.type) if kind is not type(None))
    return field.type


def has_type(value: object, field: dataclasses.Field) -> bool:
    """Whether a value has the type of its field; a whole number will do for a float."""
    if is_list(field):
        return isinstance(value, tuple | list)
    kind = value_type(field)
    if kind in (int, float) and isinstance(value, bool):
        return False
    return isinstance(value, int | float if kind is float else kind)


def is_list(field: dataclasses.Field) -> bool:
    """Whether a field takes one or more values: its type is `tuple[str, ...]`."""
    return typing.get_origin(field.type) is tuple


def flag_name(field_name: str) -> str:
    """`batch_size` -> `--batch-size`; `from_`, as `from` is a word of Python's -> `--from`."""
    return "--" + field_name.rstrip("_").replace("_", "-")


@dataclasses.dataclass(frozen=True)
class Settings:
    """Base of all settings: checks every field on construction.

    `presets` holds what a preset sets instead of the defaults: {preset: {field: value}}.
    Raises: InputError naming the flag, the value received and the legal values.
    """

    presets: typing.ClassVar[dict[str, dict]] = {}

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            name = field.name.upper() if field.metadata["positional"] else flag_name(field.name)
            if not has_type(value, field):
                kind = value_type(field).__name__
                raise InputError(f"{name} {value!r}", f"a value of type {kind}", "correct it")
            choices, minimum = field.metadata["choices"], field.metadata["minimum"]
            maximum = field.metadata["maximum"]
            if choices is not None and value not in choices:
                legal = ", ".join(map(str, choices))
                raise InputError(f"{name} {value}", f"one of {legal}", "choose one of these")
            too_small = minimum is not None and not value >= minimum  # `not >=` also refuses NaN
            if too_small or (maximum is not None and not value <= maximum):
                bounds = [] if minimum is None else [f"at least {minimum}"]
                bounds += [] if maximum is None else [f"at most {maximum}"]
                legal = f"a number of {' and '.join(bounds)}"
                raise InputError(f"{name} {value}", legal, f"give {name} a value in that range")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        """What a preset sets instead of the defaults; `given` holds what the user chose."""
        return cls.presets.get(preset, {})

    @classmethod
    def resolve(cls, given: dict) -> "Settings":
        """Defaults, then the preset, then what the user gave: the last word wins."""
        preset = given.get("preset", "quick")
        if preset not in PRESETS:
            raise InputError(f"--preset {preset}", f"one of {', '.join(PRESETS)}", "choose one")
        return cls(**{**cls.preset_values(preset, given), **given})


# What many commands have, to be inherited from; keyword-only, so `run.py` shows it last.


@dataclasses.dataclass(frozen=True, kw_only=True)
class Seeded(Settings):
    """Of a command that draws at random."""

    seed: int = setting(0, "seed of all that is drawn", minimum=0, maximum=LARGEST_SEED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sized(Settings):
    """Of a command that can do its work at three sizes."""

    preset: str = setting(
        "quick", "smoke: seconds, tests; quick: minutes; full: published figures", choices=PRESETS
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answering(Settings):
    """Of a command whose result can be read by a program."""

    json: bool = setting(False, "one JSON object on stdout, everything else on stderr")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Silenced(Settings):
    """Of a command that says what it does."""

    quiet: bool = setting(False, "no progress bar, no table and no summary")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measuring(Silenced, Answering, Sized, Seeded):
    """Of a command that measures."""
