"""`baseline train`: data, model, and a run directory, for every model of the registry."""

import dataclasses
import shlex
import time
from pathlib import Path

import tensorflow as tf

from baselines.config import BaselineSettings
from baselines.datasets import load_data, size_of
from baselines.previews import save_preview
from baselines.registry import BASELINES, fit, learner_class
from baselines.trained import save_baseline
from foundation.files import check_directory
from foundation.pictures import curves, save_animation, save_figure
from training.checkpoints import Checkpoints
from training.generator import BaselineLearner
from training.history import History
from training.loop import check_position, finish_always, train_epochs
from training.run_directory import open_run, record_resume
from training.tensorflow_setup import make_repeatable


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
    learner_type = learner_class(settings.model, settings.kind)
    if learner_type is None:
        run, history = fit_at_once(settings, dataset)
    else:
        run, history = fit_in_epochs(settings, dataset, learner_type(dataset, settings))
    print(f"done: {run}  (next: python run.py baseline generate {shlex.quote(str(run))})")
    return {"run": str(run), **(history.rows[-1] if history.rows else {})}


def fit_at_once(settings: BaselineSettings, dataset: object) -> tuple[Path, History]:
    """Fit a model that has no epochs: one row of history, with the seconds."""
    announce(settings, dataset, "")
    started = time.perf_counter()
    generator = fit(settings.model, settings.kind, dataset, settings)
    seconds = time.perf_counter() - started
    run = open_run(settings, f"baseline-{settings.model}", dataset.sha256)
    history = History(run / "history.csv")
    history.append({"epoch": 1, "seconds": seconds})
    save_preview(run, generator, settings.seed, 1)
    save_baseline(run, settings.model, generator)
    return run, history


def fit_in_epochs(
    settings: BaselineSettings, dataset: object, learner: BaselineLearner
) -> tuple[Path, History]:
    """Fit a model through training.loop, with checkpoints to resume from."""
    run = open_run(settings, f"baseline-{settings.model}", dataset.sha256)
    checkpoints = Checkpoints(run / "checkpoints", **learner.tracked())
    checkpoints.restore()
    history = History(run / "history.csv", last_epoch=int(checkpoints.epoch))
    check_position(settings, checkpoints)
    if settings.resume:
        record_resume(run, settings)
    epochs = f", iterations {int(checkpoints.epoch) + 1} to {settings.epochs} at most, run {run}"
    announce(settings, dataset, epochs)
    if not checkpoints.latest:
        learner.start()
    finish_always(
        lambda: train_epochs(
            Previewed(learner, run, settings), settings, checkpoints, history, run
        ),
        lambda: finish(run, settings, learner, history),
        checkpoints,
    )
    return run, history


def announce(settings: BaselineSettings, dataset: object, more: str) -> None:
    """Say what is about to happen."""
    print(
        f"training baseline {settings.model} ({BASELINES[settings.model].description}) on "
        f"{size_of(dataset, settings.kind)} of {settings.data}{more}"
    )


class Previewed:
    """A learner that also writes RUN/samples at the end of every epoch (training.loop.Learner)."""

    def __init__(self, learner: BaselineLearner, run: Path, settings: BaselineSettings):
        self.learner, self.run, self.settings = learner, run, settings
        self.steps, self.steps_a_call = learner.steps, learner.steps_a_call
        self.averages = learner.averages

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        self.learner.begin_epoch(epoch, first_step)

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        self.learner.train_steps(epoch, first, last)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        row = self.learner.end_epoch(epoch)
        save_preview(self.run, self.learner.generator(), self.settings.seed, epoch + 1)
        return row

    def enough(self, epochs_done: int) -> bool:
        return self.learner.enough(epochs_done)

    def variables(self) -> list[tf.Variable]:
        return self.learner.variables()


def finish(
    run: Path, settings: BaselineSettings, learner: BaselineLearner, history: History
) -> None:
    """Write what a stopped or finished training leaves: model, curves, pictures."""
    save_baseline(run, settings.model, learner.generator())
    if history.rows:
        save_figure(curves(history.rows, learner.panels, learner.how_to_read), run / "losses.png")
    save_animation(sorted((run / "samples").glob("epoch_*.png")), run / "samples.gif")
    learner.draw(run)
