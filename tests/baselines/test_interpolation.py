"""Interpolation: SMOTE, against imbalanced-learn's given the same draws."""

import itertools
import json

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE, SMOTENC
from sklearn.neighbors import NearestNeighbors

from baselines import interpolation
from baselines.interpolation import (
    ImageInterpolation,
    Neighbourhood,
    TableInterpolation,
    between,
    nearest_others,
)
from baselines.parts.draws import CHUNK
from data.images.dataset import ImageDataset, ImageSplit
from data.tables.dataset import TableDataset
from data.tables.encoding import Encoding
from foundation.errors import InputError
from tests.baselines.settings import settings_of
from tests.tables import mixed_dataset, mixed_table
from training.generator import Generator

K = 5


@pytest.fixture(scope="module")
def fitted():
    return TableInterpolation.fit(mixed_dataset(), settings_of("interpolation"))


def image_dataset(count=60, seed=0):
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    images = generator.integers(0, 100, (count, 4, 5, 1), dtype=np.uint8)
    images += (50 * labels).astype(np.uint8)[:, None, None, None]
    split = ImageSplit(images, labels)
    return ImageDataset("toy", split, split, split, ("a", "b", "c"))


def imblearn_draws(count, members, seed):
    """The rows, neighbours and steps that imbalanced-learn draws, in its order."""
    state = np.random.RandomState(seed)
    indices = state.randint(low=0, high=members * K, size=count)
    return indices // K, indices % K, state.uniform(size=count)


def test_smote_equals_imbalanced_learns_given_the_same_draws():
    generator = np.random.default_rng(0)
    rows = generator.normal(0, 1, (120, 6))
    labels = (np.arange(120) % 4 == 0).astype(np.int64)  # 30 of class 1, 90 of class 0
    made, made_labels = SMOTE(random_state=7, k_neighbors=K).fit_resample(rows, labels)
    assert (made_labels[120:] == 1).all()
    found = Neighbourhood.of(rows, labels, K)
    places, choice, steps = imblearn_draws(60, 30, 7)
    base = np.flatnonzero(labels == 1)[places]
    ours = found.points(base, found.nearest[base, choice], steps)
    assert np.allclose(ours, made[120:], rtol=0, atol=1e-12)


def test_smote_nc_equals_imbalanced_learns_given_the_same_draws():
    """Five votes for two categories have no tie; for three, rows without one are compared."""
    table = mixed_table(90, 0)
    table = table.take(np.flatnonzero(table.labels == 1)[:40])
    encoding = Encoding.fit(table)
    rows = encoding.encode(table)  # every column of numbers has deviation 1, as SMOTE-NC's median
    numbers, colours = rows[:, :3], table.values[:, 3:4]
    others = np.concatenate([np.full((100, 3), 50.0), np.zeros((100, 1))], axis=1)
    matrix = np.concatenate([np.concatenate([numbers, colours], axis=1), others])
    labels = np.repeat([1, 0], [40, 100])
    sampler = SMOTENC(categorical_features=[3], random_state=3, k_neighbors=K)
    made = sampler.fit_resample(matrix, labels)[0][140:]
    found = Neighbourhood.of(rows, None, K)
    base, choice, steps = imblearn_draws(60, 40, 3)
    points = found.points(base, found.nearest[base, choice], steps)
    assert np.allclose(points[:, :3], made[:, :3], rtol=0, atol=1e-9)
    votes = TableInterpolation(found, encoding, 0)._votes(base, encoding.blocks[3])
    neighbours = np.floor(votes)  # without the half vote of the row itself
    ordered = np.sort(neighbours, axis=1)
    clear = ordered[:, -1] > ordered[:, -2]
    assert clear.sum() > 30
    assert np.array_equal(votes.argmax(axis=1)[clear], made[clear, 3])
    own = table.values[base, 3].astype(int)
    tied_with_own = ~clear & (neighbours[np.arange(60), own] == ordered[:, -1])
    assert np.array_equal(votes.argmax(axis=1)[tied_with_own], own[tied_with_own])


@pytest.mark.parametrize("block_bytes", [2**27, 5000])
def test_neighbours_are_scikit_learns(monkeypatch, block_bytes):
    monkeypatch.setattr(interpolation, "BLOCK_BYTES", block_bytes)
    rows = np.random.default_rng(0).normal(3, 1, (80, 7))
    expected = NearestNeighbors(n_neighbors=K + 1).fit(rows).kneighbors(rows)[1][:, 1:]
    assert np.array_equal(nearest_others(rows, K), expected)


def test_a_row_is_no_neighbour_of_itself_even_if_it_is_there_twice():
    rows = np.array([[0.0], [0.0], [1.0], [5.0]])
    assert nearest_others(rows, 1)[:2].tolist() == [[1], [0]]


def test_neighbours_are_of_the_same_class_and_small_classes_have_fewer():
    rows = np.arange(12.0)[:, None]
    labels = np.array([0] * 9 + [1] * 3)
    found = Neighbourhood.of(rows, labels, K)
    assert found.counts.tolist() == [5] * 9 + [2] * 3
    base, other, _ = found.draw(0, 0, 2000, np.full(2000, 1))
    assert set(base) == {9, 10, 11} and set(other) == {9, 10, 11} and (base != other).all()
    counts = np.bincount(base * 12 + other)
    assert (counts[counts > 0] > 250).all() and len(counts[counts > 0]) == 6  # 333 each expected


def test_in_a_small_class_only_true_neighbours_vote():
    """Class "ill" has three rows, all red; what fills the places of more is row 0, a blue one."""
    table = mixed_table(40, 0)
    values = table.values[np.argsort(-table.labels, kind="stable")]  # "well" first
    values = np.concatenate([values[values[:, 4] == 1][:20], values[values[:, 4] == 0][:3]])
    values[:20, 3], values[20:, 3] = 0, 2
    small = table.with_values(values)
    data = TableDataset("small", small, small, small)
    made = TableInterpolation.fit(data, settings_of("interpolation")).sample(
        0, 0, 50, np.zeros(50, np.int64)
    )
    assert (made.column("colour") == 2).all()


def test_draws_are_uniform():
    found = Neighbourhood.of(np.random.default_rng(0).normal(0, 1, (20, 3)), None, 4)
    base, other, shares = found.draw(1, 0, 20_000, None)
    assert np.bincount(base).min() > 850 and np.bincount(base).max() < 1150
    choice = (found.nearest[base] == other[:, None]).argmax(axis=1)
    assert np.bincount(choice).min() > 4800
    assert shares.min() >= 0 and shares.max() < 1 and abs(shares.mean() - 0.5) < 0.01


def test_a_class_of_one_is_refused():
    with pytest.raises(InputError, match="class 1 has 1 training sample"):
        Neighbourhood.of(np.arange(6.0)[:, None], np.array([0, 0, 0, 0, 0, 1]), 2)


def test_images_lie_between_two_of_their_class():
    data = image_dataset()
    model = ImageInterpolation.fit(data, settings_of("interpolation", data="mnist", neighbours=3))
    labels = np.arange(200) % 3
    images = model.sample(0, 0, 200, labels)
    assert images.dtype == np.uint8 and images.shape == (200, 4, 5, 1)
    base, other, shares = model.neighbourhood.draw(0, 0, 200, labels)
    a, b = (data.train.images[each].astype(float) for each in (base, other))
    assert (data.train.labels[base] == labels).all() and (data.train.labels[other] == labels).all()
    exact = a + shares[:, None, None, None] * (b - a)
    assert np.abs(images - exact).max() <= 0.5 + 1e-3  # rounded, not cut off


def test_images_without_labels():
    labelled = image_dataset()
    split = ImageSplit(labelled.train.images, None)
    data = ImageDataset("toy", split, split, split, ())
    model = ImageInterpolation.fit(data, settings_of("interpolation", data="mnist"))
    assert model.num_classes == 0 and len(model.sample(0, 0, 5)) == 5


def test_samples_depend_on_seed_index_and_label_only(fitted):
    assert isinstance(fitted, Generator)
    labels = np.random.default_rng(0).integers(0, 2, CHUNK + 60)
    whole = fitted.sample(4, 0, CHUNK + 60, labels).values
    cuts = (0, 1, 130, CHUNK + 7, CHUNK + 60)
    parts = [
        fitted.sample(4, first, last - first, labels[first:last]).values
        for first, last in itertools.pairwise(cuts)
    ]
    assert np.array_equal(whole, np.concatenate(parts))
    assert not np.array_equal(whole, fitted.sample(5, 0, CHUNK + 60, labels).values)


def test_a_table_has_the_labels_asked_for_and_legal_values(fitted):
    labels = np.arange(100) % 2
    made = fitted.sample(0, 0, 100, labels)
    assert np.array_equal(made.labels, labels)
    train = mixed_dataset().train
    assert made.columns == train.columns
    assert (made.values.min(axis=0) >= train.values.min(axis=0)).all()
    assert (made.values.max(axis=0) <= train.values.max(axis=0)).all()
    assert fitted.class_shares == pytest.approx(train.class_shares)
    with pytest.raises(ValueError, match="labels missing"):
        fitted.sample(0, 0, 5)


@pytest.mark.parametrize("kind", ["table", "images"])
def test_a_stored_model_draws_the_same(fitted, kind):
    model, labels = fitted, np.arange(20) % 2
    if kind == "images":
        settings = settings_of("interpolation", data="mnist")
        model = ImageInterpolation.fit(image_dataset(), settings)
    description = json.loads(json.dumps(model.describe(), allow_nan=False))
    restored = type(model).restore(description, model.arrays())
    drawn, again = (each.sample(0, 3, 20, labels) for each in (model, restored))
    if kind == "table":
        assert drawn.columns == again.columns
        drawn, again = drawn.values, again.values
    assert np.array_equal(drawn, again)


def test_between_codes_the_decoder_makes_the_samples():
    """On a circle the middle of two neighbours is near the circle once decoded."""
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    codes = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    labels = (angles >= np.pi).astype(np.int64)
    shapes = []

    def decode(points, labels):
        shapes.append((points.shape, labels.shape))
        return np.concatenate(
            [points / np.linalg.norm(points, axis=1, keepdims=True), labels[:, None]], axis=1
        )

    latent = between(codes, decode, labels, neighbours=2)
    asked = np.arange(CHUNK + 20) % 2
    drawn = latent.sample(0, 0, CHUNK + 20, asked)
    assert set(shapes) == {((CHUNK, 2), (CHUNK,))}
    assert np.array_equal(drawn[:, 2], asked)
    assert np.allclose(np.linalg.norm(drawn[:, :2], axis=1), 1)
    assert ((drawn[:, 1] < 1e-9) == (asked == 1))[np.abs(drawn[:, 1]) > 1e-9].all()
    assert np.array_equal(drawn[10:30], latent.sample(0, 10, 20, asked[10:30]))
