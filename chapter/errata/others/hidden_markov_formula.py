"""E34. Models that are named and never defined: see docs/errata.md."""

import itertools

import numpy as np
import tensorflow as tf

from baselines.hmm.em import forward
from chapter.errata.exhibit import Exhibit, Measures
from foundation.purposes import MODEL_ERRATA, rng

STATES, SYMBOLS, STEPS = 3, 4, 5  # 4^5 = 1,024 series, 3^5 = 243 paths each


def exhibit(seed: int) -> Exhibit:
    """E34: the missing formula of the HMM, term by term, against the recursion in use here."""
    generator = rng(seed, MODEL_ERRATA, 34)
    pi = generator.dirichlet(np.ones(STATES))
    a = generator.dirichlet(np.ones(STATES), STATES)
    emission = generator.dirichlet(np.ones(SYMBOLS), STATES)
    series = np.array(list(itertools.product(range(SYMBOLS), repeat=STEPS)))  # all of them
    paths = np.array(list(itertools.product(range(STATES), repeat=STEPS)))
    path_chances = pi[paths[:, 0]] * np.prod(a[paths[:, :-1], paths[:, 1:]], axis=1)
    by_formula = np.array(
        [np.sum(path_chances * np.prod(emission[paths, x], axis=1)) for x in series]
    )
    b = emission.T[series.T]  # (steps, series, states)
    _, scales = forward(tf.constant(b), tf.constant(pi), tf.constant(a))
    by_recursion = tf.reduce_prod(scales, axis=0).numpy()

    def measures(formula: str | None, total: float | None, apart: float | None) -> Measures:
        return {
            "formula of a series' chance": formula,
            f"chances of all {len(series):,} series of {STEPS} symbols": total,
            "largest difference between formula and recursion": apart,
        }

    formula = "p(x) = sum over z of pi(z1) b(x1|z1) product of a(zt|zt-1) b(xt|zt)"
    apart = np.abs(by_recursion - by_formula).max()
    return Exhibit(
        measures(None, None, None), measures(formula, float(by_recursion.sum()), float(apart))
    )
