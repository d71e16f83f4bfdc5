"""What was measured: one row an epoch in RUN/history.csv."""

import csv
import io
from pathlib import Path

from foundation.files import write_text


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
