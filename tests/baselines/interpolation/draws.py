"""What imbalanced-learn draws."""

import numpy as np


def imblearn_draws(count, members, seed, neighbours):
    """The rows, neighbours and steps that imbalanced-learn draws, in its order."""
    state = np.random.RandomState(seed)
    indices = state.randint(low=0, high=members * neighbours, size=count)
    return indices // neighbours, indices % neighbours, state.uniform(size=count)
