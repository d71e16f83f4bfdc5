"""What tests of commands share: looking into a run, interrupting one, a refusal in one line."""

import csv
import signal
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import run as command_line


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


def refused(capsys: pytest.CaptureFixture, *arguments) -> str:
    """Run a command here that must end with exit code 2 and one line; return the line."""
    code = command_line.main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    errors = [line for line in captured.err.splitlines() if line.startswith("error: ")]
    assert (code, len(errors)) == (2, 1) and errors[0].count("; ") >= 2, captured.err
    assert "Traceback" not in captured.err and captured.out == "", captured
    return errors[0]
