"""The chapter's simpler generators: what the networks have to beat.

Each is a folder: its formulas, its fit, a file a kind of data. What it learns and which flags it
takes, BASELINE in the folder's __init__.py says, without a heavy import: `--help` reads it. To add
one, add its folder: the registry finds it.
"""

import dataclasses
import types


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
    """

    type: type | types.UnionType
    default: object
    help: str
    kind: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclasses.dataclass(frozen=True)
class Baseline:
    """A model that `baseline train` knows.

    Args:
      description: in a few words.
      data: its data set where none is named.
      generators: kind of data -> "module:class", a training.generator.Generator. The first kind
        is meant where a name (`folder:PATH`, `csv:PATH`) can be read as several.
      learners: kind of data -> "module:class", for those fitted in epochs (baselines/train.py).
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
