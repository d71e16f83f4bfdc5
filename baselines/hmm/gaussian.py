"""Series of numbers from hidden Markov models with Gaussian emissions: draws and density."""

import numpy as np
import tensorflow as tf

from baselines.hmm.em import forward
from baselines.hmm.emissions import Gaussian
from baselines.hmm.fit import Hmm
from baselines.parts.draws import choose

PATH_DRAW, VALUE_DRAW = 124, 125  # purposes in (seed, purpose, index): apart from the others
SERIES_A_CALL = 2000  # read side by side by `series_log_likelihood`


def draw_series(
    models: list[Hmm], labels: np.ndarray, seed: int, start: int, length: int
) -> np.ndarray:
    """A path of states, and what each shows: x_t = mu_z + sqrt(variance_z) e.

    Args:
      models: with Gaussian emissions, all of the same sizes.
      labels: which model for each series, int (count,).
      seed, start: series i is a function of (seed, start + i, its label); a longer one begins with
        the shorter one.
      length: steps.

    Returns: float64 (count, length, columns).
    """
    count, columns = len(labels), models[0].emission[0].shape[1]
    u, e = np.empty((count, length)), np.empty((count, length, columns))
    for i in range(count):
        u[i] = np.random.default_rng([seed, PATH_DRAW, start + i]).random(length)
        e[i] = np.random.default_rng([seed, VALUE_DRAW, start + i]).standard_normal(
            (length, columns)
        )
    x = np.empty((count, length, columns))
    for label, model in enumerate(models):
        mine = np.flatnonzero(labels == label)
        mu, variance = model.emission
        cumulative, deviation = np.cumsum(model.a, axis=1), np.sqrt(variance)
        z = choose(np.cumsum(model.pi)[np.newaxis], u[mine, 0])
        for t in range(length):
            if t > 0:
                z = choose(cumulative[z], u[mine, t])
            x[mine, t] = mu[z] + deviation[z] * e[mine, t]
    return x


def series_log_likelihood(model: Hmm, series: np.ndarray) -> np.ndarray:
    """ln p of series (count, steps, columns), in nats: float64 (count,)."""
    emission = Gaussian(series.shape[2], 0.0)
    found = np.empty(len(series))
    for first in range(0, len(series), SERIES_A_CALL):
        x = tf.constant(series[first : first + SERIES_A_CALL].transpose(1, 0, 2), tf.float64)
        b, logarithms = emission.likelihood(x, *map(tf.constant, model.emission))
        c = _scales(b, tf.constant(model.pi), tf.constant(model.a))
        found[first : first + SERIES_A_CALL] = tf.reduce_sum(tf.math.log(c) + logarithms, axis=0)
    return found


@tf.function(reduce_retracing=True)
def _scales(b: tf.Tensor, pi: tf.Tensor, a: tf.Tensor) -> tf.Tensor:
    return forward(b, pi, a)[1]


def model_arrays(models: list[Hmm]) -> dict[str, np.ndarray]:
    """The parameters of models of the same sizes, one after the other."""
    rows = zip(*((model.pi, model.a, *model.emission) for model in models), strict=True)
    return dict(zip(("pi", "a", "mu", "variance"), map(np.stack, rows), strict=True))


def restored_models(arrays: dict[str, np.ndarray]) -> list[Hmm]:
    """The models that `model_arrays` stacked."""
    stacked = (arrays[name] for name in ("pi", "a", "mu", "variance"))
    return [Hmm(pi, a, tuple(emission)) for pi, a, *emission in zip(*stacked, strict=True)]
