"""All randomness comes from (seed, purpose, index), never from how often something was called.

So data order and noise are the same bytes for any batch size, and a resumed run draws what the
unbroken one would have drawn.
"""

import contextlib
import random
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from foundation.purposes import DATA_ORDER, rng


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


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """The order in which an epoch visits the samples: a permutation of 0..count-1, int32."""
    return rng(seed, DATA_ORDER, epoch).permutation(count).astype(np.int32)


def stateless_seed(seed: int | tf.Tensor, purpose: int, index: int | tf.Tensor) -> tf.Tensor:
    """The seed pair, int32 shape (2,), of TensorFlow's stateless generators; `seed` < 2^31."""
    return tf.random.fold_in(tf.convert_to_tensor([seed, purpose], tf.int32), index)


def normal_noise(seed: int, purpose: int, index: int | tf.Tensor, shape) -> tf.Tensor:
    """Standard normal float32 noise of `shape`, a pure function of (seed, purpose, index).

    The algorithm is named because "auto" picks another one on a GPU, and so other numbers.
    """
    return tf.random.stateless_normal(
        shape, stateless_seed(seed, purpose, index), alg=tf.random.Algorithm.PHILOX
    )


def dropout_states(*models) -> list[tf.Variable]:
    """The seed states of all dropout layers: neither tf.train.Checkpoint nor Keras saves them."""
    layers = [layer for model in models for layer in model._flatten_layers()]
    generators = [getattr(layer, "seed_generator", None) for layer in layers]
    return [generator.state.value for generator in generators if generator is not None]
