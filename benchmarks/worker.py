"""A framework in a process of its own, asked for one round of work at a time.

In one process two frameworks would share the memory allocator and the cores of two thread pools,
and one would have to argue that they do not disturb each other. A process that waits takes no
processor time, so several of them can work in turn.
"""

import concurrent.futures
import importlib
import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np

from foundation.quiet import without_startup_chatter

working = None  # in the process of a side: the side


class Worker:
    """A side in its process, which ends when the `with` block does.

    Args:
      side: "module:Class"; the class is called with (settings, arrays) and has `use_threads`,
        `facts` and `work` (see benchmarks.gan.pytorch).
      settings: what the class is told.
      arrays_path: an .npz file, the arrays that it is given.
      threads: threads to compute with; 0: as many as the framework takes by itself.

    Raises: ChildProcessError, here or in `work`, if the process ends early; it has then said why on
    stderr.
    """

    def __init__(self, side: str, settings: dict, arrays_path: str | Path, threads: int = 0):
        self.side = side
        self.process = concurrent.futures.ProcessPoolExecutor(
            1,
            multiprocessing.get_context("spawn"),  # a fork would inherit what the parent imported
            _start,
            (side, settings, arrays_path, threads),
        )
        self.facts = self._answer(_facts)

    def work(self, *task: str) -> dict:
        """Let the side work one round, on a task if it has several; what it answers, `seconds`,
        and `cores` kept busy."""
        return self._answer(_work, *task)

    def _answer(self, question, *arguments: str) -> dict:
        try:
            return self.process.submit(question, *arguments).result()
        except concurrent.futures.BrokenExecutor:
            raise ChildProcessError(f"the process of {self.side} ended early") from None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exception) -> None:
        self.process.shutdown(cancel_futures=True)


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
