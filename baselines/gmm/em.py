"""The formulas of a Gaussian mixture (chapter 4.2.1) and of the EM algorithm that fits it.

    p(x) = sum_k p_k N(x | mu_k, Sigma_k)        with p_k >= 0 and sum_k p_k = 1

The constraint on the p_k is missing in the chapter (erratum E26); without it p is no density.

All arrays are float64.

Reference: Bishop 2006, Pattern Recognition and Machine Learning, section 9.2.2.
"""

import math
from typing import NamedTuple

import numpy as np
import tensorflow as tf

EPSILON = 10 * np.finfo(np.float64).eps  # keeps an empty component from dividing by 0


class Mixture(NamedTuple):
    """Parameters: p (k,), mu (k, d), Sigma (k, d, d)."""

    p: np.ndarray
    mu: np.ndarray
    sigma: np.ndarray


def log_joint(x: tf.Tensor, p: tf.Tensor, mu: tf.Tensor, sigma: tf.Tensor) -> tf.Tensor:
    """ln p_k + ln N(x | mu_k, Sigma_k) of every row and component; graph code.

    With Sigma = L L^T:  ln N = -1/2 (d ln 2 pi + |L^-1 (x - mu)|^2) - sum_i ln L_ii

    of x (n, d), for positive definite Sigma_k: (n, k).
    """
    dims = tf.shape(x)[1]
    factors = tf.linalg.cholesky(sigma)  # L, (k, d, d)
    identity = tf.broadcast_to(tf.eye(dims, dtype=tf.float64), tf.shape(factors))
    inverses = tf.linalg.triangular_solve(factors, identity)
    # One component after the other: (n, k, d) at once would be gigabytes.
    squares = tf.map_fn(
        lambda k: tf.reduce_sum(tf.matmul(x - k[0], k[1], transpose_b=True) ** 2, axis=1),
        (mu, inverses),
        fn_output_signature=tf.float64,
    )  # (k, n)
    half_log_determinants = tf.reduce_sum(tf.math.log(tf.linalg.diag_part(factors)), axis=1)
    constant = tf.cast(dims, tf.float64) * math.log(2 * math.pi)
    log_normal = -0.5 * (constant + tf.transpose(squares)) - half_log_determinants
    return tf.math.log(p) + log_normal


def expectation(
    x: tf.Tensor, p: tf.Tensor, mu: tf.Tensor, sigma: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """The E step: how much each component answers for each row; graph code.

        r_nk = p_k N(x_n | mu_k, Sigma_k) / p(x_n)

    computed from logarithms, because in 64 dimensions every N(...) may be smaller than any number
    that a computer holds.

    Returns: ln p(x), (n,); r, (n, k), whose rows sum to 1.
    """
    joint = log_joint(x, p, mu, sigma)
    log_p = tf.reduce_logsumexp(joint, axis=1)
    return log_p, tf.exp(joint - log_p[:, tf.newaxis])


def maximization(
    x: tf.Tensor, r: tf.Tensor, floor: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """The M step: p, mu and Sigma that maximize the expected ln p of x (n, d); graph code.

        N_k = sum_n r_nk     p_k = N_k / N     mu_k = sum_n r_nk x_n / N_k
        Sigma_k = sum_n r_nk (x_n - mu_k) (x_n - mu_k)^T / N_k + floor I

    Without the floor a component that holds a single row, or rows in a plane, has a likelihood
    without bound and ends the fit.
    """
    counts = tf.reduce_sum(r, axis=0) + EPSILON  # N_k
    p = counts / tf.reduce_sum(counts)
    mu = tf.matmul(r, x, transpose_a=True) / counts[:, tf.newaxis]

    def covariance(k):
        weights, count, centre = k
        centred = x - centre
        scatter = tf.matmul(weights[:, tf.newaxis] * centred, centred, transpose_a=True)
        return scatter / count + floor * tf.eye(tf.shape(x)[1], dtype=tf.float64)

    sigma = tf.map_fn(covariance, (tf.transpose(r), counts, mu), fn_output_signature=tf.float64)
    return p, mu, sigma


@tf.function(reduce_retracing=True, autograph=False)
def em_step(
    x: tf.Tensor, p: tf.Tensor, mu: tf.Tensor, sigma: tf.Tensor, floor: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]:
    """One iteration: mean ln p(x) before it, in nats a row, and the new p, mu, Sigma."""
    log_p, r = expectation(x, p, mu, sigma)
    return tf.reduce_mean(log_p), *maximization(x, r, floor)


@tf.function(reduce_retracing=True, autograph=False)
def from_assignment(
    x: tf.Tensor, assignment: tf.Tensor, k: tf.Tensor, floor: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """The first parameters: an M step in which each row belongs to one component, int (n,)."""
    return maximization(x, tf.one_hot(assignment, k, dtype=tf.float64), floor)


@tf.function(reduce_retracing=True, autograph=False)
def _log_density(x, p, mu, sigma):
    return expectation(x, p, mu, sigma)[0]


def log_density(x: np.ndarray, mixture: Mixture) -> np.ndarray:
    """ln p(x) of each row, in nats: x (n, d) to float64 (n,)."""
    arrays = (np.asarray(array, np.float64) for array in (x, *mixture))
    return _log_density(*map(tf.constant, arrays)).numpy()
