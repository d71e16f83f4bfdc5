"""k-means: where EM starts."""

import numpy as np
import tensorflow as tf

KMEANS_START = 120  # the purpose in (seed, purpose, index): apart from those of training.seeds
MOST_ITERATIONS = 30  # the mixture refines what is found, so convergence is not needed


def k_means(x: np.ndarray, k: int, seed: int, index: int = 0) -> np.ndarray:
    """Part rows into k groups around their means, by Lloyd's algorithm from a k-means++ start.

    Args:
      x: float64 (n, d), n at least k.
      k: number of groups.
      seed, index: the start is a function of (seed, index, x, k).

    Returns: int32 (n,), the group of each row. A group is empty only where fewer than k different
      rows exist.
    Reference: Arthur and Vassilvitskii 2007, k-means++: the advantages of careful seeding.
    """
    centres = tf.constant(spread_start(x, k, np.random.default_rng([seed, KMEANS_START, index, k])))
    rows, assignment = tf.constant(x), None
    for _ in range(MOST_ITERATIONS):
        nearest = _nearest(rows, centres)
        if assignment is not None and np.array_equal(nearest, assignment):
            break
        assignment = nearest.numpy()
        centres = _means(rows, nearest, centres)
    return assignment


def spread_start(x: np.ndarray, k: int, generator: np.random.Generator) -> np.ndarray:
    """k of the rows: each drawn with a probability that grows as its squared distance to the
    nearest one drawn before. Returns: float64 (k, d)."""
    centres = np.empty((k, x.shape[1]))
    squares = np.ones(len(x))
    for j in range(k):
        # Where all distances are 0 there are fewer than k different rows: any will do.
        cumulative = np.cumsum(squares if squares.any() else np.ones(len(x)))
        target = generator.random() * cumulative[-1]
        chosen = min(int(np.searchsorted(cumulative, target, side="right")), len(x) - 1)
        centres[j] = x[chosen]
        distance = ((x - x[chosen]) ** 2).sum(axis=1)
        squares = distance if j == 0 else np.minimum(squares, distance)
    return centres


@tf.function(reduce_retracing=True)
def _nearest(x: tf.Tensor, centres: tf.Tensor) -> tf.Tensor:
    """argmin_k |x - c_k|^2 = |x|^2 - 2 x c_k + |c_k|^2, whose first term all k share."""
    scores = tf.reduce_sum(centres**2, axis=1) - 2 * tf.matmul(x, centres, transpose_b=True)
    return tf.argmin(scores, axis=1, output_type=tf.int32)


@tf.function(reduce_retracing=True)
def _means(x: tf.Tensor, assignment: tf.Tensor, centres: tf.Tensor) -> tf.Tensor:
    """The mean of each group; an empty one stays where it was."""
    members = tf.one_hot(assignment, tf.shape(centres)[0], dtype=tf.float64)  # (n, k)
    counts = tf.reduce_sum(members, axis=0)[:, tf.newaxis]
    means = tf.matmul(members, x, transpose_a=True) / tf.maximum(counts, 1.0)
    return tf.where(counts > 0, means, centres)
