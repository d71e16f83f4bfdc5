"""The settings every `train` command has, and what `--resume` means."""

import dataclasses
import json
from pathlib import Path

from foundation.errors import InputError
from foundation.settings import LARGEST_SEED, PRESETS, Settings, flag_name, setting

# What may differ between a run and its continuation without changing any weight of the shared part.
# `data` may name a new place; its hash must be the old one.
CHANGEABLE_ON_RESUME = ("epochs", "out", "resume", "quiet", "data")


@dataclasses.dataclass(frozen=True)
class TrainSettings(Settings):
    """Settings shared by every model that is trained in epochs."""

    out: str | None = setting(None, "run directory; default: a new one under outputs/")
    preset: str = setting(
        "quick", "smoke: seconds; quick: minutes; full: published numbers", choices=PRESETS
    )
    seed: int = setting(
        0, "seed of weights, data order, noise and dropout", minimum=0, maximum=LARGEST_SEED
    )
    epochs: int = setting(
        20, "passes over the training data, in total, also with --resume", minimum=1
    )
    batch_size: int = setting(256, "samples a step", minimum=1)
    resume: bool = setting(False, "continue the run in --out, with its own settings")
    quiet: bool = setting(False, "no progress bar")

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
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["settings"]
        values = {field.name: stored[field.name] for field in dataclasses.fields(cls)}
        gone = [name for name in stored if name not in values and stored[name]]
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"--resume --out {out}: no config.json there", "a run directory", "check the path"
        ) from None
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read as a run of this kind ({error!r})",
            "the file this project wrote",
            "resume another run, or train again",
        ) from None
    if gone:
        raise InputError(
            f"--resume --out {out}, started with {flag_name(gone[0])} {stored[gone[0]]}",
            "a run without this option, which is gone",
            "train again without it",
        )
    return values
