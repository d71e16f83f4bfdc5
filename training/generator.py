"""The one protocol of a fitted generator: the GAN, the LSTM, every baseline, or one of your own.

Whatever keeps it can be sampled by the generate commands, measured by the evaluate commands, stored
in RUN/model and read back (training.stored). Fitting is not a method of what was fitted: a learner
or a function makes a Generator.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

import numpy as np

from foundation.errors import InputError
from foundation.purposes import ROW_LABELS, rng

Samples = TypeVar("Samples", covariant=True)

GOLDEN_RATIO = (5**0.5 - 1) / 2


@runtime_checkable
class Generator(Protocol[Samples]):
    """A fitted generative model.

    kind: what it has learnt and what it draws: "images", "text", "series" or "table".
    num_classes: how many labels `sample` knows; 0 for a model without labels.

    Tables also have `class_shares`, the share of the training rows that each label has, float64
    (num_classes,); None without labels. Series also have `table(series)`, one as rows of a Table.
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
          data.tables.dataset.Table with the columns of the data.
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


def balanced_labels(generator: Generator, start: int, count: int) -> np.ndarray | None:
    """The classes in turn, int64 (count,): index modulo their number; None without labels."""
    if not generator.num_classes:
        return None
    return np.arange(start, start + count) % generator.num_classes


def usual_labels(generator: Generator, seed: int, start: int, count: int) -> np.ndarray | None:
    """Labels where none are asked for: the classes in turn; of tables, as often as in training.

    Classes in equal numbers would make another distribution of every column of a table that tells
    of the class. Returns: int64 (count,), or None without labels.
    """
    if generator.kind == "table":
        return labels_by_share(generator.class_shares, seed, start, count)
    return balanced_labels(generator, start, count)


def labels_by_share(
    shares: np.ndarray | None, seed: int, start: int, count: int
) -> np.ndarray | None:
    """Each class as often as `shares`, float (classes,) with sum 1, says: int64 (count,), or None.

    The labels follow the sequence frac(u + i * golden ratio), which fills [0, 1) evenly: among any
    n samples in a row a class has its share within a few rows, as it has in the parts of a
    stratified split.

    Reference: Niederreiter 1992, Random Number Generation and Quasi-Monte Carlo Methods, chapter 3.
    """
    if shares is None:
        return None
    first = rng(seed, ROW_LABELS, 0).random()
    even = (first + np.arange(start, start + count) * GOLDEN_RATIO) % 1.0
    cumulative = np.cumsum(shares)
    # Below the total even after rounding, or a class of share 0 could be drawn.
    below = np.nextafter(cumulative[-1], 0.0)
    return np.searchsorted(cumulative, np.minimum(even * cumulative[-1], below), side="right")


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


def labelled_samples(
    generator: Generator, seed: int, label: int | None, balanced: bool, start: int, count: int
) -> tuple[Samples, np.ndarray | None]:
    """Samples, and their labels as --label and --balanced ask for them or as is usual."""
    if label is not None:
        labels = np.full(count, label, np.int64)
    elif balanced:
        labels = balanced_labels(generator, start, count)
    else:
        labels = usual_labels(generator, seed, start, count)
    return generator.sample(seed, start, count, labels), labels


def check_label_flags(
    generator: Generator,
    run: Path | str,
    label: str | None,
    balanced: bool,
    class_names: Sequence[str] = (),
) -> int | None:
    """Check --label and --balanced against a run; the position of the class that --label names.

    Args:
      class_names: as the data have them; (): a run of before they were kept, where 0, 1, ... do.

    Raises: InputError if labels are asked of a run without them, or no class has that name.
    """
    classes = generator.num_classes
    if (label is not None or balanced) and not classes:
        flag = "--balanced" if balanced else f"--label {label}"
        raise InputError(
            f"{flag} with {run}, which was trained without labels",
            "a run with labels",
            "leave the flag out, or train on data with labels (gan: --variant conditional)",
        )
    names = list(class_names or map(str, range(classes)))
    if label is not None and label not in names:
        legal = ", ".join(names[:20]) + ", ..." * (len(names) > 20)
        raise InputError(f"--label {label}", f"a class of {run}: {legal}", "choose one by its name")
    return None if label is None else names.index(label)
