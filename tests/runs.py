"""What tests of trainings share: looking into a run, and interrupting one."""

import csv
import signal
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf


def checkpoint_bytes(run: Path) -> bytes:
    """All tensors of the newest checkpoint: weights, optimizers, seeds, averages, position."""
    reader = tf.train.load_checkpoint(tf.train.latest_checkpoint(str(run / "checkpoints")))
    names = sorted(n for n in reader.get_variable_to_shape_map() if "save_counter" not in n)
    names.remove("_CHECKPOINTABLE_OBJECT_GRAPH")
    return b"".join(name.encode() + np.asarray(reader.get_tensor(name)).tobytes() for name in names)


def history(run: Path) -> list[dict]:
    """The rows of history.csv but for the seconds, which no two runs share."""
    with open(run / "history.csv", newline="") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def interrupt_after(calls: int, trainer: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send this process SIGTERM after so many calls of the class's `train_steps`."""
    done = iter(range(1, 1000))
    original = trainer.train_steps

    def stepping(self, *arguments):
        original.__get__(self, trainer)(*arguments)
        if next(done) == calls:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(trainer, "train_steps", stepping)
