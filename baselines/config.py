"""What can be chosen about the baselines: the flags of all models, of which each takes its own."""

import dataclasses

from baselines import Baseline
from baselines.registry import BASELINES, kind_of
from data.config import OfCsv, OfImages, OfText
from data.source import IMAGES, SERIES, TABLE, TEXT
from foundation.errors import InputError
from foundation.settings import flag_name, setting
from training.config import FORMATS, SampleSettings, TrainSettings

# Flags of every model, and of a kind of data; those of a model stand in its entry.
SHARED = {"model", "data", "out", "preset", "seed", "quiet"}
OF_KIND = {
    IMAGES: {"image_size", "max_images"},
    TEXT: {"encoding", "split", "max_characters"},
    SERIES: {"encoding", "schema", "header", "decimal"},
    TABLE: {"target", "features", "encoding", "schema", "header", "decimal", "clip_outliers"},
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class SharedSettings(TrainSettings, OfImages, OfText, OfCsv):
    """What every model takes, and what its kind of data has; see BaselineSettings."""

    model: str = setting(
        dataclasses.MISSING,
        "; ".join(f"{name}: {baseline.description}" for name, baseline in BASELINES.items()),
        choices=tuple(BASELINES),
        positional=True,
    )
    data: str | None = setting(
        None,
        "what `data list` names, or csv:PATH; default: "
        + "; ".join(f"{name}: {baseline.data}" for name, baseline in BASELINES.items()),
    )
    # tables
    target: str | None = setting(None, "tables: the column to be predicted, with the classes")
    features: int | None = setting(
        None, "tables: keep the N columns that tell most of the target", minimum=1
    )

    @property
    def kind(self) -> str:
        """What the data are read as: "images", "text", "series" or "table"."""
        return kind_of(self.model, self.data)

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        baseline = BASELINES[given["model"]]
        data = given.get("data") or baseline.data
        kind = kind_of(given["model"], data)
        defaults = {name: flag.default for name, flag in baseline.flags_of(kind).items()}
        values = {"data": data} | defaults | baseline.presets.get(preset, {})
        return values | baseline.presets.get((kind, preset), {})

    @classmethod
    def resolve(cls, given: dict) -> "SharedSettings":
        """As TrainSettings.resolve.

        Raises: InputError also for a flag that the model, or its kind of data, does not have.
        """
        model = given["model"]
        if model not in BASELINES:
            raise InputError(f"MODEL {model}", f"one of {', '.join(BASELINES)}", "choose one")
        settings = super().resolve(given)
        legal = SHARED | OF_KIND[settings.kind] | set(BASELINES[model].flags_of(settings.kind))
        if settings.kind in BASELINES[model].learners:
            legal |= {"resume"}
        for name in given:
            if name not in legal:
                flags = ", ".join(map(flag_name, sorted(legal - {"model"})))
                raise InputError(
                    f"{flag_name(name)} with {model} on {settings.data}",
                    f"a flag that it takes: {flags}",
                    f"leave {flag_name(name)} out",
                )
        return settings


def fields_of(baselines: dict[str, Baseline]) -> list[tuple[str, type, dataclasses.Field]]:
    """The flags of all models as fields of a dataclass, one for each name.

    The help says which models take the flag. Where their defaults differ, the field's is None and
    the help names them; `preset_values` gives each model its own.

    Raises: ValueError if two models take a flag of one name with another type or range.
    """
    takers: dict[str, dict] = {}
    for model, baseline in baselines.items():
        for name, flag in baseline.flags.items():
            takers.setdefault(name, {})[model] = flag
    return [(name, *_field(name, flags)) for name, flags in takers.items()]


def _field(name: str, flags: dict) -> tuple[type, dataclasses.Field]:
    """Type and field of a flag, from what each model that takes it says of it."""
    first, *others = flags.values()
    legal = first.type, first.minimum, first.maximum
    if any((other.type, other.minimum, other.maximum) != legal for other in others):
        raise ValueError(f"{' and '.join(flags)} take {flag_name(name)} of another type or range")
    by_help: dict[str, list[str]] = {}
    for model, flag in flags.items():
        by_help.setdefault(flag.help, []).append(model)
    text = "; ".join(f"{', '.join(models)}: {help}" for help, models in by_help.items())
    default = first.default
    if any(other.default != default for other in others):
        defaults = ", ".join(f"{model} {flag.default}" for model, flag in flags.items())
        text, default = f"{text}; default: {defaults}", None
    return first.type, setting(default, text, minimum=first.minimum, maximum=first.maximum)


BaselineSettings = dataclasses.make_dataclass(
    "BaselineSettings",
    fields_of(BASELINES),
    bases=(SharedSettings,),
    namespace={"__doc__": "Fit one of the chapter's other models.", "__module__": __name__},
    frozen=True,
    kw_only=True,
)


@dataclasses.dataclass(frozen=True)
class GenerateSettings(SampleSettings):
    """Write synthetic images, text, series or rows from a fitted run.

    None: not given; what a kind of data does not take is refused when the run is known.
    """

    count: int | None = setting(None, "images or rows of a table; default: 100", minimum=1)
    format: str | None = setting(None, "file format of images; default: npz", choices=FORMATS)
    length: int | None = setting(
        None, "characters or steps of each stream; default: 500", minimum=1
    )
    streams: int | None = setting(None, "independent texts or series; default: 1", minimum=1)
    prime: str | None = setting(None, "text to go on from")
    temperature: float | None = setting(
        None, "of text; 1: as learnt, the default; less: tamer", minimum=0.01, maximum=100.0
    )
