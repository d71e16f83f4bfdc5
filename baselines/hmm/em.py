"""The formulas of a hidden Markov model (chapter 4.1.1) and of Baum-Welch, which is EM for it.

The chapter names the model and gives no formula (erratum E34). Which of N hidden states z_t a
series is in depends on the state before alone, and what is observed on the state alone:

    p(x_1 ... x_T) = sum_{z_1 ... z_T} pi_{z_1} b_{z_1}(x_1) prod_{t>1} a_{z_{t-1} z_t} b_{z_t}(x_t)

The sum over N^T paths takes N^2 T multiplications by a recursion forward in time. The products of
hundreds of probabilities would be 0 in floating-point numbers, so each step is divided by its sum
c_t, and ln p is the sum of the ln c_t.

Many series are read at once: arrays are float64 with axes (T, S, N) for steps, streams and states.

Reference: Rabiner 1989, A tutorial on hidden Markov models and selected applications in speech
  recognition, sections III and V.A.
"""

import tensorflow as tf


def forward(b: tf.Tensor, pi: tf.Tensor, a: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """The scaled forward recursion; graph code.

        alpha_1 = pi b_1,    alpha_t = (alpha_{t-1} A) b_t,    each divided by its sum c_t

    Args:
      b: b_j(x_t), up to a factor for each step and stream, (T, S, N); 1 where x_t is not known.
      pi: what the first step is expected to be, (N,) or (S, N).
      a: a_ij = p(j after i), (N, N). Where all of pi and a is above 0, as smoothing makes it, c_t
        is above 0 too: some b_j(x_t) is 1, and j can be reached.

    Returns: alpha, whose rows are p(z_t | x_1 ... x_t), (T, S, N); c = p(x_t | x_1 ... x_{t-1}) up
      to the same factor, (T, S).
    """
    steps = tf.shape(b)[0]
    alphas = tf.TensorArray(tf.float64, steps)
    scales = tf.TensorArray(tf.float64, steps)
    expected = tf.broadcast_to(pi, tf.shape(b)[1:])  # p(z_t | x_1 ... x_{t-1}), (S, N)

    def step(t, expected, alphas, scales):
        joint = expected * b[t]
        scale = tf.reduce_sum(joint, axis=1)  # c_t, (S,)
        alpha = joint / scale[:, tf.newaxis]
        return t + 1, tf.matmul(alpha, a), alphas.write(t, alpha), scales.write(t, scale)

    _, _, alphas, scales = tf.while_loop(
        lambda t, *_: t < steps, step, (0, expected, alphas, scales)
    )
    return alphas.stack(), scales.stack()


def backward(b: tf.Tensor, a: tf.Tensor, c: tf.Tensor) -> tf.Tensor:
    """The scaled backward recursion; graph code.

        beta_T = 1,    beta_t = A (b_{t+1} beta_{t+1}) / c_{t+1}

    Args:
      b, a: as in `forward`.
      c: from `forward`.

    Returns: beta, (T, S, N), so that alpha beta = p(z_t | x_1 ... x_T).
    """
    steps = tf.shape(b)[0]
    betas = tf.TensorArray(tf.float64, steps, clear_after_read=False)
    last = tf.ones_like(b[0])
    betas = betas.write(steps - 1, last)

    def step(t, beta, betas):
        beta = tf.matmul(b[t + 1] * beta, a, transpose_b=True) / c[t + 1][:, tf.newaxis]
        return t - 1, beta, betas.write(t, beta)

    _, _, betas = tf.while_loop(lambda t, *_: t >= 0, step, (steps - 2, last, betas))
    return betas.stack()


def posteriors(
    b: tf.Tensor, pi: tf.Tensor, a: tf.Tensor, real: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """The E step: what the hidden states were, given all that was observed; graph code.

        gamma_t(i) = p(z_t = i | x) = alpha_t(i) beta_t(i)
        xi(i, j) = sum_t p(z_t = i, z_{t+1} = j | x)
                 = a_ij sum_t alpha_t(i) b_j(x_{t+1}) beta_{t+1}(j) / c_{t+1}

    Args:
      b, pi, a: as in `forward`.
      real: 1.0, or 0.0 where a stream has ended, (T, S); b is 1 there.

    Returns: gamma (T, S, N), 0 where a stream has ended; xi (N, N), summed over the streams; c.
    """
    states = tf.shape(a)[0]
    alpha, c = forward(b, pi, a)
    beta = backward(b, a, c)
    gamma = alpha * beta * real[:, :, tf.newaxis]
    arriving = b[1:] * beta[1:] * (real[1:] / c[1:])[:, :, tf.newaxis]  # (T - 1, S, N)
    leaving = tf.reshape(alpha[:-1], (-1, states))
    xi = a * tf.matmul(leaving, tf.reshape(arriving, (-1, states)), transpose_a=True)
    return gamma, xi, c


def normalized(counts: tf.Tensor, smoothing: tf.Tensor) -> tf.Tensor:
    """Expected counts to probabilities along the last axis: the M step of pi, A and B.

    `smoothing` is added to each count; above 0 nothing is impossible (the mode under a Dirichlet
    prior). A row without any count becomes uniform.
    """
    counts = counts + smoothing
    totals = tf.reduce_sum(counts, axis=-1, keepdims=True)
    choices = tf.cast(tf.shape(counts)[-1], tf.float64)
    return tf.where(totals > 0, counts / tf.where(totals > 0, totals, 1.0), 1.0 / choices)
