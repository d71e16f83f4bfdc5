"""The classifiers that judge training sets: they learn, weigh, choose and repeat as they say."""

import random
import time

import keras
import numpy as np
import pytest
import tensorflow as tf

from data.images.dataset import ImageSplit
from data.images.load import load_images
from evaluation.judges import classical as classical_classifiers
from evaluation.judges import images as classifiers
from evaluation.judges import networks as network_classifiers
from evaluation.judges.classical import repetitions, train_lda, train_logistic_regression
from evaluation.judges.images import CLASSIFIERS, train_classifier
from evaluation.judges.networks import batches
from foundation.errors import InputError

CLASSICAL = ("LDA", "logistic regression", "SVM")
# One form for all, so that the graph of each network is traced once.
FEW = {"updates": 50, "num_classes": 3}


def bars(count: int, seed: int = 0) -> ImageSplit:
    """8 x 8 images of three classes: a bright band above, in the middle, or below."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    images = generator.integers(0, 60, (count, 8, 8, 1), dtype=np.uint8)
    for label in range(3):
        rows = slice(1 + 2 * label, 3 + 2 * label)
        images[labels == label, rows] += 150
    return ImageSplit(images, labels)


@pytest.fixture(scope="module")
def train():
    return bars(300)


@pytest.fixture(scope="module")
def test():
    return bars(90, seed=1)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_each_learns_what_can_be_learnt_and_keeps_the_callers_random_states(train, test, name):
    keras.utils.set_random_seed(1)
    expected = random.random(), np.random.random(), float(tf.random.uniform(()))
    keras.utils.set_random_seed(1)
    model = train_classifier(name, train.images, train.labels, 0, **FEW)
    assert (random.random(), np.random.random(), float(tf.random.uniform(()))) == expected
    assert model.accuracy(test) == 1.0
    assert model.predict(test.images).dtype == np.int64
    probabilities = model.probabilities(test.images)
    assert probabilities.shape == (90, 3) and probabilities.dtype == np.float32
    assert probabilities.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert model.choice == CLASSIFIERS[name].candidates[0]


@pytest.mark.parametrize("name", [*CLASSICAL, "CNN"])
def test_two_classes_out_of_the_middle(train, test, name):
    """Classes 0 and 2 of 0 .. 2: the columns stay in place."""
    kept = train.take(np.flatnonzero(train.labels != 1))
    model = train_classifier(name, kept.images, kept.labels, 0, **FEW)
    asked = test.take(np.flatnonzero(test.labels != 1))
    assert model.accuracy(asked) == 1.0
    probabilities = model.probabilities(asked.images)
    assert probabilities.shape == (60, 3)
    if name in CLASSICAL:
        assert (probabilities[:, 1] == 0).all()


@pytest.mark.parametrize("name", [*CLASSICAL, "MLP"])
def test_a_weight_of_zero_takes_an_image_out(train, test, name):
    """Every second image bears a false label; with a weight of 0 it does no harm."""
    wrong = np.arange(300) % 2 == 0
    labels = np.where(wrong, (train.labels + 1) % 3, train.labels)
    weighted = train_classifier(name, train.images, labels, 0, np.where(wrong, 0.0, 7.0), **FEW)
    assert weighted.accuracy(test) == 1.0


def test_only_the_proportions_of_weights_count(train, monkeypatch):
    seen = []

    def recording(rows, labels, weight, seed):
        seen.append(weight)
        return train_lda(rows, labels, weight, seed, 0.1)

    monkeypatch.setitem(CLASSIFIERS, "LDA", classifiers.Kind(recording, ({},)))
    for weight in (None, np.full(300, 100.0), np.arange(300.0)):
        train_classifier("LDA", train.images, train.labels, 0, weight)
    assert (seen[0] == 1).all() and (seen[1] == 1).all() and seen[2].dtype == np.float32
    np.testing.assert_allclose(seen[2], np.arange(300) / 149.5, rtol=1e-6)


def overlapping(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of two classes that cannot be told apart fully, with weights 1, 2 and 3."""
    generator = np.random.default_rng(2)
    labels = np.arange(count) % 2
    rows = (generator.normal(size=(count, 6)) + 0.7 * labels[:, None]).astype(np.float32)
    return rows, labels, generator.integers(1, 4, count).astype(np.float32)


@pytest.mark.parametrize(
    ("function", "choice"),
    [(train_lda, {"shrinkage": 0.1}), (train_logistic_regression, {"penalty": 1e-2})],
)
def test_weights_are_repetitions(function, choice):
    rows, labels, weight = overlapping(120)
    mean_one = weight / weight.mean()
    weighted = function(rows, labels, mean_one, 0, **choice)
    repeated = np.repeat(np.arange(120), weight.astype(int))
    ones = np.ones(len(repeated), np.float32)
    expected = function(rows[repeated], labels[repeated], ones, 0, **choice)
    assert weighted.coef_ == pytest.approx(expected.coef_, abs=1e-3)
    plain = function(rows, labels, np.ones(120, np.float32), 0, **choice)
    assert np.abs(plain.coef_ - expected.coef_).max() > 1e-2


def test_the_penalty_means_the_same_for_any_number_of_rows():
    rows, labels, _ = overlapping(200)
    once = train_logistic_regression(rows, labels, np.ones(200), 0, 1e-2)
    twice = train_logistic_regression(
        np.tile(rows, (2, 1)), np.tile(labels, 2), np.ones(400), 0, 1e-2
    )
    assert twice.coef_ == pytest.approx(once.coef_, abs=1e-3)


def test_repetitions_follow_the_weights():
    weights = np.random.default_rng(0).random(1000)
    weights[:10] = 0
    counts = repetitions(weights, 5000, seed=3)
    assert counts.sum() == 5000 and (counts[:10] == 0).all()
    assert np.abs(counts - 5000 * weights / weights.sum()).max() < 1
    equal = repetitions(np.ones(1000), 100, seed=3)
    assert sorted(np.unique(equal)) == [0, 1] and equal.sum() == 100
    assert not np.array_equal(equal, repetitions(np.ones(1000), 100, seed=4))
    assert np.array_equal(repetitions(np.full(9, 2.0), 9, seed=0), np.ones(9))


def test_the_svm_sees_a_draw_of_the_rows(train, monkeypatch):
    monkeypatch.setattr(classical_classifiers, "MOST_SVM_ROWS", 60)
    seen = []
    original = classical_classifiers.SVC.fit

    def watching(self, rows, labels, sample_weight):
        seen.append((rows, sample_weight))
        return original(self, rows, labels, sample_weight)

    monkeypatch.setattr(classical_classifiers.SVC, "fit", watching)
    heavy = np.where(np.arange(300) < 30, 100.0, 1.0)
    train_classifier("SVM", train.images, train.labels, 0, heavy)
    for seed in (0, 0, 1):
        train_classifier("SVM", train.images, train.labels, seed)
    rows, weight = seen[0]
    assert len(rows) < 60 and weight.sum() == 60 and weight.max() >= 2
    first, again, other = seen[1:]
    assert len(first[0]) == 60 and (first[1] == 1).all()
    assert np.array_equal(first[0], again[0]) and not np.array_equal(first[0], other[0])


def test_the_best_candidate_on_validation_images_is_taken(train, test, monkeypatch):
    tried = []

    def recording(rows, labels, weight, seed, shift):
        tried.append(shift)
        return train_lda(rows, (labels + shift) % 3, weight, seed, 0.1)

    kind = classifiers.Kind(recording, ({"shift": 1}, {"shift": 0}, {"shift": 2}))
    monkeypatch.setitem(CLASSIFIERS, "LDA", kind)
    given = ("LDA", train.images, train.labels, 0)
    chosen = train_classifier(*given, validation=test)
    assert tried == [1, 0, 2]
    assert chosen.choice == {"shift": 0}
    assert chosen.accuracy(test) == 1.0
    assert train_classifier(*given, validation=test, candidates=1).choice == {"shift": 1}
    assert train_classifier(*given).choice == {"shift": 1}
    assert train_classifier(*given, validation=test, choice={"shift": 2}).choice == {"shift": 2}


def test_all_kinds_have_as_many_candidates():
    assert {len(kind.candidates) for kind in CLASSIFIERS.values()} == {3}


def test_a_network_sees_every_image_augmented_anew(train):
    calls = []

    def augment(images, indices, number):
        assert np.array_equal(images, train.images[indices])
        calls.append((number, tuple(indices)))
        return 255 - images

    inverted = ImageSplit(255 - train.images, train.labels)
    model = train_classifier("MLP", train.images, train.labels, 0, augment=augment, **FEW)
    assert model.accuracy(inverted) == 1.0  # it has learnt what it saw, no other images
    assert len(calls) == 50 and {number for number, _ in calls} == set(range(25))
    assert len({indices for _, indices in calls}) == 50


def test_the_others_see_a_set_of_augmented_passes(train, monkeypatch):
    monkeypatch.setattr(classifiers, "AUGMENTED_ROWS", 1000)
    numbers, rows_seen = [], []

    def augment(images, indices, number):
        numbers.append(number)
        return np.roll(images, number, axis=2)

    def recording(rows, labels, weight, seed, shrinkage):
        rows_seen.append((len(rows), np.bincount(labels).tolist(), len(weight)))
        return train_lda(rows, labels, weight, seed, shrinkage)

    monkeypatch.setitem(CLASSIFIERS, "LDA", classifiers.Kind(recording, ({"shrinkage": 0.1},)))
    train_classifier("LDA", train.images, train.labels, 0, augment=augment)
    assert numbers == [0, 1, 2, 3] and rows_seen == [(1200, [400, 400, 400], 1200)]


def test_the_seconds_of_augmentation_are_those_of_one_training(train, monkeypatch):
    def training(build, images, *data, augment, batch_size):
        augment(images, np.arange(len(images)), 0)

    def busy(images, indices, number):
        until = time.process_time() + 0.05
        while time.process_time() < until:
            pass

    monkeypatch.setattr(classifiers, "network_probabilities", lambda _, x: np.eye(3)[[0] * len(x)])
    kind = classifiers.Kind(training, ({}, {}, {}), build=len, updates=4)
    monkeypatch.setitem(CLASSIFIERS, "CNN", kind)
    given = ("CNN", train.images, train.labels, 0)
    for tried in (1, 3):
        model = train_classifier(*given, validation=train, candidates=tried, augment=busy)
        assert 0.05 <= model.augment_seconds < 0.14


def test_a_pass_visits_no_image_twice():
    stream = batches(10, 4, seed=0)
    steps = [next(stream) for _ in range(6)]
    assert [number for number, _ in steps] == [0, 0, 1, 1, 2, 2]
    for number in range(3):
        visited = np.concatenate([indices for n, indices in steps if n == number])
        assert len(set(visited)) == 8


def test_networks_share_a_graph_and_nothing_else(train, test):
    def trained(seed):
        return train_classifier("MLP", train.images, train.labels, seed, updates=9)

    network_classifiers.shared_trainer.cache_clear()
    alone = trained(0).probabilities(test.images)
    network_classifiers.shared_trainer.cache_clear()
    before, after = trained(1), trained(0)
    assert network_classifiers.shared_trainer.cache_info().hits == 1
    np.testing.assert_array_equal(after.probabilities(test.images), alone)
    assert (before.probabilities(test.images) != alone).any()
    first = before.probabilities(test.images)
    trained(2)
    np.testing.assert_array_equal(before.probabilities(test.images), first)


def test_a_small_set_is_seen_in_as_many_ways_as_fit_into_a_step(monkeypatch):
    seen = []

    def watching(self, images, labels, weights):
        seen.append((images.numpy(), labels.numpy()))

    monkeypatch.setattr(network_classifiers.NetworkTrainer, "train_steps", watching)
    data = bars(6)

    def numbered(images, indices, number):
        return np.full_like(images, 10 * number) + indices[:, None, None, None].astype(np.uint8)

    given = {"updates": 2, "batch_size": 20, "augment": numbered}
    train_classifier("CNN", data.images, data.labels, 0, **given)
    ((images, labels),) = seen
    assert images.shape[:2] == labels.shape == (2, 18)
    marks = images[..., 0, 0, 0]
    assert sorted(marks[0]) == [10 * number + index for number in range(3) for index in range(6)]
    assert sorted(marks[1]) == [10 * number + index for number in range(3, 6) for index in range(6)]
    np.testing.assert_array_equal(labels, data.labels[marks % 10])


def test_updates_and_images_a_step_are_those_asked_for_whatever_the_size(monkeypatch):
    shapes = []

    def watching(self, images, labels, weights):
        shapes.append(labels.shape)

    monkeypatch.setattr(network_classifiers.NetworkTrainer, "train_steps", watching)
    for count, given, expected in (
        (300, {}, 128),
        (300, {"batch_size": 32}, 32),
        (300, {"batch_size": 400}, 300),
        (9, {}, 126),  # all of them, fourteen times
    ):
        data = bars(count)
        train_classifier("MLP", data.images, data.labels, 0, updates=53, **given)
        assert shapes == [(50, expected), (3, expected)]
        shapes.clear()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((300, 8, 8, 1))}, "uint8 images"),
        ({"labels": np.zeros(300, int)}, "of 1 class; at least two"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(train, change, message):
    given = {"name": "LDA", "images": train.images, "labels": train.labels, "seed": 0}
    with pytest.raises(InputError, match=message):
        train_classifier(**{**given, **change})


def test_lda_refuses_images_with_too_many_values():
    rows = np.zeros((4, classical_classifiers.MOST_LDA_COLUMNS + 1), np.float32)
    with pytest.raises(InputError, match="--image-size"):
        train_lda(rows, np.array([0, 1, 0, 1]), np.ones(4), 0, "auto")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"),
    [("LDA", 0.865), ("logistic regression", 0.92), ("SVM", 0.965), ("MLP", 0.982), ("CNN", 0.992)],
)
def test_the_ceilings_on_mnist(name, least):
    """Only a classifier that is good on real data says something about synthetic data."""
    dataset = load_images("mnist")
    model = train_classifier(name, dataset.train.images, dataset.train.labels, 0)
    assert model.accuracy(dataset.test) >= least
