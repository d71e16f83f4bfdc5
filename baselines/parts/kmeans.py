"""k-means: where EM starts."""

import warnings

import numpy as np
from threadpoolctl import threadpool_limits

from foundation.purposes import KMEANS_START, rng

MOST_ITERATIONS = 30  # the mixture refines what is found, so convergence is not needed


def k_means(x: np.ndarray, k: int, seed: int, index: int = 0) -> np.ndarray:
    """Part rows float64 (n, d), n >= k, into k groups around their means, from a k-means++ start.

    In one thread: several add up their parts of a mean in the order in which they are done.

    Returns: int32 (n,), the group of each row, a function of (x, k, seed, index). A group is empty
      only where fewer than k different rows exist.
    Reference: Arthur and Vassilvitskii 2007, k-means++: the advantages of careful seeding.
    """
    from sklearn.cluster import KMeans  # here: a second, that who draws need not wait
    from sklearn.exceptions import ConvergenceWarning

    start = rng(seed, KMEANS_START, index, k).integers(2**31)
    model = KMeans(k, n_init=1, max_iter=MOST_ITERATIONS, random_state=int(start))
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer than k different rows
        return model.fit_predict(x)
