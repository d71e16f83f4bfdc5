"""Weights that make groups count the same."""

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight

from data.synthetic.weights import balanced_weights


def test_they_are_scikit_learns():
    groups = np.array([0, 0, 0, 2, 2, 3, 0, 2, 3, 3, 3])  # of group 1 there is nothing
    found = balanced_weights(groups)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, compute_sample_weight("balanced", groups), rtol=1e-6)


def test_every_group_counts_the_same_and_the_mean_is_one():
    groups = np.repeat([0, 1], [10, 490])
    found = balanced_weights(groups)
    np.testing.assert_allclose(np.bincount(groups, found), [250, 250], rtol=1e-6)
    np.testing.assert_allclose([found[0], found[-1]], [25, 25 / 49], rtol=1e-6)
