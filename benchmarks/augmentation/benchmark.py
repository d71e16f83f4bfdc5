"""Throughput of image augmentation: this project, Keras's layers and albumentations.

Each side is a process of its own with the stated number of threads. For every row, all sides that
have it take turns within one run, so that what else the machine does meets all of them.
"""

import contextlib
import importlib.metadata
import importlib.util
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.augmentation.rows import OURS, ROWS, SIDES, SIZES, Size, rows_for
from benchmarks.config import BenchmarkSettings
from benchmarks.rounds import spread
from benchmarks.worker import Worker
from foundation.errors import InputError
from foundation.purposes import BENCHMARK, rng

SECONDS = 0.25  # how long a round lasts at least
PINNED = "2.0.8"  # of albumentations, the last version under the MIT licence

Workers = dict[str, Worker]  # side -> its process


def benchmark_augmentation(settings: BenchmarkSettings) -> dict:
    """Measure every row at every size.

    Returns: {name of the size: see `measure_size`}.
    Raises: InputError if albumentations is missing or has another version, or for a batch size that
      the images cannot fill; ChildProcessError if the process of a side ends early.
    """
    require_albumentations()
    sizes = [with_batch_size(size, settings.batch_size or size.batch_size) for size in SIZES]
    return measure(sizes, settings.rounds, settings.threads)


def measure(
    sizes: list[Size],
    rounds: int,
    threads: int,
    seconds: float = SECONDS,
    sides: dict[str, str] = SIDES,
) -> dict:
    """Start all sides, then measure the rows one after the other.

    Args:
      sizes: of the images.
      rounds: of each side in each row, after one that is not counted.
      threads: that each side may use.
      seconds: how long a round lasts at least.
      sides: name -> "module:Class", this project first.

    Returns: as `benchmark_augmentation`.
    """
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "arrays.npz"
        np.savez(path, **{size.name: made_images(size) for size in sizes})
        chosen = {"sizes": {size.name: size.batch_size for size in sizes}, "seconds": seconds}
        workers = {
            name: stack.enter_context(Worker(side, chosen, path, threads))
            for name, side in sides.items()
        }
        return {size.name: measure_size(size, workers, rounds) for size in sizes}


def measure_size(size: Size, workers: Workers, rounds: int) -> dict:
    """All rows at one size.

    Returns: {"unit", "batch_size", "rounds", "sides": {name: facts}, "rows": {row: see
      `measure_row`}, "won": rows in which this project is fastest}.
    """
    measured, rows = {}, [row for row in rows_for(size) if row in workers[OURS].facts["rows"]]
    for number, row in enumerate(rows, start=1):
        measured[row] = measure_row(row, size, workers, rounds)
        speeds = ", ".join(
            f"{side} {each['median']:,.0f}" for side, each in measured[row]["sides"].items()
        )
        print(f"{size.name} {number} of {len(rows)}: {row}: {speeds}", flush=True)
    return {
        "unit": "images",
        "batch_size": size.batch_size,
        "rounds": rounds,
        "sides": {name: worker.facts for name, worker in workers.items()},
        "rows": measured,
        "won": sum(row["ratio"] is None or row["ratio"] > 1 for row in measured.values()),
    }


def measure_row(row: str, size: Size, workers: Workers, rounds: int) -> dict:
    """One row: a warm-up of each side, then rounds in turn.

    Returns: {"strength", "sides": {side: {"median", "min", "max", "rounds" (images a second),
      "cores" (busy, the median)}}, "ratio" (this project to the fastest other; None without one)}.
    """
    answers = {side: [] for side, worker in workers.items() if row in worker.facts["rows"]}
    for number in range(rounds + 1):
        for side, given in answers.items():
            answer = workers[side].work(row, size.name)
            if number:
                given.append(answer)
    figures = {
        side: {
            **spread([each["units"] / each["seconds"] for each in given]),
            "cores": float(np.median([each["cores"] for each in given])),
        }
        for side, given in answers.items()
    }
    others = [each["median"] for side, each in figures.items() if side != OURS]
    return {
        "strength": ROWS[row],
        "sides": figures,
        "ratio": figures[OURS]["median"] / max(others) if others else None,
    }


def made_images(size: Size) -> np.ndarray:
    """Smooth shapes with some noise, like photographs, so that a JPEG has what it expects.

    Returns: uint8 (images, height, width, channels).
    """
    random = rng(0, BENCHMARK)
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
    return size._replace(batch_size=batch_size)


def require_albumentations() -> None:
    """Raises: InputError if it is missing; it is not among the project's packages."""
    found = None
    if importlib.util.find_spec("albumentations") is not None:
        found = importlib.metadata.version("albumentations")
    if found != PINNED:
        raise InputError(
            f"benchmark augmentation with albumentations {found or 'missing'}",
            f"the package albumentations {PINNED}, to compare with",
            "pip install -r benchmarks/requirements.txt",
        )
