"""A framework in a process of its own, asked for one epoch of training at a time.

In one process two frameworks would share the memory allocator and the cores of two thread pools,
and one would have to argue that they do not disturb each other. A process that waits at a pipe
takes no processor time, so two of them can work in turn.

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

from gan.config import GanSettings
from training.quiet import without_startup_chatter

PROJECT = Path(__file__).resolve().parents[1]


class Worker:
    """The parent's end: starts the child, asks it, and ends it when the `with` block does.

    Args:
      trainer: "module:Class"; the class is called with (settings, images) and has `use_threads`,
        `facts` and `train_epoch` (see benchmarks.pytorch_gan).
      images_path: an .npy file, uint8 (count, height, width, channels).
      batch_size: images a step.
      threads: threads to compute with; 0: as many as the framework takes by itself.

    Raises: ChildProcessError, here or in `train_epoch`, if the child ends early; it has then said
    why on stderr.
    """

    def __init__(self, trainer: str, images_path: str | Path, batch_size: int, threads: int = 0):
        arguments = [trainer, str(Path(images_path).resolve()), str(batch_size), str(threads)]
        self.trainer = trainer
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

    def train_epoch(self) -> dict[str, float]:
        """Let the child train one epoch; its measures, `seconds`, and `cores` kept busy."""
        with contextlib.suppress(BrokenPipeError):  # the child is gone: `_answer` says it better
            self.process.stdin.write(b"epoch\n")
        return self._answer()

    def _answer(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait()
            raise ChildProcessError(f"the process of {self.trainer} ended with exit code {code}")
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


def main(trainer: str, images_path: str, batch_size: str, threads: str) -> None:
    """The child's end: say what was set up, then train an epoch for each line on stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the parent ends this one
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not stand between the answers
    module, name = trainer.split(":")
    images = np.load(images_path, allow_pickle=False)
    with without_startup_chatter():
        trainer_class = getattr(importlib.import_module(module), name)
        trainer_class.use_threads(int(threads))
        training = trainer_class(GanSettings(batch_size=int(batch_size)), images)
        print(json.dumps(training.facts()), file=answers, flush=True)
    for _ in sys.stdin:  # ends when the parent does
        started, processor_started = time.perf_counter(), time.process_time()
        measured = training.train_epoch()
        seconds = time.perf_counter() - started
        # Of all threads, those that spin while they wait included.
        cores = (time.process_time() - processor_started) / seconds
        answer = {**measured, "seconds": seconds, "cores": cores}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
