"""Make TensorFlow repeatable, before the first model is built."""

import keras
import tensorflow as tf


def make_repeatable(seed: int) -> None:
    """Seed the weights' initializers and ask for kernels that give the same bits twice.

    Bit-equality then holds on the same machine with the same versions and number of threads; other
    thread counts sum floating-point numbers in another order.
    """
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
