"""One measure: two or more sides that do the same work in turn, and how they compare."""

import contextlib
import dataclasses
import importlib.util
import statistics
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.worker import Worker
from foundation.errors import InputError


@dataclasses.dataclass(frozen=True)
class Measure:
    """What is measured, and by whom.

    Args:
      name: for people, such as "training, 2 x 256 units".
      unit: what is counted, in the plural: "images".
      a_round: what a side does in one round, for people.
      sides: name -> "module:Class" (see benchmarks.worker). The first is compared with all others.
        The last one starts first, and all keep to the number of threads that it takes.
      settings: name -> what the class of that side is told.
      threads: how many the last side takes; 0: its own choice (of PyTorch's: one a physical core,
        or what OMP_NUM_THREADS says; only PyTorch says what it chose).
      mflop_a_unit: what the matrix products need; None: not said.
      targets: name -> how many times as fast as that side the first should be.
    """

    name: str
    unit: str
    a_round: str
    sides: dict[str, str]
    settings: dict[str, dict]
    threads: int = 0
    mflop_a_unit: float | None = None
    targets: dict[str, float] = dataclasses.field(default_factory=dict)


def measure_in_turn(measure: Measure, arrays: dict[str, np.ndarray], rounds: int) -> dict:
    """One round of each side that is not counted, then `rounds`, the sides in turn.

    Args:
      measure: what to do.
      arrays: what every side is given.
      rounds: rounds to time.

    Returns: {"unit", "a_round", "mflop_a_unit", "sides": {name: {"version", "threads", "how",
    "units", "seconds", "cores" (busy, on average), "measured"}}, and what `compare` returns}.
    The lists have one entry a round; those in "measured" begin with the warm-up.
    Raises: ChildProcessError if the process of a side ends early.
    """
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "arrays.npz"
        np.savez(path, **arrays)
        threads, workers = measure.threads, {}
        for name in reversed(measure.sides):
            worker = Worker(measure.sides[name], measure.settings[name], path, threads)
            workers[name] = stack.enter_context(worker)
            threads = worker.facts["threads"]
        answers = {name: [] for name in measure.sides}
        for number in range(rounds + 1):
            for name, given in answers.items():
                given.append(workers[name].work())
            speeds = [
                f"{name} {given[-1]['units'] / given[-1]['seconds']:,.0f}"
                for name, given in answers.items()
            ]
            label = f"round {number} of {rounds}" if number else f"{measure.name}: warm-up"
            print(f"{label}: {', '.join(speeds)} {measure.unit}/s", flush=True)
        sides = {name: {**workers[name].facts, **summary(answers[name])} for name in answers}
    return {
        "unit": measure.unit,
        "a_round": measure.a_round,
        "mflop_a_unit": measure.mflop_a_unit,
        "sides": sides,
        **compare(sides, measure.targets),
    }


def summary(answers: list[dict]) -> dict:
    """The answers of one side as lists, the warm-up left out where time is concerned."""
    counted = {key: [each[key] for each in answers[1:]] for key in ("units", "seconds", "cores")}
    names = answers[0]["measured"]
    measured = {name: [each["measured"][name] for each in answers] for name in names}
    return {**counted, "measured": measured}


def compare(sides: dict[str, dict], targets: dict[str, float]) -> dict:
    """Speeds, and how many times the first side is as fast as each of the others.

    Args:
      sides: two or more; for each "units" and "seconds", one entry a round, in their order.
      targets: name of another side -> the ratio to reach.

    Returns: "per_second": {side: {"median", "min", "max", "rounds"}}, and "ratios": {other side:
    {"of_medians", "median", "min", "max", "rounds", "target", "reached"}}; "rounds" are ratios
    between neighbours in time, target and reached are None where there is no target.
    """
    speeds = {
        name: [a / b for a, b in zip(side["units"], side["seconds"], strict=True)]
        for name, side in sides.items()
    }
    first, *others = speeds
    ratios = {}
    for other in others:
        of_medians = statistics.median(speeds[first]) / statistics.median(speeds[other])
        target = targets.get(other)
        ratios[other] = {
            "of_medians": of_medians,
            **spread([a / b for a, b in zip(speeds[first], speeds[other], strict=True)]),
            "target": target,
            "reached": None if target is None else of_medians >= target,
        }
    return {"per_second": {name: spread(each) for name, each in speeds.items()}, "ratios": ratios}


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
