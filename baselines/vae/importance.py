"""The likelihood of a latent-variable model, by importance weighting."""

import math
from collections.abc import Callable

import tensorflow as tf


def log_likelihood(
    log_weight: Callable[[tf.Tensor], tf.Tensor], draws: tf.Tensor, count: int
) -> tf.Tensor:
    """ln of the mean weight: ln (1/K) sum_k p(x, z_k) / q(z_k | x), z_k drawn from q.

    A lower bound of ln p(x) on average, which rises with K and reaches it in the limit; K = 1 is
    the ELBO. Graph code: the draws are taken one after the other, so memory does not grow with K.

    Args:
      log_weight: from the number of a draw, int32 scalar, to ln p(x, z) - ln q(z | x) of a batch at
        a z of its own, float32 (count,).
      draws: K, at least 1.
      count: size of the batch.

    Returns: float64 (count,): sums over a thousand pixels have lost digits enough.
    Reference: Burda et al. 2016, Importance weighted autoencoders, equation 8.
    """
    total = tf.fill([count], tf.constant(-math.inf, tf.float64))
    for k in tf.range(draws):
        weight = tf.cast(log_weight(k), tf.float64)
        high = tf.maximum(total, weight)
        total = high + tf.math.log(tf.exp(total - high) + tf.exp(weight - high))
    return total - tf.math.log(tf.cast(draws, tf.float64))
