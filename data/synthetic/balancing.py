"""How many synthetic samples each class gets, or what each counts (chapter 3.2.4, 8.1).

`largest` is what imbalanced-learn calls "not majority" (Lemaitre et al. 2017), with the same
counts; `adaptive` is this project's: more for the classes that a classifier finds least often among
validation samples.
"""

import numpy as np

LARGEST, ADAPTIVE = "largest", "adaptive"


def added_counts(balance: str | int, real_counts: np.ndarray) -> np.ndarray:
    """How many samples each class lacks.

    Args:
      balance: "largest": every class becomes as large as the largest; 500: every class has at least
        500.
      real_counts: int, shape (classes,): real samples of each class; none is thrown away.

    Returns: int64, shape (classes,), at least 0.
    """
    real_counts = np.asarray(real_counts, np.int64)
    wanted = real_counts.max() if balance == LARGEST else balance
    return np.maximum(wanted - real_counts, 0)


def adaptive_counts(recalls: np.ndarray, total: int) -> np.ndarray:
    """Share `total` samples out in proportion to what is missed of each class: 1 - recall.

    Where nothing is missed, every class gets the same.

    Args:
      recalls: shape (classes,), in [0, 1], measured on validation data. Recall of test data would
        let the test set choose what is trained on.
      total: samples to share out.

    Returns: int64, shape (classes,), with the sum `total`.
    """
    missed = 1.0 - np.asarray(recalls, np.float64)
    return apportioned(total, missed if missed.any() else np.ones_like(missed))


def apportioned(total: int, shares: np.ndarray) -> np.ndarray:
    """Whole numbers that add up to `total`, as near to the shares as whole numbers are.

    By largest remainder (Hamilton's method); of equal remainders the first wins.

    Args:
      total: at least 0.
      shares: shape (n,), at least 0, of any sum.

    Returns: int64, shape (n,); all 0 if all shares are.

    Example:
      >>> apportioned(10, np.array([1.0, 1.0, 1.0])).tolist()
      [4, 3, 3]
    """
    shares = np.asarray(shares, np.float64)
    if not shares.any():
        return np.zeros(len(shares), np.int64)
    exact = total * shares / shares.sum()
    whole = np.floor(exact).astype(np.int64)
    remainders = np.where(shares > 0, exact - whole, -1.0)
    first = np.argsort(-remainders, kind="stable")[: total - whole.sum()]
    whole[first] += 1
    return whole


def shared_evenly(total: int, available: np.ndarray) -> np.ndarray:
    """How much each source gives so that all give the same, as far as each has it.

    Of a rest that cannot be divided the sources with more give one each. What no source has is left
    out: the sum is at most `total`.

    Args:
      total: wanted from all together, at least 0.
      available: int, shape (sources,).

    Returns: int64, shape (sources,), at most `available`.

    Example:
      >>> shared_evenly(10, np.array([100, 2, 7])).tolist()
      [4, 2, 4]
    """
    available = np.asarray(available, np.int64)
    given = np.zeros(len(available), np.int64)
    order = np.argsort(available, kind="stable")
    for position, source in enumerate(order):  # who has least is asked first
        share = (total - given.sum()) // (len(order) - position)
        given[source] = min(share, available[source])
    return given


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
