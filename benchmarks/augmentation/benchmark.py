"""Throughput of image augmentation: this project, Keras's layers and albumentations.

Each side is a process of its own with one thread. For every row, all sides that have it take turns
within one run, so that what else the machine does meets all of them.
"""

import numpy as np

from benchmarks.augmentation.rows import OURS, ROWS, SIDES, SIZES, Size, rows_for
from benchmarks.config import BenchmarkSettings
from benchmarks.sides import require
from benchmarks.turns import Worker, in_turn, started
from foundation.purposes import BENCHMARK, rng

SECONDS = 0.25  # how long a round lasts at least
PINNED = "2.0.8"  # of albumentations, the last version under the MIT licence

Workers = dict[str, Worker]  # side -> its process


def benchmark_augmentation(settings: BenchmarkSettings) -> dict:
    """Measure every row at every size.

    Returns: {name of the size: see `measure_size`}.
    Raises: InputError if albumentations is missing or has another version; ChildProcessError if the
      process of a side ends early.
    """
    require("albumentations", PINNED)
    return measure(SIZES, settings.rounds)


def measure(
    sizes: tuple[Size, ...], rounds: int, seconds: float = SECONDS, sides: dict[str, str] = SIDES
) -> dict:
    """Start all sides, then measure the rows one after the other.

    Args:
      sizes: of the images.
      rounds: of each side in each row, after one that is not counted.
      seconds: how long a round lasts at least.
      sides: name -> "module:Class", this project first.

    Returns: as `benchmark_augmentation`.
    """
    told = {"sizes": {size.name: size.batch_size for size in sizes}, "seconds": seconds}
    arrays = {size.name: made_images(size) for size in sizes}
    with started({name: (side, told) for name, side in sides.items()}, arrays, 1) as workers:
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
            f"{side} {each['per_second']['median']:,.0f}"
            for side, each in measured[row]["sides"].items()
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
    """One row by all sides that have it, in turn.

    Returns: {"strength", "sides": see `in_turn`, in images a second, "ratio" (this project to the
      fastest other; None without one)}.
    """
    able = {side: worker for side, worker in workers.items() if row in worker.facts["rows"]}
    sides = in_turn(able, rounds, row, size.name)
    ours, *others = (each["per_second"]["median"] for each in sides.values())
    return {"strength": ROWS[row], "sides": sides, "ratio": ours / max(others) if others else None}


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
