"""One measure: two or more sides that do the same work in turn, and how they compare."""

import contextlib
import importlib.util
import statistics
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.worker import Worker
from foundation.errors import InputError


def measure_in_turn(
    unit: str,
    sides: dict[str, tuple[str, dict]],
    arrays: dict[str, np.ndarray],
    rounds: int,
    threads: int = 0,
) -> dict:
    """One round of each side that is not counted, then `rounds`, the sides in turn.

    Args:
      unit: what is counted, in the plural: "images".
      sides: name -> ("module:Class", what the class is told), see benchmarks.worker. The first is
        compared with all others. The last one starts first, and all keep to its number of threads.
      arrays: what every side is given.
      rounds: rounds to time.
      threads: how many the last side takes; 0: its own choice (of PyTorch's: one a physical core,
        or what OMP_NUM_THREADS says; only PyTorch says what it chose).

    Returns: {"unit", "sides": {name: {"version", "threads", "how", "per_second": see `spread`,
      "cores" (busy, the median), "measured"}}, "ratios": see `ratios`}. The lists of "measured"
      have one entry a round and begin with the warm-up.
    Raises: ChildProcessError if the process of a side ends early.
    """
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "arrays.npz"
        np.savez(path, **arrays)
        workers = {}
        for name, (side, settings) in reversed(sides.items()):
            workers[name] = stack.enter_context(Worker(side, settings, path, threads))
            threads = workers[name].facts["threads"]
        answers = {name: [] for name in sides}
        for number in range(rounds + 1):
            for name, given in answers.items():
                given.append(workers[name].work())
            speeds = [f"{name} {speed(given[-1]):,.0f}" for name, given in answers.items()]
            label = f"round {number} of {rounds}" if number else "warm-up"
            print(f"{label}: {', '.join(speeds)} {unit}/s", flush=True)
        measured = {name: {**workers[name].facts, **summary(answers[name])} for name in sides}
    return {"unit": unit, "sides": measured, "ratios": ratios(measured)}


def speed(answer: dict) -> float:
    """Units a second of one round."""
    return answer["units"] / answer["seconds"]


def summary(answers: list[dict]) -> dict:
    """The rounds of one side, the warm-up left out where time is concerned."""
    names = answers[0]["measured"]
    return {
        "per_second": spread(list(map(speed, answers[1:]))),
        "cores": statistics.median(each["cores"] for each in answers[1:]),
        "measured": {name: [each["measured"][name] for each in answers] for name in names},
    }


def ratios(sides: dict[str, dict]) -> dict:
    """How many times the first side is as fast as each of the others.

    Args:
      sides: two or more; for each "per_second".

    Returns: {other side: {"of_medians", and of the ratios between neighbours in time "median",
      "min", "max", "rounds"}}.
    """
    speeds = {name: side["per_second"] for name, side in sides.items()}
    first, *others = speeds
    return {
        other: {
            "of_medians": speeds[first]["median"] / speeds[other]["median"],
            **spread(
                [
                    a / b
                    for a, b in zip(speeds[first]["rounds"], speeds[other]["rounds"], strict=True)
                ]
            ),
        }
        for other in others
    }


def spread(values: list[float]) -> dict:
    """Median, smallest, largest, and the values themselves."""
    return {
        "median": statistics.median(values),
        "min": min(values),
        "max": max(values),
        "rounds": values,
    }


def require_pytorch(benchmark: str) -> None:
    """Raises: InputError if PyTorch cannot be imported; it is not among the project's packages."""
    if importlib.util.find_spec("torch") is None:
        raise InputError(
            f"benchmark {benchmark} without PyTorch",
            "the package torch, to compare with",
            "pip install -r benchmarks/requirements.txt",
        )
