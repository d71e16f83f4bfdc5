"""What the sides of all benchmarks have in common, by framework; imports none before its process.

A side is a class that is called with (settings, arrays) and has a method `work`, which does one
round and returns {"units": how many it did, "measured": {name: figure}} (see benchmarks.turns).
"""

import importlib.metadata
from collections.abc import Iterator

import numpy as np

from foundation.errors import InputError


class TensorflowSide:
    """A side that computes with TensorFlow; a subclass sets `how` and has `work`."""

    how: str  # what a reader of the figures must know about the way it computes

    @staticmethod
    def use_threads(threads: int) -> None:
        """Compute with so many threads (0: one a core), on the CPU, where PyTorch computes too.

        Both pools: left alone, the second runs independent operations on all other cores.
        """
        import tensorflow as tf

        tf.config.set_visible_devices([], "GPU")
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)

    def facts(self) -> dict:
        """What a reader of the figures must know about this side."""
        import keras
        import tensorflow as tf

        return {
            "version": f"TensorFlow {tf.__version__}, Keras {keras.__version__}",
            "threads": tf.config.threading.get_intra_op_parallelism_threads(),
            "how": self.how,
        }


class PytorchSide:
    """A side that computes with PyTorch; a subclass sets `how` and has `work`."""

    how: str

    @staticmethod
    def use_threads(threads: int) -> None:
        """Compute with so many threads; 0: PyTorch's own choice, one a physical core."""
        import torch

        if threads:
            torch.set_num_threads(threads)

    def facts(self) -> dict:
        """What a reader of the figures must know about this side."""
        import torch

        threads = torch.get_num_threads()
        return {"version": f"PyTorch {torch.__version__}", "threads": threads, "how": self.how}


def materialised(dataset) -> Iterator[np.ndarray]:
    """The images of each batch of a tf.data.Dataset, over and over, each computed when asked for.

    Left alone, tf.data computes ahead in a thread of its own: some batches would then be paid for
    before the clock starts, and with more than the stated threads.
    """
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    options.experimental_optimization.inject_prefetch = False
    options.threading.private_threadpool_size = (
        tf.config.threading.get_inter_op_parallelism_threads()
    )
    return (tf.nest.flatten(each)[0].numpy() for each in dataset.repeat().with_options(options))


def require(package: str, version: str | None = None) -> None:
    """Raises: InputError if a package that only the benchmarks need is missing, or another one."""
    try:
        found = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        found = None
    if found is None or version not in (None, found):
        received = f"a benchmark with {package} {found or 'missing'}"
        expected = f"the package {' '.join(filter(None, (package, version)))}, to compare with"
        raise InputError(received, expected, "pip install -r benchmarks/requirements.txt")
