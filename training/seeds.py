"""All randomness comes from (seed, purpose, index), never from how often something was called.

So data order and noise are the same bytes for any batch size, and a resumed run draws what the
unbroken one would have drawn.
"""

import numpy as np
import tensorflow as tf

from foundation.purposes import (
    DATA_ORDER,
    GENERATION_NOISE,
    SAMPLE_NOISE,
    STREAM_OFFSET,
    TRAINING_NOISE,
    rng,
)

__all__ = [
    "DATA_ORDER",
    "GENERATION_NOISE",
    "SAMPLE_NOISE",
    "STREAM_OFFSET",
    "TRAINING_NOISE",
    "dropout_states",
    "epoch_order",
    "normal_noise",
    "stateless_seed",
]


def epoch_order(seed: int, epoch: int, count: int) -> np.ndarray:
    """The order in which an epoch visits the samples: a permutation of 0..count-1, int32."""
    generator = rng(seed, DATA_ORDER, epoch)
    return generator.permutation(count).astype(np.int32)


def stateless_seed(seed: int | tf.Tensor, purpose: int, index: int | tf.Tensor) -> tf.Tensor:
    """The seed pair, int32 shape (2,), that TensorFlow's stateless generators take.

    `seed` is below 2^31.
    """
    base = tf.convert_to_tensor([seed, purpose], tf.int32)
    return tf.random.fold_in(base, index)


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
