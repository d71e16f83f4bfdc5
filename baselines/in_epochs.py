"""A baseline that is fitted in epochs, in a run directory of its own."""

from pathlib import Path
from typing import Protocol

from baselines.config import BaselineSettings
from baselines.previews import save_preview
from training.generator import Generator
from training.loop import Learner
from training.run_directory import History
from training.stored import save_generator
from training.trainer import train_run


def fit_in_epochs(
    settings: BaselineSettings, dataset: object, title: str, learner_type: type
) -> tuple[Path, History]:
    """Train as gan/ and lstm_text/ do: with checkpoints, and a row of history an epoch."""
    baseline = learner_type(dataset, settings)  # refuses data before there is a directory
    learner, history = train_run(
        settings,
        f"baseline-{settings.model}",
        dataset.sha256,
        lambda run: InRunDirectory(baseline, run, settings, title),
    )
    return learner.run, history


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
