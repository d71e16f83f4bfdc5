"""What all sides that compute with TensorFlow have in common."""

import keras
import tensorflow as tf


class TensorflowSide:
    """A side of a benchmark (see benchmarks.worker); a subclass sets `how` and has `work`."""

    how: str  # what a reader of the figures must know about the way it computes

    @staticmethod
    def use_threads(threads: int) -> None:
        """Compute with so many threads (0: one a core), on the CPU, where PyTorch computes too.

        Both pools: left alone, the second runs independent operations on all other cores.
        """
        tf.config.set_visible_devices([], "GPU")
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)

    def facts(self) -> dict:
        """What a reader of the figures must know about this side."""
        return {
            "version": f"TensorFlow {tf.__version__}, Keras {keras.__version__}",
            "threads": tf.config.threading.get_intra_op_parallelism_threads(),
            "how": self.how,
        }
