"""Checkpoints from which training goes on as if it had never stopped.

`tf.train.CheckpointManager` writes each checkpoint under a temporary name and renames it, so a
killed process leaves the older ones whole. What it does not know is added by the caller: the seed
states of dropout layers, the running averages, and the position in the data.
"""

import math
import shutil
import sys
from pathlib import Path

import tensorflow as tf

from foundation.errors import Diverged, InputError
from foundation.files import write_text

KEEP = 3


class Checkpoints:
    """The last three checkpoints of a run.

    `tracked` is everything that training changes, by name (models, optimizers, lists of variables).
    The position in the data is two counters kept here: `epoch` (finished epochs) and `step`
    (finished steps of the epoch under way).
    """

    def __init__(self, directory: str | Path, **tracked):
        self.directory = Path(directory)
        self.epoch = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.step = tf.Variable(0, dtype=tf.int64, trainable=False)
        self._checkpoint = tf.train.Checkpoint(epoch=self.epoch, step=self.step, **tracked)
        for leftover in self.directory.glob("*_temp"):  # of a process killed while it was writing
            shutil.rmtree(leftover)
        self._rebuild_index()
        self._manager = tf.train.CheckpointManager(
            self._checkpoint, str(self.directory), max_to_keep=KEEP
        )

    def _rebuild_index(self) -> None:
        """Write TensorFlow's list of checkpoints anew from the files that are really there.

        With a lost or damaged list, TensorFlow would find no checkpoint and start from nothing.
        """
        found = sorted(self.directory.glob("ckpt-*.index"), key=lambda path: int(path.stem[5:]))
        if found:
            lines = [f'model_checkpoint_path: "{found[-1].stem}"']
            lines += [f'all_model_checkpoint_paths: "{path.stem}"' for path in found]
            # Without times the manager takes every checkpoint for one to keep, and lists none.
            lines += [f"all_model_checkpoint_timestamps: {path.stat().st_mtime}" for path in found]
            write_text(self.directory / "checkpoint", "\n".join(lines) + "\n")

    @property
    def latest(self) -> str | None:
        """Path of the newest checkpoint, or None."""
        return self._manager.latest_checkpoint

    def save(self, epoch: int, step: int, variables: list[tf.Variable]) -> None:
        """Write a checkpoint, unless a weight is broken: a kept checkpoint is always a good one.

        Raises: Diverged if a value in `variables` is NaN or infinite; OSError if the disk refuses.
        """
        self.check({}, variables, epoch + 1)
        self.epoch.assign(epoch)
        self.step.assign(step)
        try:  # numbered so that files sort by their position in training
            self._manager.save(checkpoint_number=epoch * 1_000_000 + step)
        except (tf.errors.OpError, OSError) as error:
            raise OSError(f"cannot write a checkpoint to {self.directory}: {error}") from error

    def restore(self) -> None:
        """Load the newest readable checkpoint; a damaged one is named on stderr and passed over.

        Raises: InputError if there are checkpoints and none can be read.
        """
        paths = list(reversed(self._manager.checkpoints))
        for path in paths:
            try:
                self._checkpoint.restore(path).assert_existing_objects_matched()
                return
            except (tf.errors.OpError, AssertionError, ValueError) as error:
                reason = str(error).splitlines()[0]
                print(f"warning: checkpoint {path} is damaged: {reason}", file=sys.stderr)
        if paths:
            raise InputError(
                f"none of the {len(paths)} checkpoints in {self.directory} can be read",
                "at least one whole checkpoint",
                "train again in another --out",
            )

    def check(self, values: dict[str, float], variables: list[tf.Variable], epoch: int) -> None:
        """Raises: Diverged if a measured value or a weight is NaN or infinite."""
        broken = [f"{name} ({value})" for name, value in values.items() if not math.isfinite(value)]
        if not broken and all_finite(variables):
            return
        last = f"the last good checkpoint is {self.latest}"
        raise Diverged(
            f"training diverged in epoch {epoch}: {[*broken, 'a weight'][0]} is not finite; "
            f"{last if self.latest else 'none was saved yet'}; "
            "try a lower --learning-rate, a larger --batch-size or another --seed"
        )


def all_finite(variables: list[tf.Variable]) -> bool:
    """Whether every value of every floating-point variable is finite."""
    return all(
        bool(tf.reduce_all(tf.math.is_finite(variable)))
        for variable in map(tf.convert_to_tensor, variables)
        if variable.dtype.is_floating
    )
