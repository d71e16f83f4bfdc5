"""Throughput of image augmentation: this project, Keras's layers, Pillow and albumentations.

Each side is a process of its own with the stated number of threads. For every row, all sides that
have it take turns within one run, so that what else the machine does meets all of them.
"""

import contextlib
import importlib.metadata
import importlib.util
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.augmentation.rows import (
    ALBUMENTATIONS,
    KERAS,
    OURS,
    SIDES,
    SIZES,
    Row,
    Size,
    rows_for,
)
from benchmarks.config import BenchmarkSettings
from benchmarks.rounds import spread
from benchmarks.worker import Worker
from foundation.errors import InputError

SECONDS = 0.25  # how long a round lasts at least
PINNED = "2.0.8"  # of albumentations, the last version under the MIT licence
SHARE_TO_WIN = 0.8  # of the rows at the two small sizes
SMALL = ("28x28x1", "32x32x3")
RAND_AUGMENT_TARGET = 20.0  # times Keras's, at the small sizes

Workers = dict[str, Worker]  # side -> its process


def benchmark_augmentation(settings: BenchmarkSettings) -> dict:
    """Measure every row at every size.

    Returns: {name of the size: see `measure_size`}.
    Raises: InputError if albumentations is missing or has another version.
    """
    require_albumentations()
    sizes = SIZES
    if settings.batch_size is not None:
        sizes = tuple(with_batch_size(size, settings.batch_size) for size in SIZES)
    rows = {size.name: rows_for(size) for size in sizes}
    return measure(sizes, rows, settings.rounds, settings.threads)


def measure(
    sizes: tuple[Size, ...],
    rows: dict[str, list[Row]],
    rounds: int,
    threads: int,
    seconds: float = SECONDS,
    sides: dict[str, str] = SIDES,
) -> dict:
    """Start all sides, then measure the rows one after the other.

    Args:
      sizes: of the images.
      rows: name of a size -> what to measure at it.
      rounds: of each side in each row, after one that is not counted.
      threads: that each side may use.
      seconds: how long a round lasts at least.
      sides: name -> "module:Class", this project first.

    Returns: as `benchmark_augmentation`.
    Raises: ChildProcessError if the process of a side ends early.
    """
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "arrays.npz"
        np.savez(path, **{size.name: made_images(size) for size in sizes})
        chosen = {"sizes": {size.name: size.batch_size for size in sizes}, "seconds": seconds}
        workers = {
            name: stack.enter_context(Worker(side, chosen, path, threads))
            for name, side in sides.items()
        }
        return {size.name: measure_size(size, rows[size.name], workers, rounds) for size in sizes}


def measure_size(size: Size, rows: list[Row], workers: Workers, rounds: int) -> dict:
    """All rows at one size.

    Returns: {"unit", "batch_size", "rounds", "sides": {name: facts}, "rows": {row: see
      `measure_row`}, "won", "of", and the targets of this size}.
    """
    measured = {}
    for number, row in enumerate(rows, start=1):
        measured[row.name] = measure_row(row, size, workers, rounds)
        speeds = ", ".join(
            f"{side} {each['median']:,.0f}" for side, each in measured[row.name]["sides"].items()
        )
        print(f"{size.name} {number} of {len(rows)}: {row.name}: {speeds}", flush=True)
    return {
        "unit": "images",
        "batch_size": size.batch_size,
        "rounds": rounds,
        "sides": {name: worker.facts for name, worker in workers.items()},
        "rows": measured,
        **scores(size.name, measured),
    }


def measure_row(row: Row, size: Size, workers: Workers, rounds: int) -> dict:
    """One row: a warm-up of each side, then rounds in turn.

    Returns: {"strength", "sides": {side: {"median", "min", "max", "rounds" (images a second),
      "cores" (busy, the median)}}, "fastest", "best_other", "ratio" (this project to the best
      other; None without one)}.
    """
    sides = [side for side in workers if side == OURS or side in row.others]
    answers = {side: [] for side in sides}
    for number in range(rounds + 1):
        for side in sides:
            answer = workers[side].work(row.name, size.name)
            if number:
                answers[side].append(answer)
    figures = {
        side: {
            **spread([each["units"] / each["seconds"] for each in given]),
            "cores": float(np.median([each["cores"] for each in given])),
        }
        for side, given in answers.items()
    }
    medians = {side: each["median"] for side, each in figures.items()}
    others = {side: median for side, median in medians.items() if side != OURS}
    best = max(others, key=others.get, default=None)
    return {
        "strength": row.strength,
        "sides": figures,
        "fastest": max(medians, key=medians.get),
        "best_other": best,
        "ratio": None if best is None else medians[OURS] / medians[best],
    }


def scores(size: str, measured: dict[str, dict]) -> dict:
    """How many rows this project has won, and what it should reach at the small sizes.

    Returns: {"won", "of", "share", "share_target", "share_reached", "rand_augment": {"ratio",
      "target", "reached"}}; targets are None at other sizes, "rand_augment" without that row.
    """
    won = sum(row["fastest"] == OURS for row in measured.values())
    share = won / len(measured)
    small = size in SMALL
    rand_augment = None
    if "RandAugment" in measured:
        sides = measured["RandAugment"]["sides"]
        ratio = sides[OURS]["median"] / sides[KERAS]["median"]
        rand_augment = {
            "ratio": ratio,
            "target": RAND_AUGMENT_TARGET if small else None,
            "reached": ratio >= RAND_AUGMENT_TARGET if small else None,
        }
    return {
        "won": won,
        "of": len(measured),
        "share": share,
        "share_target": SHARE_TO_WIN if small else None,
        "share_reached": share >= SHARE_TO_WIN if small else None,
        "rand_augment": rand_augment,
    }


def made_images(size: Size) -> np.ndarray:
    """Smooth shapes with some noise, like photographs, so that a JPEG has what it expects.

    Returns: uint8 (images, height, width, channels).
    """
    random = np.random.default_rng(0)
    shape = (size.images, size.height, size.width)
    y, x = np.mgrid[0 : size.height, 0 : size.width] / size.height
    channels = []
    for _ in range(size.channels):
        frequency = random.uniform(1, 4, (2, size.images, 1, 1))
        phase = random.uniform(0, 2 * np.pi, (2, size.images, 1, 1))
        waves = np.sin(2 * np.pi * frequency[0] * x + phase[0])
        waves *= np.cos(2 * np.pi * frequency[1] * y + phase[1])
        channels.append(127.5 + 100 * waves + random.normal(0, 8, shape))
    return np.clip(np.stack(channels, axis=-1), 0, 255).astype(np.uint8)


def with_batch_size(size: Size, batch_size: int) -> Size:
    """The size with other batches; the images must fill them.

    Raises: InputError.
    """
    if size.images % batch_size:
        raise InputError(
            f"--batch-size {batch_size}",
            f"a divisor of {size.images}, the number of images at {size.name}",
            "choose another one, such as 32",
        )
    return Size(size.height, size.width, size.channels, size.images, batch_size)


def require_albumentations() -> None:
    """Raises: InputError if it is missing; it is not among the project's packages."""
    found = None
    if importlib.util.find_spec("albumentations") is not None:
        found = importlib.metadata.version("albumentations")
    if found != PINNED:
        raise InputError(
            f"benchmark augmentation with albumentations {found or 'missing'}",
            f"the package {ALBUMENTATIONS} {PINNED}, to compare with",
            "pip install -r benchmarks/requirements.txt",
        )
