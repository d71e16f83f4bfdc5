"""Images between neighbours: pixel by pixel, and with `--latent RUN` between the codes of a VAE."""

import dataclasses

import numpy as np
import pytest

from baselines.config import BaselineSettings
from baselines.registry import fit
from baselines.train import train
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.source import IMAGES
from foundation.errors import InputError
from tests.baselines.shared import settings_of


def fitted_to(images: ImageDataset, **given):
    return fit("interpolation", IMAGES, images, settings_of("interpolation", "mnist", **given))


def test_images_lie_between_two_of_their_class(images):
    model, real = fitted_to(images, neighbours=3), images.train
    labels = np.arange(200) % 2
    made = model.sample(0, 0, 200, labels)
    base, other, shares = model.neighbourhood.draw(0, 0, 200, labels)
    assert (real.labels[base] == labels).all() and (real.labels[other] == labels).all()
    a, b = (real.images[each].astype(float) for each in (base, other))
    exact = a + shares[:, None, None, None] * (b - a)
    assert np.abs(made - exact).max() <= 0.5 + 1e-3  # rounded, not cut off


def test_images_without_labels(images):
    split = ImageSplit(images.train.images, None)
    model = fitted_to(ImageDataset("toy", split, split, split, ()))
    assert model.num_classes == 0 and len(model.sample(0, 0, 5)) == 5


def test_samples_are_decoded_points_between_codes_of_their_class(model_of, run_of, images):
    model, vae = fitted_to(images, latent=str(run_of("vae"))), model_of("vae")
    labels = np.arange(30) % vae.num_classes
    base, other, shares = model.neighbourhood.draw(5, 0, 30, labels)
    train = images.train
    assert (train.labels[base] == labels).all() and (train.labels[other] == labels).all()
    a, b = (vae.encode(train.images[each], labels) for each in (base, other))
    expected = vae.decode(a + shares[:, None] * (b - a), labels)
    made = model.sample(5, 0, 30, labels)
    assert np.abs(made.astype(int) - expected).max() <= 1  # codes in float32, in other batches
    assert not np.array_equal(made, fitted_to(images).sample(5, 0, 30, labels))


def test_another_model_and_images_of_another_form_are_refused(data, run_of, images, tmp_path):
    given = {"model": "interpolation", "data": data["images"], "out": str(tmp_path / "run")}
    chosen = BaselineSettings.resolve({**given, "quiet": True, "latent": str(run_of("gmm"))})
    with pytest.raises(
        InputError, match=r"ImageMixture \[8, 8, 1\] of 2 classes; the run of a VAE"
    ):
        train(chosen)
    assert not (tmp_path / "run").exists()
    latent = str(run_of("vae"))
    with pytest.raises(InputError, match=r"8, 1\] of 2 classes; the run of a VAE for images \(10,"):
        fitted_to(load_images(data["images"], 10), latent=latent)
    train_images = ImageSplit(images.train.images, None)
    unlabelled = dataclasses.replace(images, train=train_images, class_names=())
    with pytest.raises(InputError, match=r"of 2 classes; .* of 0 classes"):
        fitted_to(unlabelled, latent=latent)
