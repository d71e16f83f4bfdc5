"""What can be chosen about an evaluation."""

import dataclasses

from data.settings import LARGEST_SEED, PRESETS, Settings, setting


@dataclasses.dataclass(frozen=True)
class GanEvaluateSettings(Settings):
    """Settings of `gan evaluate`."""

    run: str = setting(dataclasses.MISSING, "directory of a finished training", positional=True)
    data: str | None = setting(
        None, "the run's data set, if it lies elsewhere now: folder:PATH or npz:PATH"
    )
    count: int = setting(10_000, "images on each side, at most", minimum=1)
    split: str = setting(
        "test",
        "real images to compare with: test to report, validation to choose by",
        choices=("test", "validation"),
    )
    seed: int = setting(0, "seed of the samples and of the choice of real images", minimum=0)
    preset: str = setting(
        "quick", "smoke: 200 images and features of one epoch, for tests", choices=PRESETS
    )
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no table, only the files")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        return {"count": 200} if preset == "smoke" else {}


@dataclasses.dataclass(frozen=True)
class TextEvaluateSettings(Settings):
    """Settings of `text evaluate`."""

    run: str = setting(dataclasses.MISSING, "directory of a training", positional=True)
    data: str | None = setting(
        None, "the run's text, if it lies elsewhere now: file:PATH or folder:PATH"
    )
    windows: int = setting(
        2_560, "random windows of 256 characters; full: 12,800, as nanoGPT takes", minimum=1
    )
    characters: int = setting(100_000, "characters that the model writes", minimum=100)
    temperature: float = setting(0.8, "of what the model writes", minimum=0.0)
    seed: int = setting(0, "seed of the windows and of the text", minimum=0, maximum=LARGEST_SEED)
    preset: str = setting(
        "quick", "smoke: seconds; quick: a minute or two; full: published numbers", choices=PRESETS
    )
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no tables, only the files")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        presets = {"smoke": {"windows": 64, "characters": 2000}, "full": {"windows": 12_800}}
        return presets.get(preset, {})


@dataclasses.dataclass(frozen=True)
class TextUtilitySettings(Settings):
    """Settings of `text utility`."""

    run: str = setting(dataclasses.MISSING, "directory of a training", positional=True)
    data: str | None = setting(
        None, "the run's text, if it lies elsewhere now: file:PATH or folder:PATH"
    )
    seeds: int = setting(3, "trainings of each kind", minimum=1)
    budget: int = setting(2_000_000, "characters that each training reads", minimum=1)
    units: int = setting(128, "cells of each layer of the model that is trained", minimum=1)
    temperature: float = setting(1.0, "of the synthetic text; 1: as learned", minimum=0.0)
    seed: int = setting(0, "seed of the synthetic text", minimum=0, maximum=LARGEST_SEED)
    preset: str = setting(
        "quick", "smoke: one seed and 20,000 characters, for tests", choices=PRESETS
    )
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no progress bar")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        return {"seeds": 1, "budget": 20_000, "units": 16} if preset == "smoke" else {}


@dataclasses.dataclass(frozen=True)
class ErrataSettings(Settings):
    """Settings of `errata`."""

    only: str | None = setting(None, "one erratum, for example E1; default: all of them")
    out: str | None = setting(None, "directory of the pictures; default: a new one under outputs/")
    seed: int = setting(0, "seed of the exhibits that train", minimum=0)
    json: bool = setting(False, "print one JSON object on stdout")
