"""`baseline train vae`: samples, codes, likelihood, what is fitted to."""

import dataclasses
import hashlib

import numpy as np
import pytest

from baselines.registry import fit
from baselines.vae.images import ImageVae
from baselines.vae.step import VaeTrainer
from baselines.vae.train import VaeLearner
from data.images.dataset import ImageSplit
from data.source import IMAGES
from foundation.errors import InputError
from tests.baselines.shared import eagerly, settings_of


def settings(**given):
    return settings_of("vae", "mnist", **given)


@pytest.fixture(scope="module")
def model(model_of) -> ImageVae:
    return model_of("vae")


def test_codes_lead_back_to_the_images(model, images):
    pictures, labels = images.test.images, images.test.labels
    codes = model.encode(pictures, labels)
    assert codes.shape == (len(pictures), 3) and codes.dtype == np.float32
    back = model.decode(codes, labels)
    error = np.abs(back.astype(float) - pictures).mean()
    middle = np.abs(np.full(pictures.shape, 120.0) - pictures).mean()
    assert error < middle / 3
    times = 600 // len(codes) + 1  # more than a chunk
    repeated = model.decode(np.repeat(codes, times, axis=0), np.repeat(labels, times))
    assert np.array_equal(repeated[::times], back)


def test_the_likelihood_tells_images_from_noise(model, images):
    pictures, labels = images.test.images, images.test.labels
    noise = np.random.default_rng(0).integers(0, 256, pictures.shape, dtype=np.uint8)
    real = model.log_likelihood(pictures, labels)
    assert real.shape == (len(pictures),) and real.dtype == np.float64
    assert real.min() > model.log_likelihood(noise, labels).max()
    wrong = model.log_likelihood(pictures, 1 - labels)
    assert (wrong < real).mean() > 0.9
    shares = np.bincount(images.train.labels) / len(images.train)
    joint = np.log(shares[labels]) + real, np.log(shares[1 - labels]) + wrong
    assert model.log_likelihood(pictures) == pytest.approx(np.logaddexp(*joint), abs=1e-6)
    assert np.array_equal(model.log_likelihood(pictures, labels), real)
    with pytest.raises(ValueError, match="uint8"):
        model.log_likelihood(pictures / 255.0, labels)
    with pytest.raises(ValueError, match="is expected"):
        model.log_likelihood(pictures[:, :4], labels)


def test_only_training_images_are_fitted_to(images, monkeypatch):
    seen = set()

    def watching(self, images, *arguments):
        seen.update(hashlib.sha256(row.tobytes()).hexdigest() for row in images.numpy())

    monkeypatch.setattr(VaeTrainer, "train_steps", watching)
    fit("vae", IMAGES, images, settings(epochs=1))
    hashes = {hashlib.sha256(image.tobytes()).hexdigest() for image in images.train.images}
    assert seen == hashes


def test_images_without_labels_or_validation(images, tmp_path):
    plain = dataclasses.replace(
        images,
        train=ImageSplit(images.train.images[:100], None),
        validation=ImageSplit(images.validation.images[:0], None),
        class_names=(),
    )
    learner = VaeLearner(plain, settings(prior_components=2))
    learner.begin_epoch(0, 0)
    with eagerly():
        learner.train_steps(0, 0, 2)
        assert "validation_elbo" not in learner.end_epoch(0)
        model = learner.generator()
        assert model.sample(0, 0, 3).shape == (3, 8, 8, 1)
        assert np.isfinite(model.log_likelihood(images.test.images, draws=2)).all()
        learner.draw(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["reconstructions.png"]


@pytest.mark.parametrize(("asked", "given"), [(100, 4), (2, 2)])
def test_the_prior_has_a_component_for_fifty_images_of_a_class(images, asked, given):
    assert len(images.train) == 320  # of two classes
    learner = VaeLearner(images, settings(prior_components=asked))
    assert learner.trainer.vae.shape.components == given


def test_what_cannot_be_fitted_is_refused(images):
    one_sided = images.train.take(np.flatnonzero(images.train.labels == 0))
    with pytest.raises(InputError, match="no training image of class"):
        VaeLearner(dataclasses.replace(images, train=one_sided), settings())
    large = ImageSplit(np.zeros((2, 256, 256, 3), np.uint8), np.array([0, 1]))
    with pytest.raises(InputError, match="--image-size"):
        VaeLearner(dataclasses.replace(images, train=large), settings())
