"""Where EM starts."""

import numpy as np

from baselines.parts.kmeans import k_means


def test_groups_far_apart_are_found_and_equal_rows_are_no_obstacle():
    x = np.repeat(np.eye(3) * 100, 30, axis=0)
    groups = k_means(x, 3, seed=0)
    assert [len(set(groups[i * 30 : i * 30 + 30])) for i in range(3)] == [1, 1, 1]
    assert len(set(groups)) == 3
    assert k_means(np.ones((5, 2)), 3, seed=0).shape == (5,)


def test_the_start_is_a_function_of_seed_and_index():
    x = np.random.default_rng(0).normal(size=(300, 2))
    groups = k_means(x, 5, seed=0, index=2)
    assert np.array_equal(k_means(x, 5, seed=0, index=2), groups)
    assert not np.array_equal(k_means(x, 5, seed=1, index=2), groups)
    assert not np.array_equal(k_means(x, 5, seed=0, index=3), groups)
