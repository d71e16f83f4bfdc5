"""Images between neighbours: pixel by pixel, and with `--latent RUN` between the codes of a VAE."""

import dataclasses
import json

import numpy as np
import pytest

from baselines.config import BaselineSettings
from baselines.interpolation.images import ImageInterpolation
from baselines.parts.draws import CHUNK
from baselines.registry import fit
from baselines.train import train
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.source import IMAGES
from foundation.errors import InputError
from tests.baselines.settings import settings_of
from training.stored import load_run


def image_dataset(count=60, seed=0):
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    images = generator.integers(0, 100, (count, 4, 5, 1), dtype=np.uint8)
    images += (50 * labels).astype(np.uint8)[:, None, None, None]
    split = ImageSplit(images, labels)
    return ImageDataset("toy", split, split, split, ("a", "b", "c"))


def test_images_lie_between_two_of_their_class():
    data = image_dataset()
    model = fit(
        "interpolation", IMAGES, data, settings_of("interpolation", data="mnist", neighbours=3)
    )
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
    model = fit("interpolation", IMAGES, data, settings_of("interpolation", data="mnist"))
    assert model.num_classes == 0 and len(model.sample(0, 0, 5)) == 5


def test_a_stored_model_between_pixels_draws_the_same():
    model = fit(
        "interpolation", IMAGES, image_dataset(), settings_of("interpolation", data="mnist")
    )
    labels = np.arange(20) % 3
    description = json.loads(json.dumps(model.describe(), allow_nan=False))
    restored = ImageInterpolation.restore(description, model.arrays())
    drawn, again = (each.sample(0, 3, 20, labels) for each in (model, restored))
    assert np.array_equal(drawn, again)


def settings(model, data, **given) -> BaselineSettings:
    base = {"model": model, "data": f"npz:{data}", "quiet": True}
    return BaselineSettings.resolve({**base, **given})


@pytest.fixture(scope="module")
def vae_run(shared_npz, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "vae"
    small = {"epochs": 1, "batch_size": 64, "latent_dim": 3, "units": 16}
    train(settings("vae", shared_npz, out=str(run), **small))
    return run


@pytest.fixture(scope="module")
def fitted(shared_npz, vae_run, tmp_path_factory) -> ImageInterpolation:
    run = tmp_path_factory.mktemp("runs") / "latent"
    train(settings("interpolation", shared_npz, out=str(run), latent=str(vae_run)))
    return load_run(run, "baseline").generator


def test_samples_are_decoded_points_between_codes_of_their_class(fitted, vae_run, shared_npz):
    images, vae = load_images(f"npz:{shared_npz}").train, load_run(vae_run, "baseline").generator
    labels = np.arange(30) % vae.num_classes
    base, other, shares = fitted.neighbourhood.draw(5, 0, 30, labels)
    assert (images.labels[base] == labels).all() and (images.labels[other] == labels).all()
    a, b = (vae.encode(images.images[each], labels) for each in (base, other))
    expected = vae.decode(a + shares[:, None] * (b - a), labels)
    made = fitted.sample(5, 0, 30, labels)
    assert made.dtype == np.uint8
    assert np.abs(made.astype(int) - expected).max() <= 1  # codes in float32, in other batches


def test_they_are_not_those_between_pixels(fitted, shared_npz):
    between_pixels = fit(
        "interpolation",
        IMAGES,
        load_images(f"npz:{shared_npz}"),
        settings("interpolation", shared_npz),
    )
    labels = np.arange(30) % fitted.num_classes
    assert not np.array_equal(
        fitted.sample(0, 0, 30, labels), between_pixels.sample(0, 0, 30, labels)
    )


def test_a_sample_depends_on_seed_index_and_label_only(fitted):
    labels = np.arange(CHUNK + 20) % fitted.num_classes
    whole = fitted.sample(1, 0, CHUNK + 20, labels)
    part = fitted.sample(1, CHUNK - 5, 10, labels[CHUNK - 5 : CHUNK + 5])
    assert np.array_equal(part, whole[CHUNK - 5 : CHUNK + 5])
    assert not np.array_equal(whole[CHUNK:], whole[:20])
    assert fitted.sample(1, 0, 0, labels[:0]).shape == (0, *fitted.image_shape)


def test_a_stored_model_draws_the_same(fitted, shared_npz, vae_run):
    made = fit(
        "interpolation",
        IMAGES,
        load_images(f"npz:{shared_npz}"),
        settings("interpolation", shared_npz, latent=str(vae_run)),
    )
    labels = np.arange(12) % fitted.num_classes
    assert np.array_equal(made.sample(0, 0, 12, labels), fitted.sample(0, 0, 12, labels))


def test_another_model_and_images_of_another_form_are_refused(
    fitted, shared_npz, vae_run, tmp_path
):
    pixels = tmp_path / "pixels"
    train(settings("interpolation", shared_npz, out=str(pixels)))
    with pytest.raises(InputError, match="the run of a variational autoencoder"):
        train(settings("interpolation", shared_npz, out=str(tmp_path / "a"), latent=str(pixels)))
    chosen = {"out": str(tmp_path / "b"), "latent": str(vae_run), "image_size": 10}
    with pytest.raises(InputError, match="a VAE for images"):
        train(settings("interpolation", shared_npz, **chosen))
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists()
    data = load_images(f"npz:{shared_npz}")
    unlabelled = dataclasses.replace(
        data, train=ImageSplit(data.train.images, None), class_names=()
    )
    with pytest.raises(InputError, match="of 0 classes"):
        fit(
            "interpolation",
            IMAGES,
            unlabelled,
            settings("interpolation", shared_npz, latent=str(vae_run)),
        )


def test_tables_have_no_codes(vae_run):
    given = {"model": "interpolation", "data": "breast_cancer", "latent": str(vae_run)}
    with pytest.raises(InputError, match="--latent with interpolation on breast_cancer"):
        BaselineSettings.resolve(given)
