"""What every baseline has in common: how it is fitted, sampled, judged and stored."""

from pathlib import Path
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

import numpy as np

from training.loop import Learner, train_in_memory

Samples = TypeVar("Samples", covariant=True)


@runtime_checkable
class Generator(Protocol[Samples]):
    """A fitted generative model.

    kind: what it has learnt and what it draws: "images", "text", "series" or "table".
    num_classes: how many labels `sample` knows; 0 for a model without labels.

    Tables also have `class_shares`, of the training part, float64 (num_classes,); None without.
    Series also have `column_names`.
    class_shares (tables only): share of the training rows that each label has; None without labels.
    """

    kind: ClassVar[str]
    num_classes: int

    def sample(
        self, seed: int, start: int, count: int, labels: np.ndarray | None = None
    ) -> Samples:
        """Samples start .. start + count - 1 of the endless sequence that `seed` stands for.

        Sample i is a pure function of (model, seed, i, its label), however the calls are cut.
        A text generator takes `length`, `temperature` and `prime` too, a series generator `length`.

        Args:
          labels: int (count,) in [0, num_classes); exactly for a model that has labels.

        Returns: images: uint8 (count, height, width, channels). Text: a list of str. Series:
          float64 (count, length, columns) in the units of the data. Tables: a
          data.tables.load.Table with the columns of the data.
        Raises: ValueError as `check_labels`.
        """

    def describe(self) -> dict:
        """What else `restore` needs, fit for JSON."""

    def arrays(self) -> dict[str, np.ndarray]:
        """The parameters, by name; no object arrays."""

    @classmethod
    def restore(cls, description: dict, arrays: dict[str, np.ndarray]) -> "Generator":
        """The model that `describe` and `arrays` stored.

        Raises: KeyError, ValueError, TypeError or InputError if they are no such model.
        """


@runtime_checkable
class Density(Protocol):
    """A generator whose density can be computed. Say in the class in which space it is one."""

    def log_likelihood(self, data: object) -> np.ndarray:
        """ln p of each sample, in nats.

        Args:
          data: images: uint8 (count, height, width, channels), and optionally `labels`. Text: codes
            (segments, length). Series: float (count, length, columns). Tables: a Table.

        Returns: float64 (count,); text: of each character, float64 (segments, length), 0 for one
          that the training text did not have.
        """


class BaselineLearner(Learner, Protocol):
    """A baseline that is fitted in epochs, as training.loop and `baseline train` see it.

    An object of it is made from (dataset, settings) and does nothing costly yet.

    panels, how_to_read: for losses.png, as foundation.pictures.curves takes them; panels may depend
      on what was fitted.
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


def fit_in_memory(learner: BaselineLearner, epochs: int) -> Generator:
    """Fit without a run directory: what `baseline train` does, but for files and signals.

    Raises: Diverged if a weight is NaN or infinite at the end.
    """
    learner.start()
    train_in_memory(learner, epochs)
    return learner.generator()


def balanced_labels(generator: Generator, start: int, count: int) -> np.ndarray | None:
    """Labels of the samples start .. start + count - 1: index modulo the number of classes.

    Returns: int64 (count,), or None if the generator has no labels.
    """
    if not generator.num_classes:
        return None
    return np.arange(start, start + count) % generator.num_classes


def check_labels(num_classes: int, count: int, labels: np.ndarray | None) -> np.ndarray | None:
    """The labels as int64 (count,), or None for a generator without labels.

    Raises: ValueError if labels are missing, needless, of another number, or out of range.
    """
    if (labels is None) != (num_classes == 0):
        raise ValueError(
            f"labels {'missing' if labels is None else 'given'} for a generator of "
            f"{num_classes} classes; labels exactly where there are classes"
        )
    if labels is None:
        return None
    labels = np.asarray(labels)
    if labels.shape != (count,) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"labels {labels.dtype} {labels.shape}; integers of shape ({count},)")
    if count and not 0 <= labels.min() <= labels.max() < num_classes:
        raise ValueError(
            f"labels from {labels.min()} to {labels.max()}; from 0 to {num_classes - 1}"
        )
    return labels.astype(np.int64)
