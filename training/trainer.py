"""One set-up of a training run, whatever is trained: directory, checkpoints, history, end."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from foundation.errors import Diverged, InputError, Interrupted
from foundation.pictures import curves, save_animation, save_figure
from training.checkpoints import Checkpoints
from training.config import TrainSettings
from training.loop import Learner, train_epochs
from training.run_directory import History, open_run, record_resume


class RunLearner(Learner, Protocol):
    """A learner that is trained in a run directory.

    run: the directory.
    title: what learns from what, for the first line on the screen.
    panels, how_to_read: for losses.png, as foundation.pictures.curves takes them; panels may depend
      on what was learnt.
    """

    run: Path
    title: str
    panels: dict[str, dict[str, str]]
    how_to_read: str

    def tracked(self) -> dict:
        """Everything that training changes, by name, for training.checkpoints.Checkpoints."""

    def finish(self) -> None:
        """Write RUN/model, and what else the run is to show at its end."""


def train_run(
    settings: TrainSettings,
    family: str,
    data_sha256: str,
    make_learner: Callable[[Path], RunLearner],
    record: Callable[[Path], dict] = lambda run: {},
) -> tuple[RunLearner, History]:
    """Train in a run directory, a new one or with --resume an old one, and leave a model there.

    What was good stays usable: an interrupted training is finished as a whole one, a diverged one
    from its last good checkpoint, if there is one.

    Args:
      family: "gan", "text" or "baseline"; what follows a hyphen is part of a new directory's name.
      data_sha256: of the data set.
      make_learner: builds the learner when the run directory is there.
      record: see `open_run`.

    Returns: the learner, as far as it has come, and the history of the run.
    Raises: InputError (directory in use, other data, nothing to do), Diverged (a loss or weight is
      NaN or infinite), Interrupted (after a checkpoint), OSError (the disk refuses).
    """
    run = open_run(settings, family, data_sha256, record)
    learner = make_learner(run)
    checkpoints = Checkpoints(run / "checkpoints", **learner.tracked())
    checkpoints.restore()
    epochs_done = int(checkpoints.epoch)
    history = History(run / "history.csv", last_epoch=epochs_done)
    check_position(settings, epochs_done, checkpoints.latest)
    if settings.resume:
        record_resume(run, settings)
    print(f"training {learner.title}, epochs {epochs_done + 1} to {settings.epochs}, run {run}")
    if not checkpoints.latest:
        learner.start()
    try:
        train_epochs(learner, settings, checkpoints, history, run)
    except Interrupted:
        finish(learner, history)
        raise
    except Diverged:
        if checkpoints.latest:
            checkpoints.restore()
            finish(learner, history)
        raise
    finish(learner, history)
    return learner, history


def finish(learner: RunLearner, history: History) -> None:
    """Write what a stopped or finished training leaves: model, curves, animation."""
    learner.finish()
    run = learner.run
    if history.rows:
        save_figure(curves(history.rows, learner.panels, learner.how_to_read), run / "losses.png")
    save_animation(sorted((run / "samples").glob("epoch_*.png")), run / "samples.gif")


def check_position(settings: TrainSettings, epochs_done: int, latest: str | None) -> None:
    """Raises: InputError if the run is already past --epochs, or has lost its checkpoints."""
    if epochs_done > settings.epochs:
        raise InputError(
            f"--epochs {settings.epochs} with --resume",
            f"at least {epochs_done}, which are done",
            "ask for more epochs in total, or start a new run in another --out",
        )
    if settings.resume and not latest and (Path(settings.out) / "model").exists():
        raise InputError(
            f"--resume --out {settings.out}, whose checkpoints are gone",
            "a checkpoint to go on from",
            "train again in another --out; the old model still generates",
        )
