"""What was measured: averages over an epoch, and one row an epoch in RUN/history.csv."""

import csv
import io
from pathlib import Path

import tensorflow as tf

from foundation.files import write_text


class Averages(tf.Module):
    """Running means of named values, kept in one variable so that a checkpoint can hold them.

    `update` is graph code: one addition a step, whatever the number of values.

    Args:
      names: the values, in the order in which `update` gets them.
    """

    def __init__(self, names: tuple[str, ...]):
        super().__init__()
        self.names = names
        self.sums = tf.Variable(
            tf.zeros(len(names) + 1), trainable=False
        )  # the last: sum of weights

    def update(self, values: dict[str, tf.Tensor], weight: int | tf.Tensor) -> None:
        """Add one step's scalar means, `weight` being the number of samples behind them."""
        weight = tf.cast(weight, tf.float32)
        row = tf.stack([values[name] for name in self.names] + [1.0])
        self.sums.assign_add(weight * row)

    def result(self) -> dict[str, float]:
        """The means since the last reset (NaN before the first update)."""
        sums = self.sums.numpy()
        means = sums[:-1] / sums[-1] if sums[-1] else sums[:-1] * float("nan")
        return dict(zip(self.names, means.tolist(), strict=True))

    def reset(self) -> None:
        """Start a new epoch."""
        self.sums.assign(tf.zeros_like(self.sums))


class History:
    """RUN/history.csv: rewritten whole and atomically at each epoch, so it is never half a row.

    Args:
      path: the CSV file; rows already there are kept.
      last_epoch: rows after this epoch are dropped. A resumed run starts from a checkpoint, and
        what an interrupted run wrote after it will be trained, and written, again.
    """

    def __init__(self, path: str | Path, last_epoch: int = 0):
        self.path = Path(path)
        self.rows = [row for row in read_history(path) if row["epoch"] <= last_epoch]

    @property
    def last(self) -> dict[str, float]:
        """The last epoch's row; empty if there is none."""
        return self.rows[-1] if self.rows else {}

    def append(self, row: dict[str, float]) -> None:
        """Add one epoch's row (`epoch` is an int, the rest floats) and write the file."""
        self.rows.append(row)
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        write_text(self.path, text.getvalue())


def read_history(path: str | Path) -> list[dict[str, float]]:
    """The rows of a history.csv, in order; an empty list if there is none."""
    if not Path(path).is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [
            {name: int(text) if name == "epoch" else float(text) for name, text in row.items()}
            for row in csv.DictReader(file)
        ]
