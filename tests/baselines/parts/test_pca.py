"""Principal components against scikit-learn's, wide and tall, and the density around them."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from baselines.gmm.em import Mixture, log_density
from baselines.parts.pca import Pca
from foundation.errors import InputError


def rows(count, columns, rank, seed=0):
    random = np.random.default_rng(seed)
    scales = np.linspace(3, 0.5, rank)
    return random.normal(size=(count, rank)) * scales @ random.normal(size=(rank, columns)) + 5


@pytest.mark.parametrize("shape", [(200, 12), (10, 40)])
def test_components_and_variances_are_scikit_learns(shape):
    x = rows(*shape, rank=12)
    reference, pca = PCA(6, svd_solver="full").fit(x), Pca.fit(x, 6)
    variances = reference.explained_variance_ * (len(x) - 1) / len(x)
    assert np.allclose(np.abs(pca.components), np.abs(reference.components_), atol=1e-8)
    codes, expected = pca.encode(x), reference.transform(x)
    assert np.allclose(np.abs(codes), np.abs(expected), atol=1e-6)
    assert np.allclose(pca.decode(codes), reference.inverse_transform(expected))
    assert np.allclose(codes.var(axis=0), variances)


def test_no_more_components_than_the_rows_span_and_nothing_is_lost_then():
    x = rows(100, 20, rank=4)
    pca = Pca.fit(x, 15)
    assert pca.dims == 4
    assert np.allclose(pca.decode(pca.encode(x)), x)
    assert Pca.fit(np.ones((7, 3)), 2).dims == 0


def test_density_in_the_plane_and_around_it_is_probabilistic_pca():
    """A single Gaussian in the plane with the residual: Tipping and Bishop's model."""
    x, held_out = rows(300, 8, rank=8), rows(50, 8, rank=8, seed=1)
    pca = Pca.fit(x, 3)
    plane = Mixture(np.ones(1), np.zeros((1, 3)), np.diag(pca.encode(x).var(axis=0))[None])
    found = log_density(pca.encode(held_out), plane) + pca.residual_log_likelihood(held_out, 0.0)
    scale = np.sqrt(len(x) / (len(x) - 1))  # scikit-learn divides by n - 1
    centred = (held_out - x.mean(axis=0)) * scale
    reference = PCA(3, svd_solver="full").fit(x)
    expected = reference.score_samples(centred + x.mean(axis=0)) + 8 * np.log(scale)
    assert np.allclose(found, expected, atol=1e-8)


def test_the_sign_of_a_component_is_fixed():
    x = rows(80, 6, rank=6)
    for pca in (Pca.fit(x, 3), Pca.fit(-x, 3)):
        largest = np.abs(pca.components).argmax(axis=1)
        assert (pca.components[np.arange(3), largest] > 0).all()


def test_matrices_that_would_take_hours_are_refused():
    with pytest.raises(InputError, match="--image-size"):
        Pca.fit(np.zeros((5000, 5000), np.uint8), 3)
    with pytest.raises(InputError, match="0 rows"):
        Pca.fit(np.zeros((0, 5)), 3)
