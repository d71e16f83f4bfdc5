"""What can be chosen about an evaluation."""

import dataclasses
from typing import ClassVar

from data.config import OfImages, OfText
from data.kinds import DATA_HELP, SMALLEST_TEXT, TEXT_HELP
from foundation.settings import Answering, Measuring, Seeded, Silenced, setting


@dataclasses.dataclass(frozen=True)
class OfRun(Measuring):
    """Of a command that measures a run."""

    run: str = setting(dataclasses.MISSING, "directory of a finished training", positional=True)
    data: str | None = setting(
        None, "the run's data, if they lie elsewhere now, such as folder:PATH"
    )


@dataclasses.dataclass(frozen=True)
class GanEvaluateSettings(OfRun):
    """Measure a trained run beside real against real."""

    family: ClassVar = "gan"
    presets: ClassVar = {"smoke": {"count": 200}}
    count: int = setting(10_000, "images or rows on each side, at most", minimum=1)
    split: str = setting(
        "test",
        "real images or rows to compare with: test to report, validation to choose by",
        choices=("test", "validation"),
    )


@dataclasses.dataclass(frozen=True)
class BaselineEvaluateSettings(GanEvaluateSettings):
    """Measure a fitted run beside real against real."""

    family: ClassVar = "baseline"
    presets: ClassVar = {"smoke": {"count": 200, "characters": 2000}}
    characters: int = setting(100_000, "characters that a model of text writes", minimum=100)


@dataclasses.dataclass(frozen=True)
class TextEvaluateSettings(OfRun):
    """Measure a trained run beside an n-gram and human text."""

    family: ClassVar = "text"
    presets: ClassVar = {"smoke": {"windows": 64, "characters": 2000}, "full": {"windows": 12_800}}
    windows: int = setting(
        2_560, "random windows of 256 characters; full: 12,800, as nanoGPT takes", minimum=1
    )
    characters: int = setting(100_000, "characters that the model writes", minimum=100)
    temperature: float = setting(0.8, "of what the model writes", minimum=0.0)


@dataclasses.dataclass(frozen=True)
class TextUtilitySettings(OfRun):
    """Train on real text, on the run's text and on both, and compare."""

    presets: ClassVar = {"smoke": {"seeds": 1, "budget": 20_000, "units": 16}}
    seeds: int = setting(3, "trainings of each kind", minimum=1)
    budget: int = setting(2_000_000, "characters that each training reads", minimum=1)
    units: int = setting(128, "cells of each layer of the model that is trained", minimum=1)
    temperature: float = setting(1.0, "of the synthetic text; 1: as learned", minimum=0.0)


@dataclasses.dataclass(frozen=True)
class TableEvaluateSettings(Measuring):
    """Measure synthetic rows of any origin beside real ones."""

    presets: ClassVar = {"smoke": {"seeds": 1}, "full": {"seeds": 20}}
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
        None, "a csv file of real rows that the generator has not seen, if it has seen all of REAL"
    )
    seeds: int = setting(5, "trainings of each classifier", minimum=1)
    out: str | None = setting(None, "directory for metrics.json and pictures; default: none")


@dataclasses.dataclass(frozen=True)
class FuseSettings(Measuring, OfImages):
    """Mix real training images and synthetic ones into one training set."""

    real: str = setting(
        dataclasses.MISSING, f"{DATA_HELP}; its training part is taken", positional=True
    )
    synthetic: tuple[str, ...] = setting(
        dataclasses.MISSING,
        "one or more: npz:PATH, folder:PATH, or a directory that a generate command wrote",
        positional=True,
    )
    out: str = setting(dataclasses.MISSING, "file to write, .npz; a .json of its name goes with it")
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


@dataclasses.dataclass(frozen=True)
class ImagesEvaluateSettings(Measuring, OfImages):
    """Measure synthetic images of any origin beside real ones."""

    presets: ClassVar = {"smoke": {"count": 200, "seeds": 1}, "full": {"seeds": 5}}
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
    count: int = setting(10_000, "images on each side, at most", minimum=1)
    seeds: int = setting(3, "trainings of each classifier on each training set", minimum=1)
    out: str | None = setting(
        None, "directory for metrics.json and pictures; default: none is written"
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class TextsEvaluateSettings(Silenced, Answering, Seeded, OfText):
    """Measure a synthetic text of any origin beside human text."""

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
    held_out: str | None = setting(
        None, "human text that the generator has not seen, if it has seen all of REAL"
    )
    max_characters: int | None = setting(
        None, "only the first N characters of real texts", minimum=SMALLEST_TEXT
    )
    out: str | None = setting(
        None, "directory for metrics.json and novelty.png; default: none is written"
    )


@dataclasses.dataclass(frozen=True)
class RunsSettings(Answering):
    """One table of evaluated runs, seeds as mean and spread."""

    runs: tuple[str, ...] = setting(
        dataclasses.MISSING, "run directories that `gan evaluate` has measured", positional=True
    )
