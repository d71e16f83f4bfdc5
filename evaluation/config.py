"""What can be chosen about an evaluation."""

import dataclasses
from typing import ClassVar

from data.kinds import (
    DATA_HELP,
    IMAGE_SIZE_HELP,
    LARGEST_IMAGE_SIZE,
    SMALLEST_IMAGE_SIZE,
    SMALLEST_TEXT,
    TEXT_HELP,
    TEXT_SPLITS,
)
from foundation.settings import LARGEST_SEED, PRESETS, Settings, setting


@dataclasses.dataclass(frozen=True)
class GanEvaluateSettings(Settings):
    """Settings of `gan evaluate`."""

    family: ClassVar[str] = "gan"
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

    family: ClassVar[str] = "text"
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
class TableEvaluateSettings(Settings):
    """Settings of `evaluate table`."""

    real: str = setting(
        dataclasses.MISSING,
        "breast_cancer or a csv file; a generator may have seen its training part only",
        positional=True,
    )
    synthetic: str = setting(
        dataclasses.MISSING, "a csv file of synthetic rows, of any origin", positional=True
    )
    target: str | None = setting(
        None, "column that classifiers predict; default: diagnosis for breast_cancer, else none"
    )
    held_out: str | None = setting(
        None,
        "a csv file of real rows that the generator has not seen, if it has seen all of REAL",
    )
    seeds: int = setting(5, "trainings of each classifier", minimum=1)
    seed: int = setting(0, "seed of the draws", minimum=0, maximum=LARGEST_SEED)
    preset: str = setting("quick", "smoke: one seed; full: 20 seeds", choices=PRESETS)
    out: str | None = setting(None, "directory for metrics.json and pictures; default: none")
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no tables")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        return {"smoke": {"seeds": 1}, "full": {"seeds": 20}}.get(preset, {})


@dataclasses.dataclass(frozen=True)
class FuseSettings(Settings):
    """Settings of `fuse`."""

    real: str = setting(
        dataclasses.MISSING, f"{DATA_HELP}; its training part is taken", positional=True
    )
    synthetic: tuple[str, ...] = setting(
        dataclasses.MISSING,
        "one or more: npz:PATH, folder:PATH, or a directory that a generate command wrote",
        positional=True,
    )
    out: str = setting(dataclasses.MISSING, "file to write, .npz; a .json of its name goes with it")
    image_size: int | None = setting(
        None, IMAGE_SIZE_HELP, minimum=SMALLEST_IMAGE_SIZE, maximum=LARGEST_IMAGE_SIZE
    )
    max_images: int | None = setting(None, "at most N real images of each split", minimum=2)
    ratio: float | None = setting(
        None, "synthetic images for each real one, from all sources together", minimum=0.0
    )
    balance: str | None = setting(
        None,
        "fill each class up to a count, or to the largest; adaptive: more of the classes that a "
        "small CNN trained on the real images finds least among the validation images",
    )
    postprocess: str | None = setting(
        None, "remove noise, smooth, or both", choices=("denoise", "smooth", "denoise,smooth")
    )
    sigma: float = setting(0.5, "of smooth, in pixels", minimum=0.05, maximum=20.0)
    min_confidence: float | None = setting(
        None,
        "leave out images to whose label a CNN trained on the real ones gives less",
        minimum=0.0,
        maximum=1.0,
    )
    drop_near: float | None = setting(
        None,
        "leave out images nearer to a training image than this share of validation images is, such "
        "as 0.001: near copies",
        minimum=0.0,
        maximum=1.0,
    )
    drop_far: float | None = setting(
        None,
        "leave out images farther from all training images than this share of validation images "
        "is, such as 0.99",
        minimum=0.0,
        maximum=1.0,
    )
    seed: int = setting(0, "seed of the draw", minimum=0, maximum=LARGEST_SEED)
    preset: str = setting("quick", "smoke: a CNN of one epoch, for tests", choices=PRESETS)
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no table")


@dataclasses.dataclass(frozen=True)
class ImagesEvaluateSettings(Settings):
    """Settings of `evaluate images`."""

    real: str = setting(
        dataclasses.MISSING,
        f"{DATA_HELP}; a generator may have seen its training part only",
        positional=True,
    )
    synthetic: str = setting(
        dataclasses.MISSING,
        "npz:PATH, folder:PATH, or a directory that a generate command wrote",
        positional=True,
    )
    held_out: str | None = setting(
        None, "images that the generator has not seen, if it has seen all of REAL; as REAL"
    )
    image_size: int | None = setting(
        None, IMAGE_SIZE_HELP, minimum=SMALLEST_IMAGE_SIZE, maximum=LARGEST_IMAGE_SIZE
    )
    max_images: int | None = setting(None, "at most N real images of each split", minimum=2)
    count: int = setting(10_000, "images on each side, at most", minimum=1)
    seed: int = setting(
        0,
        "seed of the draws, of the corruptions and of the classifiers",
        minimum=0,
        maximum=LARGEST_SEED,
    )
    seeds: int = setting(3, "trainings of each classifier on each training set", minimum=1)
    preset: str = setting(
        "quick",
        "smoke: seconds, for tests; quick: minutes, three classifiers; full: five, all their steps",
        choices=PRESETS,
    )
    out: str | None = setting(
        None, "directory for metrics.json and pictures; default: none is written"
    )
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no table")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        return {"smoke": {"count": 200, "seeds": 1}, "full": {"seeds": 5}}.get(preset, {})


@dataclasses.dataclass(frozen=True)
class TextsEvaluateSettings(Settings):
    """Settings of `evaluate text`."""

    real: str = setting(
        dataclasses.MISSING,
        f"{TEXT_HELP}; a generator may have seen its training part only",
        positional=True,
    )
    synthetic: str = setting(
        dataclasses.MISSING,
        "a text file, or a folder of .txt files, of any origin",
        positional=True,
    )
    split: str = setting("contiguous", "how REAL is cut, as for the training", choices=TEXT_SPLITS)
    held_out: str | None = setting(
        None, "human text that the generator has not seen, if it has seen all of REAL"
    )
    encoding: str = setting("utf-8", "of all files named here")
    max_characters: int | None = setting(
        None, "only the first N characters of real texts", minimum=SMALLEST_TEXT
    )
    seed: int = setting(0, "seed of the choice of passages", minimum=0, maximum=LARGEST_SEED)
    out: str | None = setting(
        None, "directory for metrics.json and novelty.png; default: none is written"
    )
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no table")
