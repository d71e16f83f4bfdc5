"""`baseline train`: data, model, and a run directory, for every model of the registry."""

import dataclasses
import shlex
import time
from pathlib import Path
from typing import Protocol

from baselines.config import BaselineSettings
from baselines.datasets import load_data, size_of
from baselines.previews import save_preview
from baselines.registry import BASELINES, fit, learner_class
from foundation.files import check_directory
from training.finished import save_generator
from training.generator import Generator
from training.history import History
from training.loop import Learner
from training.run_directory import open_run
from training.tensorflow_setup import make_repeatable
from training.trainer import train_run


def train(settings: BaselineSettings) -> dict:
    """Fit a baseline and leave a run directory.

    Returns: {"run": path, and the last row of history.csv}.
    Raises: InputError (data, flags), Diverged (a parameter is NaN or infinite), Interrupted (after
    a checkpoint), OSError (the disk refuses).
    """
    if settings.out and not settings.resume:
        check_directory(settings.out)  # before the work, not after it
    dataset = load_data(dataclasses.asdict(settings), quiet=settings.quiet)
    make_repeatable(settings.seed)
    size, model = size_of(dataset, settings.kind), settings.model
    title = f"baseline {model} ({BASELINES[model].description}) on {size} of {settings.data}"
    learner_type = learner_class(model, settings.kind)
    if learner_type is None:
        run, history = fit_at_once(settings, dataset, title)
    else:
        baseline = learner_type(dataset, settings)  # refuses data before there is a directory
        learner, history = train_run(
            settings,
            f"baseline-{model}",
            dataset.sha256,
            lambda run: InRunDirectory(baseline, run, settings, title),
        )
        run = learner.run
    print(f"done: {run}  (next: python run.py baseline generate {shlex.quote(str(run))})")
    return {"run": str(run), **history.last}


def fit_at_once(settings: BaselineSettings, dataset: object, title: str) -> tuple[Path, History]:
    """Fit a model that has no epochs: one row of history, with the seconds."""
    print(f"training {title}")
    started = time.perf_counter()
    generator = fit(settings.model, settings.kind, dataset, settings)
    seconds = time.perf_counter() - started
    run = open_run(settings, f"baseline-{settings.model}", dataset.sha256)
    history = History(run / "history.csv")
    history.append({"epoch": 1, "seconds": seconds})
    save_preview(run, generator, settings.seed, 1)
    save_generator(run, generator, model=settings.model, kind=generator.kind)
    return run, history


class BaselineLearner(Learner, Protocol):
    """A baseline that is fitted in epochs, as `baseline train` sees it.

    An object of it is made from (dataset, settings) and does nothing costly yet.

    panels, how_to_read: see training.trainer.RunLearner.
    """

    panels: dict[str, dict[str, str]]
    how_to_read: str

    def start(self) -> None:
        """Set the first state. Not called where a checkpoint is restored instead."""

    def tracked(self) -> dict:
        """Everything that the epochs change, by name, for training.checkpoints.Checkpoints."""

    def generator(self) -> Generator:
        """The model as it stands, or the best of the epochs so far."""

    def draw(self, run: Path) -> None:
        """Write what else of the fit is worth a look into the run directory, at its end."""


class InRunDirectory:
    """A BaselineLearner with a run directory (training.trainer.RunLearner): RUN/samples grows at
    the end of each epoch, RUN/model is written at the end of all. The rest is the learner's own."""

    def __init__(self, learner: BaselineLearner, run: Path, settings: BaselineSettings, title: str):
        self.learner, self.run, self.settings, self.title = learner, run, settings, title

    def __getattr__(self, name: str):
        return getattr(self.learner, name)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        row = self.learner.end_epoch(epoch)
        save_preview(self.run, self.learner.generator(), self.settings.seed, epoch + 1)
        return row

    def finish(self) -> None:
        generator = self.learner.generator()
        save_generator(self.run, generator, model=self.settings.model, kind=generator.kind)
        self.learner.draw(self.run)
