"""What every baseline keeps of training.generator.Generator, of each kind of data it learns."""

import itertools
import json

import numpy as np
import pytest
from scipy import stats

from baselines.parts.draws import CHUNK
from baselines.registry import BASELINES, fit
from data.tables.dataset import TableDataset
from tests.baselines.conftest import RUNS
from tests.baselines.shared import settings_of
from tests.tables import mixed_dataset, mixed_table, unlabelled
from training.generator import Density, Generator, usual_labels

ROWS = 16  # texts that are drawn side by side
OTHERS = {
    "gmm-table": ("gmm", "table", {"epochs": 1, "max_components": 1}),
    "ngram": ("ngram", "text", {}),
    "inverse_transform-images": ("inverse_transform", "images", {"pca_dims": 8}),
    "inverse_transform-table": ("inverse_transform", "table", {}),
    "inverse_transform-one": ("inverse_transform", "table", {"per_class": False}),
    "interpolation-images": ("interpolation", "images", {}),
    "interpolation-table": ("interpolation", "table", {}),
    "interpolation-codes": ("interpolation", "images", {"latent": "vae"}),
    "regression": ("regression", "table", {}),
    "regression-unlabelled": ("regression", "unlabelled", {}),
}
ROWS_LIKE_THE_REAL = [
    "inverse_transform-table",
    "inverse_transform-one",
    "regression",
    "regression-unlabelled",
]


@pytest.fixture(scope="module", params=[*RUNS, *OTHERS])
def case(request, data, images, corpus, model_of, run_of):
    """The name of a case, and its fitted model."""
    if request.param in RUNS:
        return request.param, model_of(request.param)
    model, kind, chosen = OTHERS[request.param]
    if "latent" in chosen:
        chosen = {"latent": str(run_of(chosen["latent"]))}
    table = mixed_dataset()
    dataset = {"table": table, "unlabelled": unlabelled(table), "images": images, "text": corpus}
    settings = settings_of(model, data.get(kind, "breast_cancer"), **chosen)
    return request.param, fit(model, settings.kind, dataset[kind], settings)


def draw(model, seed, start, count, labels, **given):
    """Samples as an array, whatever their kind."""
    chosen = {"length": 40} if model.kind in ("text", "series") else {}
    part = None if labels is None else labels[start : start + count]
    made = model.sample(seed, start, count, part, **{**chosen, **given})
    return made.values if model.kind == "table" else np.array(made)


def test_it_is_a_generator_and_these_are_all(case):
    name, model = case
    assert isinstance(model, Generator)
    assert isinstance(model, Density) == (
        name.split("-")[0] in ("gmm", "hmm", "series", "vae", "ngram")
    )
    tested = {(model, kind) for model, kind, _ in [*RUNS.values(), *OTHERS.values()]}
    assert {(name, kind) for name, each in BASELINES.items() for kind in each.generators} <= tested


def test_a_sample_depends_on_seed_index_and_label_only(case):
    _, model = case
    size = ROWS if model.kind in ("text", "series") else CHUNK
    count, labels = size + 24, None
    if model.num_classes:
        labels = np.random.default_rng(0).integers(0, model.num_classes, count)
    whole = draw(model, 4, 0, count, labels)
    parts = [
        draw(model, 4, first, last - first, labels)
        for first, last in itertools.pairwise((0, 1, size - 1, size + 1, count))
    ]
    assert np.array_equal(np.concatenate(parts), whole)
    assert not np.array_equal(draw(model, 5, 0, count, labels), whole)
    assert len(np.unique(whole.reshape(count, -1), axis=0)) > 0.4 * count
    same = None if labels is None else np.zeros_like(labels)
    first, second = (draw(model, 4, start, 20, same) for start in (0, size))
    assert not np.array_equal(first, second)  # the next chunk is another
    if labels is not None:
        other = labels.copy()
        other[7] = 1 - other[7]
        changed = (draw(model, 4, 0, count, other) != whole).reshape(count, -1).any(axis=1)
        assert np.flatnonzero(changed).tolist() == [7]
    if model.kind == "text":
        short = draw(model, 4, 0, count, labels, length=25)
        assert [text[:25] for text in whole] == short.tolist()
    if model.kind == "series":
        assert np.array_equal(draw(model, 4, 0, count, labels, length=25), whole[:, :25])


def test_a_sample_has_the_form_of_the_data_and_the_label_asked_for(case, images):
    """Images of class 0 have a bright left half, of class 1 a bright right half."""
    _, model = case
    count = 200
    labels = np.arange(count) % 2 if model.num_classes else None
    if model.kind == "images":
        made = draw(model, 0, 0, count, labels)
        assert made.shape == (count, 8, 8, 1) and made.dtype == np.uint8
        right = made[:, :, 4:].mean(axis=(1, 2, 3)) > made[:, :, :4].mean(axis=(1, 2, 3))
        assert np.array_equal(right, labels == 1)
    elif model.kind == "table":
        made, train = model.sample(0, 0, count, labels), mixed_dataset().train
        assert made.columns == train.columns
        for column, values in zip(made.columns, made.values.T, strict=True):
            assert np.array_equal(values, column.legal(values)), column.name
        if labels is None:
            assert model.class_shares is None
        else:
            assert np.array_equal(made.labels, labels)
            assert model.class_shares == pytest.approx(train.class_shares)


def test_labels_are_asked_for_exactly_where_there_are_classes(case):
    _, model = case
    wrong = [None, [0, 1], [0, 2, 1], [0.0, 1.0, 0.0]] if model.num_classes else [[0, 0, 0]]
    for labels in wrong:
        with pytest.raises(ValueError, match="labels"):
            model.sample(0, 0, 3, None if labels is None else np.array(labels))


def test_a_stored_model_is_the_same(case):
    _, model = case
    description = json.loads(json.dumps(model.describe(), allow_nan=False))
    again = type(model).restore(description, model.arrays())
    assert json.loads(json.dumps(again.describe())) == description
    arrays, restored = model.arrays(), again.arrays()
    assert list(arrays) == list(restored)
    assert all(np.array_equal(arrays[name], restored[name]) for name in arrays)
    labels = np.arange(30) % 2 if model.num_classes else None
    assert np.array_equal(draw(again, 0, 3, 20, labels), draw(model, 0, 3, 20, labels))


@pytest.mark.parametrize("model", ["interpolation", "inverse_transform", "regression"])
def test_only_the_training_part_is_fitted_at_once(model):
    """Neither validation nor test rows reach a model that makes no choice."""
    data = mixed_dataset()
    other = TableDataset("other", data.train, mixed_table(50, 8), mixed_table(50, 9))
    a, b = (fit(model, "table", each, settings_of(model)).arrays() for each in (data, other))
    assert all((a[name] == b[name]).all() for name in a)


@pytest.mark.parametrize("case", ROWS_LIKE_THE_REAL, indirect=True)
def test_rows_are_like_the_real_ones(case):
    _, model = case
    labels, real = usual_labels(model, 0, 0, 4000), mixed_dataset().train
    made = model.sample(0, 0, 4000, labels)
    for column in ("height", "weight", "income"):
        assert stats.ks_2samp(made.column(column), real.column(column)).statistic < 0.06
    for column in ("colour", "state"):
        shares = [
            np.bincount(t.column(column).astype(int), minlength=3) / len(t) for t in (real, made)
        ]
        assert np.abs(shares[0] - shares[1]).max() < 0.05
    ranks = [stats.spearmanr(t.values[:, :3]).statistic for t in (real, made)]
    assert np.abs(ranks[0] - ranks[1]).max() < 0.08


@pytest.mark.parametrize("case", ["hmm", "ngram"], indirect=True)
@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_texts_go_on_from_the_prime_as_often_as_the_model_says(case, corpus, temperature):
    """First characters after a prime text, against the model's own probabilities."""
    _, model = case
    known = np.arange(1, corpus.vocabulary.size)
    before = np.tile(corpus.vocabulary.encode("ka").astype(int), (len(known), 1))
    segments = np.concatenate([before, known[:, None]], axis=1)
    p = np.exp(model.log_likelihood(segments)[:, -1])
    assert p.sum() == pytest.approx(1, abs=0.01)  # the n-gram leaves a little to the unknown
    p = p ** (1 / temperature) / (p ** (1 / temperature)).sum()
    drawn = model.sample(0, 0, 4000, length=1, prime="ka", temperature=temperature)
    counts = np.bincount(corpus.vocabulary.encode("".join(drawn)), minlength=len(p) + 1)
    assert counts[0] == 0
    assert (np.abs(counts[1:] - 4000 * p) <= 5 * np.sqrt(4000 * p * (1 - p)) + 1e-9).all()
