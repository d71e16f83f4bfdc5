"""The loop that every model is trained with: steps, checks, a row, a checkpoint, in this order."""

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import tensorflow as tf

from foundation.errors import Diverged, Interrupted
from foundation.progress import TrainingProgress
from training.averages import Averages
from training.checkpoints import Checkpoints, all_finite
from training.config import TrainSettings
from training.generator import Generator
from training.run_directory import History


class Learner(Protocol):
    """What the loop needs to know of a model in training. Epochs are counted from 0.

    steps: steps of an epoch.
    steps_a_call: steps between two looks at the losses and at signals, about a second's worth.
    averages: the means of what the steps measure, since the epoch began.
    """

    steps: int
    steps_a_call: int
    averages: Averages

    def start(self) -> None:
        """What comes before the first step. Not called where a checkpoint is restored instead."""

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        """Prepare an epoch; `first_step` is above 0 where a run goes on inside it."""

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        """Do the steps `first` to `last` - 1."""

    def end_epoch(self, epoch: int) -> dict[str, float]:
        """Judge, draw, and return what else belongs in the epoch's row of history.csv."""

    def enough(self, epochs_done: int) -> bool:
        """Whether to stop before the last epoch that was asked for."""

    def variables(self) -> list[tf.Variable]:
        """All weights, for the check that they are finite."""


def train_epochs(
    learner: Learner, settings: TrainSettings, checkpoints: Checkpoints, history: History, run: Path
) -> None:
    """Train from where the checkpoints stand to settings.epochs.

    Raises: Interrupted after a signal, when a checkpoint is written; Diverged if a loss or a weight
      is NaN or infinite; OSError if the disk refuses.
    """
    steps, averages = learner.steps, learner.averages
    epochs_done, first_step = int(checkpoints.epoch), int(checkpoints.step)
    steps_done = epochs_done * steps + first_step
    progress = TrainingProgress(settings.epochs, steps, steps_done, settings.quiet)
    with stop_requests() as received, progress:
        for epoch in range(epochs_done, settings.epochs):
            if learner.enough(epoch):
                return
            started = time.perf_counter()
            learner.begin_epoch(epoch, first_step)
            for first in range(first_step, steps, learner.steps_a_call):
                last = min(first + learner.steps_a_call, steps)
                learner.train_steps(epoch, first, last)
                measured = averages.result()
                checkpoints.check(measured, learner.variables(), epoch + 1)
                progress.update(epoch + 1, last, measured)
                if received and last < steps:
                    checkpoints.save(epoch, last, learner.variables())
                    raise Interrupted(f"stopped in epoch {epoch + 1}, step {last}; {run} is saved")
            first_step = 0
            row = {**averages.result(), **learner.end_epoch(epoch)}
            seconds = time.perf_counter() - started
            history.append({"epoch": epoch + 1, **row, "seconds": seconds})
            progress.epoch_done(epoch + 1, row, seconds)
            averages.reset()
            checkpoints.save(epoch + 1, 0, learner.variables())
            if received:
                raise Interrupted(f"stopped after epoch {epoch + 1}; {run} is saved")


class Fit(Learner, Protocol):
    """A learner that gives a fitted generator."""

    def generator(self) -> Generator:
        """The model as it stands, or the best of the epochs so far."""


def fit_in_memory(learner: Fit, epochs: int) -> Generator:
    """Fit without a run directory: as `train_epochs`, but for files and signals.

    Returns: the learner's `generator()`, the model as it stands, or the best of the epochs.
    Raises: Diverged if a weight is NaN or infinite at the end.
    """
    learner.start()
    for epoch in range(epochs):
        if learner.enough(epoch):
            break
        learner.begin_epoch(epoch, 0)
        learner.train_steps(epoch, 0, learner.steps)
        learner.end_epoch(epoch)
        learner.averages.reset()
    if not all_finite(learner.variables()):
        raise Diverged("training diverged: a weight is not finite; try another seed or fewer steps")
    return learner.generator()


@contextlib.contextmanager
def stop_requests() -> Iterator[list[int]]:
    """In the block, the first Ctrl-C or SIGTERM is only noted in the list; the second interrupts.

    In the main thread only, as Python wants it; in another one no signal arrives.
    """
    received = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return

    def note(number, frame):
        if received:
            raise KeyboardInterrupt  # asked twice: stop without saving again
        received.append(number)

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
