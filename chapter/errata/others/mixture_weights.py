"""E26. Weights that nothing makes a distribution: see docs/errata.md."""

import numpy as np
import tensorflow as tf

from baselines.gmm.em import Mixture, log_density, maximization
from chapter.errata.exhibit import Exhibit
from foundation.purposes import MODEL_ERRATA, rng


def exhibit(seed: int) -> Exhibit:
    """E26: what the formula of the mixture integrates to, with weights that nothing binds."""
    mu, sigma = np.array([[-2.0], [1.0]]), np.ones((2, 1, 1))
    rows = rng(seed, MODEL_ERRATA, 26).normal([[-2.0], [1.0]], 1.0, (2, 500))
    share = np.repeat(np.eye(2), 500, axis=0)
    learnt = maximization(
        tf.constant(rows.reshape(-1, 1)), tf.constant(share), tf.constant(1e-6, tf.float64)
    )[0].numpy()
    line = np.linspace(-14.0, 14.0, 5601)[:, np.newaxis]  # steps of 0.005

    def measures(p: np.ndarray) -> dict:
        density = np.exp(log_density(line, Mixture(p, mu, sigma)))
        return {
            "sum of the weights": float(p.sum()),
            "integral of p(x) over all x": float(np.trapezoid(density, line[:, 0])),
        }

    return Exhibit(measures(np.array([0.7, 0.6])), measures(learnt))
