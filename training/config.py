"""The settings every `train` and every `generate` of images has; what `--resume` means."""

import dataclasses
import json
from pathlib import Path

from foundation.errors import InputError, damage_named
from foundation.settings import Seeded, Silenced, Sized, flag_name, setting

# What may differ between a run and its continuation; the hash of `data` must be the old one.
CHANGEABLE_ON_RESUME = ("epochs", "out", "resume", "quiet", "data")
FORMATS = ("npz", "png", "tfrecord")  # of generated images
# Options that are gone, with the value that every run has now: runs that had it can go on.
GONE = {"conditioning": "projection", "covariance": "full"}
# Options that older runs lack, with the value that they had.
NEW = {"from_": None, "least_steps": 1}
NEW |= {"schema": None, "header": None, "decimal": None, "clip_outliers": False}


@dataclasses.dataclass(frozen=True)
class TrainSettings(Silenced, Sized, Seeded):
    """Settings shared by every model that is trained in epochs."""

    out: str | None = setting(None, "run directory; default: a new one under outputs/")
    epochs: int = setting(20, "passes over the data, in total, also with --resume", minimum=1)
    batch_size: int = setting(256, "samples a step", minimum=1)
    resume: bool = setting(False, "continue the run in --out, with its own settings")

    @classmethod
    def resolve(cls, given: dict) -> "TrainSettings":
        """As Settings.resolve; with `resume`, the stored settings of the run come first.

        Raises: InputError if there is no run, or if a flag contradicts how it was started.
        """
        if not given.get("resume"):
            return super().resolve(given)
        stored = stored_settings(given.get("out"), cls)
        for name, value in given.items():
            if name not in CHANGEABLE_ON_RESUME and stored[name] != value:
                raise InputError(
                    f"{flag_name(name)} {value} with --resume",
                    f"{stored[name]}, as the run was started",
                    f"leave {flag_name(name)} out, or start a new run in another --out",
                )
        return cls(**{**stored, **given})


def stored_settings(out: str | None, cls: type[TrainSettings]) -> dict:
    """The settings in RUN/config.json, as keyword arguments of `cls`.

    Raises: InputError if `out` is no run of this kind.
    """
    if out is None:
        raise InputError("--resume without --out", "the run to continue", "add --out RUN")
    path = Path(out) / "config.json"
    if not path.is_file():
        received = f"--resume --out {out}: no config.json there"
        raise InputError(received, "a run directory", "check the path")
    received, mend = (
        f"{path} cannot be read as a run of this kind",
        "resume another, or train again",
    )
    with damage_named(received, "the file this project wrote", mend):
        stored = json.loads(path.read_text(encoding="utf-8"))["settings"]
        values = {field.name: (NEW | stored)[field.name] for field in dataclasses.fields(cls)}
        gone = [
            name
            for name in stored
            if name not in values and stored[name] and stored[name] != GONE.get(name)
        ]
    if gone:
        raise InputError(
            f"--resume --out {out}, started with {flag_name(gone[0])} {stored[gone[0]]}",
            "a run without this option, which is gone",
            "train again without it",
        )
    return values


@dataclasses.dataclass(frozen=True)
class SampleSettings(Silenced, Seeded):
    """Settings shared by the models that `generate` images."""

    run: str = setting(dataclasses.MISSING, "directory of a finished training", positional=True)
    out: str | None = setting(
        None, "output directory; default: a new one under outputs/ (text: to the screen)"
    )
    label: str | None = setting(None, "name of the class of all samples (runs with labels)")
    balanced: bool = setting(
        False, "every class equally often (runs with labels); the default, but for tables"
    )
    batch_size: int = setting(1000, "samples held in memory at once; changes no sample", minimum=1)
    shard_size: int = setting(10_000, "images a file (npz, tfrecord)", minimum=1)

    def __post_init__(self):
        super().__post_init__()
        if self.balanced and self.label is not None:
            raise InputError(
                f"--balanced with --label {self.label}", "one of the two", "leave one out"
            )
