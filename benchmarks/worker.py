"""A framework in a process of its own, asked for one round of work at a time.

In one process two frameworks would share the memory allocator and the cores of two thread pools,
and one would have to argue that they do not disturb each other. A process that waits at a pipe
takes no processor time, so several of them can work in turn.

Both ends of the pipe are here: `Worker` in the parent, `main` in the child.
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from foundation.quiet import without_startup_chatter

PROJECT = Path(__file__).resolve().parents[1]


class Worker:
    """The parent's end: starts the child, asks it, and ends it when the `with` block does.

    Args:
      side: "module:Class"; the class is called with (settings, arrays) and has `use_threads`,
        `facts` and `work` (see benchmarks.gan.pytorch).
      settings: what the class is told, JSON.
      arrays_path: an .npz file, the arrays that it is given.
      threads: threads to compute with; 0: as many as the framework takes by itself.

    Raises: ChildProcessError, here or in `work`, if the child ends early; it has then said why on
    stderr.
    """

    def __init__(self, side: str, settings: dict, arrays_path: str | Path, threads: int = 0):
        path = Path(arrays_path).resolve()
        arguments = [side, json.dumps(settings), str(path), str(threads)]
        self.side = side
        # bufsize=0: a buffered pipe to a dead child would fail once more when it is closed.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd=PROJECT,
        )
        try:
            self.facts = self._answer()
        except BaseException:
            self._end()
            raise

    def work(self, *task: str) -> dict:
        """Let the child work one round, on a task if it has several; what it answers, `seconds`,
        and `cores` kept busy."""
        with contextlib.suppress(BrokenPipeError):  # the child is gone: `_answer` says it better
            self.process.stdin.write(json.dumps(task).encode() + b"\n")
        return self._answer()

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            raise ChildProcessError(f"the process of {self.side} ended with exit code {code}")
        return json.loads(line)

    def _end(self) -> None:
        self.process.kill()  # it has nothing to save
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exception) -> None:
        self._end()


def main(side: str, settings: str, arrays_path: str, threads: str) -> None:
    """The child's end: say what was set up, then work one round for each line on stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the parent ends this one
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers
    module, name = side.split(":")
    with np.load(arrays_path, allow_pickle=False) as stored:
        arrays = dict(stored)
    with without_startup_chatter():
        side_class = getattr(importlib.import_module(module), name)
        side_class.use_threads(int(threads))
        working = side_class(json.loads(settings), arrays)
        print(json.dumps(working.facts()), file=answers, flush=True)
    for task in sys.stdin:  # ends when the parent does
        started, processor_started = time.perf_counter(), time.process_time()
        answer = working.work(*json.loads(task))
        seconds = time.perf_counter() - started
        # Of all threads, those that spin while they wait included.
        cores = (time.process_time() - processor_started) / seconds
        print(json.dumps({**answer, "seconds": seconds, "cores": cores}), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
