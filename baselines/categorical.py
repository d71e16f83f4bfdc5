"""Drawing one of several choices."""

import numpy as np


def choose(cumulative: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Draw from one distribution a row.

    Args:
      cumulative: running sums of probabilities, (count, choices) or (1, choices); the total need
        not be 1.
      uniform: in [0, 1), (count,).

    Returns: int64 (count,); never a choice of probability 0.
    """
    total = cumulative[:, -1]
    # Below the total even after rounding, or a choice of probability 0 could be drawn.
    target = np.minimum(uniform * total, np.nextafter(total, 0.0))
    return np.argmax(cumulative > target[:, None], axis=1)
