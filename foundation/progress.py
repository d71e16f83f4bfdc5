"""A bar with losses and time left; on a terminal it moves, in a log it is a line an epoch."""

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TextColumn, track


class TrainingProgress:
    """Shows the steps of a whole training on stderr, unless `quiet`.

    `first_step` of them were already done when this process started (resume).
    """

    def __init__(self, epochs: int, steps_per_epoch: int, first_step: int, quiet: bool = False):
        self.epochs, self.steps_per_epoch, self.quiet = epochs, steps_per_epoch, quiet
        self.moving = sys.stderr.isatty() and not quiet
        self._bar = Progress(
            TextColumn("epoch {task.fields[epoch]}/{task.fields[epochs]}"),
            *Progress.get_default_columns()[1:],
            TextColumn("{task.fields[losses]}"),
            console=Console(stderr=True),
            disable=not self.moving,
        )
        self._task = self._bar.add_task(
            "train",
            total=epochs * steps_per_epoch,
            completed=first_step,
            epoch=1 + first_step // steps_per_epoch,
            epochs=epochs,
            losses="",
        )

    def __enter__(self) -> "TrainingProgress":
        self._bar.start()
        return self

    def __exit__(self, *_):
        self._bar.stop()

    def update(self, epoch: int, step: int, values: dict[str, float]) -> None:
        """Report that `step` steps of `epoch` (from 1) are done, with the epoch's means so far."""
        done = (epoch - 1) * self.steps_per_epoch + step
        self._bar.update(self._task, completed=done, epoch=epoch, losses=format_values(values))

    def epoch_done(self, epoch: int, values: dict[str, float], seconds: float) -> None:
        """Print the line of a finished epoch where no bar moves (a log file, CI)."""
        if self.quiet or self.moving:
            return
        left = (self.epochs - epoch) * seconds
        print(
            f"epoch {epoch}/{self.epochs}  {format_values(values)}  "
            f"{seconds:.1f} s, about {left:.0f} s left",
            file=sys.stderr,
            flush=True,
        )


def format_values(values: dict[str, float]) -> str:
    """`{"loss": 0.51}` -> `loss 0.510`."""
    return "  ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in values.items())


class CountProgress:
    """A bar for work that is counted in items, with the time left; silent where no terminal is.

    `unit` is what is counted, in the plural.
    """

    def __init__(self, total: int, unit: str, quiet: bool = False):
        self._bar = Progress(
            TextColumn(f"{{task.completed:.0f}}/{{task.total:.0f}} {unit}"),
            *Progress.get_default_columns()[1:],
            console=Console(stderr=True),
            disable=quiet or not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task(unit, total=total)

    def __enter__(self) -> "CountProgress":
        self._bar.start()
        return self

    def __exit__(self, *_):
        self._bar.stop()

    def advance(self, items: int) -> None:
        """Report that `items` more are done."""
        self._bar.advance(self._task, items)


def counted(items: Iterable, total: int, what: str, quiet: bool = False) -> Iterable:
    """The items, with a bar on stderr, if it is a terminal, that says what ("reading image")."""
    if quiet or not sys.stderr.isatty():
        return items
    return track(items, escape(what), total, console=Console(stderr=True), transient=True)
