"""Settings as the command line would make them, steps without a graph, imbalanced-learn's draws."""

import contextlib
from collections.abc import Iterator

import numpy as np
import tensorflow as tf

from baselines.config import BaselineSettings

# What a model is fitted with here, where nothing else is asked for.
SMALL = {
    "gmm": {"epochs": 4, "max_components": 4, "tolerance": 0.0},
    "hmm": {"states": 4, "epochs": 6, "batch_size": 16, "tolerance": 0.0},
    "vae": {"epochs": 4, "batch_size": 16, "latent_dim": 3, "units": 16, "learning_rate": 1e-2},
}


def settings_of(model, data="breast_cancer", **chosen) -> BaselineSettings:
    """Of a small model; `chosen` counts for more."""
    base = {"model": model, "data": data, "quiet": True}
    return BaselineSettings.resolve(base | SMALL.get(model, {}) | chosen)


def resumed(run, **given) -> BaselineSettings:
    """Of a run that goes on."""
    return BaselineSettings.resolve({"out": str(run), "resume": True, "quiet": True, **given})


@contextlib.contextmanager
def eagerly() -> Iterator[None]:
    """What is a tf.function runs line by line: of few small steps no graph is made."""
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


def imblearn_draws(count, members, seed, neighbours):
    """The rows, neighbours and steps that imbalanced-learn draws, in its order."""
    state = np.random.RandomState(seed)
    indices = state.randint(low=0, high=members * neighbours, size=count)
    return indices // neighbours, indices % neighbours, state.uniform(size=count)
