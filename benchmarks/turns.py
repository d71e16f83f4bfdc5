"""Two or more sides that do the same work in turn, each in a process of its own.

In one process two frameworks would share the memory allocator and the cores of two thread pools,
and one would have to argue that they do not disturb each other. A process that waits takes no
processor time, so several of them can work in turn.
"""

import concurrent.futures
import contextlib
import importlib
import multiprocessing
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from foundation.quiet import without_startup_chatter

working = None  # in the process of a side: the side


def measure_in_turn(
    unit: str,
    sides: dict[str, tuple[str, dict]],
    arrays: dict[str, np.ndarray],
    rounds: int,
    threads: int = 0,
) -> dict:
    """Start the sides, and let them work in turn.

    Args:
      unit: what is counted, in the plural: "images".
      sides, arrays, threads: see `started`.
      rounds: rounds to time.

    Returns: {"unit", "sides": {name: {"version", "threads", "how", and what `in_turn` gives}},
      "ratios": see `ratios`}.
    Raises: ChildProcessError if the process of a side ends early.
    """
    with started(sides, arrays, threads) as workers:
        found = in_turn(workers, rounds, unit=unit)
        measured = {name: {**workers[name].facts, **each} for name, each in found.items()}
    return {"unit": unit, "sides": measured, "ratios": ratios(measured)}


class Worker(concurrent.futures.ProcessPoolExecutor):
    """A side in its process, which ends when the `with` block does.

    Args:
      side: "module:Class"; the class is called with (settings, arrays) and has `use_threads`,
        `facts` and `work` (see benchmarks.sides).
      settings: what the class is told.
      arrays_path: an .npz file, the arrays that it is given.
      threads: threads to compute with; 0: as many as the framework takes by itself.

    Raises: ChildProcessError, here or in `work`, if the process ends early; it has then said why on
    stderr.
    """

    def __init__(self, side: str, settings: dict, arrays_path: str | Path, threads: int = 0):
        spawn = multiprocessing.get_context("spawn")  # a fork inherits what the parent imported
        super().__init__(1, spawn, _start, (side, settings, arrays_path, threads))
        self.side = side
        self.facts = self._answer(_facts)

    def work(self, *task: str) -> dict:
        """Let the side work one round, on a task if it has several; what it answers, `seconds`,
        and `cores` kept busy."""
        return self._answer(_work, *task)

    def _answer(self, question, *arguments: str) -> dict:
        try:
            return self.submit(question, *arguments).result()
        except concurrent.futures.BrokenExecutor:
            raise ChildProcessError(f"the process of {self.side} ended early") from None


def _start(side: str, settings: dict, arrays_path: str | Path, threads: int) -> None:
    """Set the side up; what comes after runs in its process, too."""
    global working
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the parent ends this one
    os.dup2(2, 1)  # whatever a library prints must not stand in the parent's JSON
    module, name = side.split(":")
    with np.load(arrays_path, allow_pickle=False) as stored:
        arrays = dict(stored)
    with without_startup_chatter():
        side_class = getattr(importlib.import_module(module), name)
        side_class.use_threads(threads)
        working = side_class(settings, arrays)


def _facts() -> dict:
    return working.facts()


def _work(*task: str) -> dict:
    started, processor_started = time.perf_counter(), time.process_time()
    answer = working.work(*task)
    seconds = time.perf_counter() - started
    # Of all threads, those that spin while they wait included.
    cores = (time.process_time() - processor_started) / seconds
    return {**answer, "seconds": seconds, "cores": cores}


@contextlib.contextmanager
def started(
    sides: dict[str, tuple[str, dict]], arrays: dict[str, np.ndarray], threads: int = 0
) -> Iterator[dict[str, Worker]]:
    """The sides in their processes.

    Args:
      sides: name -> ("module:Class", what the class is told), see `Worker`. The last one starts
        first, and all keep to its number of threads.
      arrays: what every side is given.
      threads: how many the last side takes; 0: its own choice (of PyTorch's: one a physical core,
        or what OMP_NUM_THREADS says; only PyTorch says what it chose).
    """
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "arrays.npz"
        np.savez(path, **arrays)
        workers = {}
        for name, (side, settings) in reversed(sides.items()):
            workers[name] = stack.enter_context(Worker(side, settings, path, threads))
            threads = workers[name].facts["threads"]
        yield {name: workers[name] for name in sides}


def in_turn(workers: dict[str, Worker], rounds: int, *task: str, unit: str = "") -> dict:
    """One round of each side that is not counted, then `rounds`, the sides in turn.

    Args:
      task: what each round is about, for sides that have several tasks.
      unit: if given, every round is printed in it.

    Returns: {side: {"per_second": see `spread`, "cores" (busy, the median), "measured"}}. The lists
      of "measured" have one entry a round and begin with the warm-up.
    """
    answers = {name: [] for name in workers}
    for number in range(rounds + 1):
        for name, given in answers.items():
            given.append(workers[name].work(*task))
        if unit:
            speeds = [f"{name} {speed(given[-1]):,.0f}" for name, given in answers.items()]
            label = f"round {number} of {rounds}" if number else "warm-up"
            print(f"{label}: {', '.join(speeds)} {unit}/s", flush=True)
    return {name: summary(given) for name, given in answers.items()}


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
    ours, found = speeds[first], {}
    for other in others:
        pairs = zip(ours["rounds"], speeds[other]["rounds"], strict=True)
        of_medians = ours["median"] / speeds[other]["median"]
        found[other] = {"of_medians": of_medians, **spread([a / b for a, b in pairs])}
    return found


def spread(values: list[float]) -> dict:
    """Median, smallest, largest, and the values themselves."""
    return {
        "median": statistics.median(values),
        "min": min(values),
        "max": max(values),
        "rounds": values,
    }
