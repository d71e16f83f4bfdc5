"""Mixtures of images: a run, its samples, its likelihood, and the choice of components."""

import csv
import dataclasses
import json

import numpy as np
import pytest
from PIL import Image

from baselines.config import BaselineSettings
from baselines.gmm.em import Mixture
from baselines.gmm.fit import MixtureLearner, candidate_numbers
from baselines.gmm.images import ImageLearner, MixtureSampler
from baselines.registry import fit
from baselines.train import train
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.source import IMAGES
from foundation.errors import Diverged, InputError, Interrupted
from tests.runs import checkpoint_bytes, history, interrupt_after
from training.generator import Density, Generator, balanced_labels
from training.stored import load_run


def settings(out=None, **given) -> BaselineSettings:
    base = {"model": "gmm", "quiet": True, **({} if out is None else {"out": str(out)})}
    few = {"epochs": 4, "pca_dims": 4, "max_components": 4, "tolerance": 0.0}
    return BaselineSettings.resolve({**base, **few, **given})


@pytest.fixture(scope="module")
def unbroken(shared_npz, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "unbroken"
    train(settings(run, data=f"npz:{shared_npz}"))
    return run


@pytest.fixture(scope="module")
def dataset(shared_npz):
    return load_images(f"npz:{shared_npz}")


@pytest.fixture(scope="module")
def model(unbroken):
    return load_run(unbroken, "baseline").generator


def test_a_run_directory_holds_what_the_design_says(unbroken):
    config = json.loads((unbroken / "config.json").read_text())
    assert config["kind"] == "baseline" and config["settings"]["model"] == "gmm"
    rows = history(unbroken)
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert all(np.isfinite(float(value)) for row in rows for value in row.values())
    assert len(list((unbroken / "samples").glob("epoch_*.png"))) == 4
    for picture in ("losses.png", "samples.gif", "components.png"):
        with Image.open(unbroken / picture) as image:
            image.verify()
    with open(unbroken / "components.csv", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["components"] for row in table] == ["1", "2", "4"]
    likelihoods = [float(row["log_likelihood"]) for row in table]
    assert likelihoods == sorted(likelihoods)


def test_it_is_a_generator_with_a_density(model):
    assert isinstance(model, Generator) and isinstance(model, Density)
    assert model.num_classes == 2 and model.kind == "images"


def test_an_image_depends_on_seed_index_and_label_only(model):
    labels = balanced_labels(model, 0, 450)
    reference = model.sample(0, 0, 450, labels)
    assert reference.shape == (450, 8, 8, 1) and reference.dtype == np.uint8
    for start, count in ((0, 1), (3, 7), (199, 3), (120, 330)):
        received = model.sample(0, start, count, labels[start : start + count])
        assert np.array_equal(received, reference[start : start + count])
    ones = model.sample(0, 0, 450, np.ones(450, int))
    assert np.array_equal(ones[labels == 1], reference[labels == 1])
    assert not np.array_equal(model.sample(1, 0, 450, labels), reference)
    assert len(np.unique(reference.reshape(450, -1), axis=0)) == 450


def test_samples_show_the_class_of_their_label(model, dataset):
    """Class 0 has a bright left half, class 1 a bright right half."""
    labels = balanced_labels(model, 0, 200)
    images = model.sample(0, 0, 200, labels).astype(float)
    right = images[:, :, 4:].mean(axis=(1, 2, 3)) > images[:, :, :4].mean(axis=(1, 2, 3))
    assert np.array_equal(right, labels == 1)
    for label in (0, 1):
        real = dataset.train.images[dataset.train.labels == label].mean(axis=0)
        assert np.abs(images[labels == label].mean(axis=0) - real).mean() < 6


@pytest.mark.parametrize("labels", [None, [0, 1], [0, 2, 1], [0.0, 1.0, 0.0], [-1, 0, 0]])
def test_wrong_labels_are_refused(model, labels):
    with pytest.raises(ValueError, match="labels"):
        model.sample(0, 0, 3, None if labels is None else np.array(labels))


def test_log_likelihood_joins_the_classes(model, dataset):
    images, labels = dataset.test.images, dataset.test.labels
    given = [model.log_likelihood(images, np.full(len(images), label)) for label in (0, 1)]
    joint = np.logaddexp(given[0] + np.log(model.shares[0]), given[1] + np.log(model.shares[1]))
    assert np.allclose(model.log_likelihood(images), joint)
    right = np.where(labels == 0, given[0], given[1])
    assert np.array_equal(model.log_likelihood(images, labels), right)
    assert (right > np.where(labels == 0, given[1], given[0])).all()


def test_log_likelihood_is_a_density_over_the_pixels(tmp_path):
    """Summed over a grid of all images of two pixels it is 1: residual direction included."""
    random = np.random.default_rng(0)
    grey = np.clip(random.normal([100, 140], [25, 10], (300, 2)) @ [[1, 0.3], [0, 1]], 0, 255)
    split = ImageSplit(grey.astype(np.uint8).reshape(300, 1, 2, 1), None)
    data = ImageDataset("made", split, split.take(np.arange(50)), split, ())
    model = fit("gmm", IMAGES, data, settings(pca_dims=1, max_components=1))
    assert model.pca.dims == 1
    all_images = np.stack(np.meshgrid(np.arange(256), np.arange(256)), axis=-1)
    p = np.exp(model.log_likelihood(all_images.astype(np.uint8).reshape(-1, 1, 2, 1)))
    assert p.sum() / 255**2 == pytest.approx(1.0, abs=0.01)


def test_what_was_stored_draws_the_same(model, unbroken):
    again = load_run(unbroken, "baseline").generator
    labels = balanced_labels(model, 0, 30)
    assert np.array_equal(again.sample(0, 0, 30, labels), model.sample(0, 0, 30, labels))


def test_two_iterations_with_a_break_and_two_more_are_four_bit_for_bit(
    shared_npz, tmp_path, unbroken, monkeypatch
):
    """The break is in the second, after the first of two classes."""
    run = tmp_path / "interrupted"
    with monkeypatch.context() as patch:
        interrupt_after(3, MixtureLearner, patch)
        with pytest.raises(Interrupted, match=r"stopped in epoch 2.* saved"):
            train(settings(run, data=f"npz:{shared_npz}", epochs=2))
    resumed = {"model": "gmm", "out": str(run), "resume": True, "quiet": True}
    train(BaselineSettings.resolve(resumed))
    assert len(history(run)) == 2
    train(BaselineSettings.resolve({**resumed, "epochs": 4}))
    assert checkpoint_bytes(run) == checkpoint_bytes(unbroken)
    assert history(run) == history(unbroken)


def test_held_out_likelihood_finds_the_number_of_components():
    """Rows of four clusters: of 1, 2, 4, 8, 16 the choice is 4, though 16 fits training best."""
    random = np.random.default_rng(0)
    centres = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    train_rows, validation = (
        centres[random.integers(4, size=count)] + random.normal(size=(count, 2))
        for count in (120, 400)
    )
    candidates = candidate_numbers(None, 16)
    assert candidates == (1, 2, 4, 8, 16)
    learner = MixtureLearner(
        [train_rows], [validation], ["the data"], candidates, True, 1e-3, 1e-3, seed=0
    )
    learner.start()
    for epoch in range(30):
        learner.train_steps(epoch, 0, 1)
        learner.end_epoch(epoch)
    assert len(learner.chosen()[0].p) == 4
    scores = [row["log_likelihood"] for row in learner.table()]
    assert scores == sorted(scores)


def test_a_converged_mixture_is_left_alone():
    rows = np.random.default_rng(0).normal(size=(50, 2))
    learner = MixtureLearner([rows], [rows], ["x"], (1, 2), True, 1e-3, 1e-2, seed=0)
    learner.start()
    for epoch in range(50):
        if learner.enough(epoch):
            break
        learner.train_steps(epoch, 0, 1)
    iterations = learner.iterations.numpy()[0]
    assert iterations[0] == 2  # one Gaussian is found at once; the second time nothing is gained
    assert 2 < iterations[1] < 50


def test_in_memory_and_with_other_test_images_it_is_the_same_fit(dataset, model):
    other = ImageSplit(255 - dataset.test.images, dataset.test.labels)
    data = dataclasses.replace(dataset, test=other)
    fitted = fit("gmm", IMAGES, data, settings()).arrays()
    assert all(np.array_equal(fitted[name], array) for name, array in model.arrays().items())


def test_one_model_for_all_classes_if_asked_for(dataset):
    model = fit("gmm", IMAGES, dataset, settings(per_class=False, covariance="diagonal"))
    assert model.num_classes == 0 and len(model.mixtures) == 1
    assert model.mixtures[0].sigma.ndim == 2
    assert model.sample(0, 0, 5).shape == (5, 8, 8, 1)
    assert model.log_likelihood(dataset.test.images).shape == (len(dataset.test),)


@pytest.mark.parametrize("full", [True, False])
def test_draws_of_a_mixture_have_its_mean_covariance_and_shares(full):
    matrices = np.array([[[2.0, 1.2], [1.2, 1.0]], [[0.5, 0.0], [0.0, 0.5]]])
    sigma = matrices if full else np.array([[2.0, 1.0], [0.5, 0.5]])
    if not full:
        matrices[0, 0, 1] = matrices[0, 1, 0] = 0.0
    mixture = Mixture(np.array([0.25, 0.75]), np.array([[0.0, 0.0], [20.0, 0.0]]), sigma)
    rows = np.concatenate([MixtureSampler([mixture]).draw(0, chunk, None) for chunk in range(40)])
    first = rows[:, 0] < 10
    assert first.mean() == pytest.approx(0.25, abs=5 * np.sqrt(0.25 * 0.75 / len(rows)))
    assert np.allclose(np.cov(rows[first].T), matrices[0], atol=0.12)
    assert np.allclose(np.cov(rows[~first].T), matrices[1], atol=0.05)


def few(dataset, counts, validation=10):
    """The first images of each class."""
    chosen = [np.flatnonzero(dataset.train.labels == c)[:n] for c, n in enumerate(counts)]
    return dataclasses.replace(
        dataset,
        train=dataset.train.take(np.concatenate(chosen)),
        validation=dataset.validation.take(np.arange(validation)),
    )


def test_one_image_a_class_is_enough_for_one_component(dataset):
    data = few(dataset, (1, 1), validation=0)
    model = fit("gmm", IMAGES, data, settings(components=1))
    images = model.sample(0, 0, 2, np.arange(2))
    assert np.abs(images.astype(int) - data.train.images).mean() < 10


@pytest.mark.parametrize(
    ("counts", "validation", "given", "message"),
    [
        ((2, 5), 10, {"components": 3}, "2 training samples of class 0; at least 3"),
        ((5, 0), 10, {}, "0 training samples of class 1"),
        ((5, 5), 0, {}, "no validation sample of class 0.*--components"),
        ((1, 0), 10, {"per_class": False}, "all equal"),
    ],
)
def test_too_few_images_are_refused(dataset, counts, validation, given, message):
    with pytest.raises(InputError, match=message):
        ImageLearner(few(dataset, counts, validation), settings(**given))


def test_a_class_of_few_images_takes_fewer_components(dataset):
    model = fit("gmm", IMAGES, few(dataset, (3, 40)), settings(max_components=8))
    assert len(model.mixtures[0].p) <= 3


def test_a_covariance_that_collapses_names_the_floor(dataset):
    learner = ImageLearner(dataset, settings())
    learner.start()
    learner.mixtures[0][0]["sigma"].assign(-learner.mixtures[0][0]["sigma"])
    with pytest.raises(Diverged, match=r"class 0.*--covariance-floor"):
        learner.train_steps(0, 0, 1)
