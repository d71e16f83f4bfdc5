"""What a baseline says of itself, for the registry and the command line. No heavy import."""

import dataclasses
import types

from data.source import IMAGES, SERIES, TABLE, TEXT

__all__ = ["IMAGES", "SERIES", "TABLE", "TEXT", "Baseline", "Flag"]  # what an entry may use


@dataclasses.dataclass(frozen=True)
class Flag:
    """A flag of `baseline train` that a model takes. Several models may take one of the same name,
    if its type and range are the same; default and help may differ.

    Args:
      type: of the value; `int | None` where None is a choice.
      default: the value for the preset `quick`.
      help: what it means for this model, with the unit or range.
      kind: the kind of data that it is for; None: every kind that the model learns.
      minimum, maximum: inclusive bounds for numbers.
      choices: the legal values, if they are few.
    """

    type: type | types.UnionType
    default: object
    help: str
    kind: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] | None = None


@dataclasses.dataclass(frozen=True)
class Baseline:
    """A model that `baseline train` knows.

    Args:
      description: in a few words.
      data: its data set where none is named.
      generators: kind of data -> "module:class", a training.generator.Generator. The first kind
        is meant where a name (`folder:PATH`, `csv:PATH`) can be read as several.
      learners: kind of data -> "module:class", a BaselineLearner, for those fitted in epochs.
      fits: kind of data -> "module:function", (data, settings) -> Generator, for the others.
      flags: by the name of the field, what can be chosen beside the data.
      presets: what a preset sets instead of the defaults: preset -> values, and
        (kind of data, preset) -> values, which count for more.
    """

    description: str
    data: str
    generators: dict[str, str]
    learners: dict[str, str] = dataclasses.field(default_factory=dict)
    fits: dict[str, str] = dataclasses.field(default_factory=dict)
    flags: dict[str, Flag] = dataclasses.field(default_factory=dict)
    presets: dict[str | tuple[str, str], dict] = dataclasses.field(default_factory=dict)

    def flags_of(self, kind: str) -> dict[str, Flag]:
        """The flags that the model takes for a kind of data."""
        return {name: flag for name, flag in self.flags.items() if flag.kind in (None, kind)}
