"""Mixtures of images: samples, likelihood, and the choice of components."""

import dataclasses

import numpy as np
import pytest

from baselines.gmm.em import Mixture
from baselines.gmm.fit import MixtureLearner
from baselines.gmm.images import ImageLearner
from baselines.gmm.mixtures import ClassMixtures
from baselines.registry import fit
from data.images.dataset import ImageDataset, ImageSplit
from data.source import IMAGES
from foundation.errors import Diverged, InputError
from tests.baselines.shared import settings_of


def settings(**given):
    return settings_of("gmm", "mnist", **{"pca_dims": 4, **given})


def learner_of(rows, held_out, **given):
    """A learner of a single group of rows."""
    chosen = settings(tolerance=1e-3, covariance_floor=1e-3, **given)
    learner = MixtureLearner([rows], [held_out], (), chosen)
    learner.start()
    return learner


@pytest.fixture(scope="module")
def model(model_of):
    return model_of("gmm")


def test_log_likelihood_joins_the_classes(model, images):
    pictures, labels = images.test.images, images.test.labels
    given = [model.log_likelihood(pictures, np.full(len(pictures), label)) for label in (0, 1)]
    joint = np.logaddexp(given[0] + np.log(model.shares[0]), given[1] + np.log(model.shares[1]))
    assert np.allclose(model.log_likelihood(pictures), joint)
    right = np.where(labels == 0, *given)
    assert np.array_equal(model.log_likelihood(pictures, labels), right)
    assert (right > np.where(labels == 0, given[1], given[0])).all()


def test_log_likelihood_is_a_density_over_the_pixels():
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


def test_held_out_likelihood_finds_the_number_of_components():
    """Rows of four clusters: of 1, 2, 4, 8, 16 the choice is 4, though 16 fits training best."""
    random = np.random.default_rng(0)
    centres = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    rows = [
        centres[random.integers(4, size=count)] + random.normal(size=(count, 2))
        for count in (120, 400)
    ]
    learner = learner_of(*rows, max_components=17)
    assert learner.candidates == [1, 2, 4, 8, 16]
    for epoch in range(30):
        learner.train_steps(epoch, 0, 1)
        learner.end_epoch(epoch)
    assert learner.chosen().components == [4]
    assert (np.diff(learner.train_scores.numpy()[0]) > 0).all()


def test_a_converged_mixture_is_left_alone():
    rows = np.random.default_rng(0).normal(size=(50, 2))
    learner, converged = learner_of(rows, rows, max_components=2), []
    while not learner.enough(len(converged)):
        learner.train_steps(len(converged), 0, 1)
        converged.append(learner.converged.numpy()[0].tolist())
    # One Gaussian is found at once; the second time nothing is gained.
    assert converged[:2] == [[0, 0], [1, 0]] and 2 < len(converged) < 50
    learner.mixtures[0][0]["mu"].assign([[7.0, 7.0]])
    learner.train_steps(50, 0, 1)
    assert learner.mixtures[0][0]["mu"].numpy().tolist() == [[7.0, 7.0]]


def test_draws_of_a_mixture_have_its_mean_covariance_and_shares():
    sigma = np.array([[[2.0, 1.2], [1.2, 1.0]], [[0.5, 0.0], [0.0, 0.5]]])
    mixture = Mixture(np.array([0.25, 0.75]), np.array([[0.0, 0.0], [20.0, 0.0]]), sigma)
    rows = np.concatenate([ClassMixtures([mixture]).draw(0, chunk, None) for chunk in range(40)])
    first = rows[:, 0] < 10
    assert first.mean() == pytest.approx(0.25, abs=5 * np.sqrt(0.25 * 0.75 / len(rows)))
    assert np.allclose(np.cov(rows[first].T), sigma[0], atol=0.12)
    assert np.allclose(np.cov(rows[~first].T), sigma[1], atol=0.05)


def few(dataset, counts, validation=10):
    """The first images of each class."""
    chosen = [np.flatnonzero(dataset.train.labels == c)[:n] for c, n in enumerate(counts)]
    return dataclasses.replace(
        dataset,
        train=dataset.train.take(np.concatenate(chosen)),
        validation=dataset.validation.take(np.arange(validation)),
    )


def test_one_image_a_class_is_enough_for_one_component(images):
    data = few(images, (1, 1), validation=0)
    model = fit("gmm", IMAGES, data, settings(max_components=1))
    made = model.sample(0, 0, 2, np.arange(2))
    assert np.abs(made.astype(int) - data.train.images).mean() < 10


@pytest.mark.parametrize(
    ("counts", "validation", "given", "message"),
    [
        ((5, 0), 10, {}, "0 training and 5 validation samples of class 1; at least one"),
        ((5, 5), 0, {}, "5 training and 0 validation .*class 0.*--max-components 1"),
        ((1, 0), 10, {"per_class": False}, "all equal"),
    ],
)
def test_too_few_images_are_refused(images, counts, validation, given, message):
    with pytest.raises(InputError, match=message):
        ImageLearner(few(images, counts, validation), settings(**given))


def test_a_class_of_few_images_takes_fewer_components(images):
    learner = ImageLearner(few(images, (3, 40)), settings(max_components=8))
    learner.start()
    sizes = [[len(mixture["p"].numpy()) for mixture in group] for group in learner.mixtures]
    assert sizes == [[1, 2, 3, 3], [1, 2, 4, 8]]


def test_a_covariance_that_collapses_names_the_floor(images):
    learner = ImageLearner(images, settings(max_components=1))
    learner.start()
    learner.mixtures[0][0]["sigma"].assign(-learner.mixtures[0][0]["sigma"])
    with pytest.raises(Diverged, match=r"class 0 .*iteration 1: .*--covariance-floor"):
        learner.train_steps(0, 0, 1)
