"""Make TensorFlow repeatable, before the first model is built."""

import contextlib
import random
from collections.abc import Iterator

import keras
import tensorflow as tf


def make_repeatable(seed: int) -> None:
    """Seed the weights' initializers and ask for kernels that give the same bits twice.

    Bit-equality then holds on the same machine with the same versions and number of threads; other
    thread counts sum floating-point numbers in another order.
    """
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


@contextlib.contextmanager
def first_weights_from(seed: int) -> Iterator[None]:
    """First weights as after `make_repeatable(seed)`, with no global random state changed by it.

    An initializer without a seed of its own takes one from Python's `random` when it is made.
    """
    state = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(state)


@contextlib.contextmanager
def retracing_allowed() -> Iterator[None]:
    """No advice from TensorFlow against building graphs again: the networks are new each time."""
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)
