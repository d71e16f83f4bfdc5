"""The inverse transform: marginals as they were, rank correlations as they were."""

import itertools
import json

import numpy as np
import pytest
from scipy import stats

from baselines.inverse_transform import (
    ClassCopulas,
    Copula,
)
from baselines.parts.draws import CHUNK
from baselines.registry import fit
from data.images.dataset import ImageDataset, ImageSplit
from data.source import IMAGES, TABLE
from foundation.errors import InputError
from tests.baselines.settings import settings_of
from tests.tables import mixed_dataset
from training.generator import Generator


def curved_rows(count=400):
    """A Gaussian copula with skewed, bounded and repeated marginals, and its correlation."""
    correlation = np.array([[1.0, 0.8, -0.3], [0.8, 1.0, 0.1], [-0.3, 0.1, 1.0]])
    generator = np.random.default_rng(0)
    z = generator.multivariate_normal(np.zeros(3), correlation, count)
    return np.stack(
        [np.exp(z[:, 0]), stats.norm.cdf(z[:, 1]), np.rint(2 * z[:, 2])], 1
    ), correlation


@pytest.fixture(scope="module")
def fitted():
    return fit("inverse_transform", TABLE, mixed_dataset(), settings_of("inverse_transform"))


def drawn_from(copula, count=20_000):
    return copula.transform(np.random.default_rng(1).standard_normal((count, copula.root.shape[0])))


def test_marginals_are_kept():
    rows, _ = curved_rows()
    made = drawn_from(Copula.fit(rows))
    for j in range(3):
        assert stats.ks_2samp(np.rint(made[:, 2]) if j == 2 else made[:, j], rows[:, j])[0] < 0.03


def test_rank_correlations_are_the_real_ones():
    """Spearman's of 20,000 drawn rows against the fitted rows', whatever the marginals."""
    rows, _ = curved_rows()
    made = stats.spearmanr(drawn_from(Copula.fit(rows))).statistic
    assert np.abs(made - stats.spearmanr(rows).statistic).max() < 0.03


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
    copulas = ClassCopulas.fit(rows, np.array([0, 0, 0, 1, 1, 1]), 2, dependent=True)
    labels = np.arange(CHUNK) % 2
    made = copulas.rows(0, 0, labels)[:, 0]
    assert made[labels == 0].max() <= 2 and made[labels == 1].min() >= 100
    with pytest.raises(InputError, match="class 1 has 1 training sample"):
        ClassCopulas.fit(rows[:4], np.array([0, 0, 0, 1]), 2, dependent=True)


def test_a_table_per_class_depends_on_seed_index_and_label_only(fitted):
    assert isinstance(fitted, Generator) and fitted.num_classes == 2
    labels = np.random.default_rng(0).integers(0, 2, CHUNK + 60)
    whole = fitted.sample(4, 0, CHUNK + 60, labels)
    assert np.array_equal(whole.labels, labels)
    cuts = (0, 3, CHUNK - 1, CHUNK + 60)
    parts = [
        fitted.sample(4, first, last - first, labels[first:last]).values
        for first, last in itertools.pairwise(cuts)
    ]
    assert np.array_equal(whole.values, np.concatenate(parts))
    assert not np.array_equal(whole.values, fitted.sample(5, 0, CHUNK + 60, labels).values)


def test_a_table_is_like_the_real_one(fitted):
    data = mixed_dataset()
    made = fitted.sample(0, 0, 4000, (np.arange(4000) % 10 < 7).astype(int))
    assert fitted.class_shares == pytest.approx(data.train.class_shares)
    for column, values in zip(made.columns, made.values.T, strict=True):
        assert np.array_equal(values, column.legal(values)), column.name
    for name in ("height", "weight", "income"):
        assert stats.ks_2samp(made.column(name), data.train.column(name)).statistic < 0.06
    for label in (0, 1):
        real, drawn = (t.take(np.flatnonzero(t.labels == label)) for t in (data.train, made))
        shares = [
            np.bincount(t.column("colour").astype(int), minlength=3) / len(t) for t in (real, drawn)
        ]
        assert np.abs(shares[0] - shares[1]).max() < 0.05
        ranks = [
            stats.spearmanr(t.column("height"), t.column("weight")).statistic for t in (real, drawn)
        ]
        assert ranks[0] == pytest.approx(ranks[1], abs=0.05)


def test_one_model_for_all_classes_draws_the_target_too():
    data = mixed_dataset()
    model = fit("inverse_transform", TABLE, data, settings_of("inverse_transform", per_class=False))
    assert model.num_classes == 0 and model.class_shares is None
    made = model.sample(0, 0, 3000)
    assert made.target == "state"
    assert made.class_shares == pytest.approx(data.train.class_shares, abs=0.03)


@pytest.mark.parametrize("kind", ["table", "images"])
def test_a_stored_model_draws_the_same(fitted, kind):
    model, labels = (
        (fitted, np.arange(20) % 2) if kind == "table" else (image_model(), np.arange(20) % 2)
    )
    description = json.loads(json.dumps(model.describe(), allow_nan=False))
    restored = type(model).restore(description, model.arrays())
    drawn, again = (each.sample(0, 3, 20, labels) for each in (model, restored))
    if kind == "table":
        assert drawn.columns == again.columns and drawn.target == again.target
        drawn, again = drawn.values, again.values
    assert np.array_equal(drawn, again)


def image_model(**chosen):
    """Bright left halves (class 0) and bright right halves, with one brightness an image."""
    generator = np.random.default_rng(0)
    labels = np.arange(200) % 2
    images = generator.integers(0, 20, (200, 6, 6, 1)).astype(np.float64)
    bright = generator.integers(60, 200, 200)[:, None, None, None]
    images[labels == 0, :, :3] += bright[labels == 0]
    images[labels == 1, :, 3:] += bright[labels == 1]
    split = ImageSplit(images.astype(np.uint8), labels)
    data = ImageDataset("halves", split, split, split, ("left", "right"))
    settings = settings_of("inverse_transform", data="mnist", pca_dims=8, **chosen)
    return fit("inverse_transform", IMAGES, data, settings)


def test_images_are_of_their_class_and_cut_anywhere_the_same():
    model = image_model()
    assert isinstance(model, Generator)
    labels = np.arange(CHUNK + 40) % 2
    images = model.sample(2, 0, CHUNK + 40, labels)
    assert images.dtype == np.uint8 and images.shape == (CHUNK + 40, 6, 6, 1)
    left, right = (images[:, :, half].mean(axis=(1, 2, 3)) for half in (slice(3), slice(3, 6)))
    assert ((left > right) == (labels == 0)).mean() > 0.99
    assert images[labels == 0][:, :, 3:].max() < 120  # what falls below 0 does not come back as 255
    assert np.array_equal(images[480:520], model.sample(2, 480, 40, labels[480:520]))


def test_images_of_one_model_have_no_labels():
    assert image_model(per_class=False).sample(0, 0, 7).shape == (7, 6, 6, 1)
