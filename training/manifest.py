"""manifest.csv: where each synthetic sample came from."""

import contextlib
import csv
from collections.abc import Callable, Iterator
from pathlib import Path

COLUMNS = ("index", "generator", "run", "seed", "label", "sha256")


@contextlib.contextmanager
def manifest(path: Path) -> Iterator[Callable]:
    """Open manifest.csv and yield a function that adds rows of COLUMNS to it."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        yield writer.writerows
