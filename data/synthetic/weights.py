"""What each sample counts in a loss, so that none of several groups outweighs the others."""

import numpy as np


def balanced_weights(groups: np.ndarray) -> np.ndarray:
    """Weights with which every group counts the same in all: scikit-learn's "balanced".

    With another mean than 1 the loss, and so the step of an optimizer or the weight of a penalty,
    would change with the weights: mean 1 keeps both comparable with training without any.

    Args:
      groups: int, shape (count,), at least 0: the class of each sample, or its source.

    Returns: float32, shape (count,), above 0, mean 1.
    """
    weights = (1.0 / np.bincount(groups).clip(min=1))[groups]
    return (weights / weights.mean()).astype(np.float32)
