"""The inverse transform: marginals as they were, rank correlations as they were."""

import numpy as np
import pytest
from scipy import stats

from baselines.inverse_transform.copula import ClassCopulas, Copula
from baselines.parts.draws import CHUNK
from baselines.registry import fit
from data.images.dataset import ImageDataset, ImageSplit
from data.source import IMAGES
from foundation.errors import InputError
from tests.baselines.shared import settings_of


def curved_rows(count=400):
    """A Gaussian copula with skewed, bounded and repeated marginals, and its correlation."""
    correlation = np.array([[1.0, 0.8, -0.3], [0.8, 1.0, 0.1], [-0.3, 0.1, 1.0]])
    generator = np.random.default_rng(0)
    z = generator.multivariate_normal(np.zeros(3), correlation, count)
    return np.stack(
        [np.exp(z[:, 0]), stats.norm.cdf(z[:, 1]), np.rint(2 * z[:, 2])], 1
    ), correlation


def drawn_from(copula, count=20_000):
    return copula.transform(np.random.default_rng(1).standard_normal((count, copula.root.shape[0])))


def test_the_correlation_is_that_of_the_normal_scores():
    rows, true = curved_rows(4000)
    scores = stats.norm.ppf((stats.rankdata(rows, axis=0) - 0.5) / len(rows))
    root = Copula.fit(rows).root
    found = root @ root.T
    assert np.allclose(found, np.corrcoef(scores.T), atol=1e-9)
    assert np.abs(found - true).max() < 0.05


def test_without_the_copula_columns_are_independent():
    rows, _ = curved_rows()
    made = drawn_from(Copula.fit(rows, dependent=False))
    assert np.abs(stats.spearmanr(made).statistic - np.eye(3)).max() < 0.03
    assert stats.ks_2samp(made[:, 0], rows[:, 0]).statistic < 0.03


def test_a_constant_column_stays_constant_and_a_repeated_one_repeated():
    generator = np.random.default_rng(0)
    x = generator.normal(0, 1, 50)
    made = drawn_from(Copula.fit(np.stack([x, np.full(50, 3.0), 2 * x], axis=1)), 200)
    assert (made[:, 1] == 3.0).all()
    assert np.allclose(made[:, 2], 2 * made[:, 0])


def test_more_columns_than_rows_are_no_obstacle():
    rows = np.random.default_rng(0).normal(0, 1, (5, 12))
    made = drawn_from(Copula.fit(rows), 100)
    assert np.isfinite(made).all()
    assert (made >= rows.min(axis=0)).all() and (made <= rows.max(axis=0)).all()


def test_each_class_has_its_own_distribution():
    rows = np.array([[0.0], [1.0], [2.0], [100.0], [101.0], [102.0]])
    copulas = ClassCopulas.fit(rows, np.array([0, 0, 0, 1, 1, 1]), ("x", "y"), dependent=True)
    labels = np.arange(CHUNK) % 2
    made = copulas.rows(0, 0, labels)[:, 0]
    assert made[labels == 0].max() <= 2 and made[labels == 1].min() >= 100
    with pytest.raises(InputError, match="class y with 1 training samples; at least 2"):
        ClassCopulas.fit(rows[:4], np.array([0, 0, 0, 1]), ("x", "y"), dependent=True)


def test_what_falls_below_0_in_an_image_does_not_come_back_as_255(images):
    dark = ImageSplit(images.train.images // 4, images.train.labels)
    data = ImageDataset("dark", dark, dark, dark, images.class_names)
    settings = settings_of("inverse_transform", "mnist", pca_dims=8, per_class=False)
    model = fit("inverse_transform", IMAGES, data, settings)
    assert model.num_classes == 0
    assert model.sample(0, 0, 500).max() < 120
