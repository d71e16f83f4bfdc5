"""How both TensorFlow sides of the augmentation benchmark take batches out of tf.data."""

from collections.abc import Iterator

import numpy as np
import tensorflow as tf


def materialised(dataset: tf.data.Dataset) -> Iterator[np.ndarray]:
    """The images of each batch, over and over, computed when they are asked for and not before.

    Left alone, tf.data computes ahead in a thread of its own: some batches would then be paid for
    before the clock starts, and with more than the stated threads.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    options.experimental_optimization.inject_prefetch = False
    options.threading.private_threadpool_size = (
        tf.config.threading.get_inter_op_parallelism_threads()
    )
    return (tf.nest.flatten(each)[0].numpy() for each in dataset.repeat().with_options(options))
