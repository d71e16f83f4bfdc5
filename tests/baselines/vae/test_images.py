"""`baseline train vae`: the run, resuming without a changed bit, samples, codes, pictures."""

import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from baselines.config import BaselineSettings
from baselines.registry import fit
from baselines.train import train
from baselines.vae.images import ImageVae
from baselines.vae.pictures import GRID, latent_grid
from baselines.vae.step import MEASURES, VaeTrainer
from baselines.vae.train import VaeLearner
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.source import IMAGES
from foundation.errors import Diverged, InputError, Interrupted
from tests.baselines.eager import eagerly
from tests.runs import checkpoint_bytes, history, interrupt_after
from training.generator import Density, Generator
from training.stored import load_run


def settings(data, out=None, **given) -> BaselineSettings:
    base = {"model": "vae", "data": f"npz:{data}", "quiet": True}
    small = {"epochs": 4, "batch_size": 16, "latent_dim": 3, "units": 16, "learning_rate": 1e-2}
    return BaselineSettings.resolve(
        {**base, **small, **({"out": str(out)} if out else {}), **given}
    )


@pytest.fixture(scope="module")
def unbroken(shared_npz, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "unbroken"
    train(settings(shared_npz, run))
    return run


@pytest.fixture(scope="module")
def dataset(shared_npz) -> ImageDataset:
    return load_images(f"npz:{shared_npz}")


@pytest.fixture(scope="module")
def model(unbroken) -> ImageVae:
    return load_run(unbroken, "baseline").generator


def resumed(run: Path, **given) -> BaselineSettings:
    return BaselineSettings.resolve(
        {"model": "vae", "out": str(run), "resume": True, "quiet": True, **given}
    )


def test_a_run_directory_holds_what_the_design_says(unbroken, dataset):
    rows = history(unbroken)
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert {*MEASURES, "sigma", "validation_elbo"} < set(rows[0])
    for row in rows:
        elbo = float(row["reconstruction"]) - float(row["divergence"])
        assert float(row["elbo"]) == pytest.approx(elbo, rel=1e-4)
    assert float(rows[-1]["validation_elbo"]) > float(rows[0]["validation_elbo"]) + 10
    grids = [f"latent_grid_{label}.png" for label in range(dataset.num_classes)]
    for picture in ("losses.png", "samples.gif", "reconstructions.png", *grids):
        with Image.open(unbroken / picture) as image:
            image.verify()


def test_one_epoch_and_three_more_with_a_break_are_four_bit_for_bit(
    small_npz, tmp_path, unbroken, monkeypatch
):
    """The break is inside the second epoch: 320 images are 20 steps, here in pieces of 6."""
    train(settings(small_npz, tmp_path / "run", epochs=1))
    with monkeypatch.context() as patch:
        patch.setattr(VaeLearner, "steps_a_call", 6)
        interrupt_after(2, VaeTrainer, patch)
        with pytest.raises(Interrupted, match="saved"):
            train(resumed(tmp_path / "run", epochs=4))
    train(resumed(tmp_path / "run", epochs=4))
    assert checkpoint_bytes(tmp_path / "run") == checkpoint_bytes(unbroken)
    assert history(tmp_path / "run") == history(unbroken)


def test_in_memory_and_with_other_validation_and_test_images_it_is_the_same_fit(
    shared_npz, dataset, model
):
    black = [
        ImageSplit(np.zeros_like(split.images), split.labels)
        for split in (dataset.validation, dataset.test)
    ]
    other = dataclasses.replace(dataset, validation=black[0], test=black[1])
    fitted = fit("vae", IMAGES, other, settings(shared_npz))
    labels = np.arange(20) % 2
    assert np.array_equal(fitted.sample(0, 0, 20, labels), model.sample(0, 0, 20, labels))


def test_a_huge_learning_rate_diverges(shared_npz, dataset):
    with pytest.raises(Diverged, match="not finite"), eagerly():
        fit("vae", IMAGES, dataset, settings(shared_npz, epochs=1, learning_rate=1e20))


def test_samples_bear_their_label(model, dataset):
    """Class 0 is bright on the left, class 1 on the right."""
    labels = np.arange(200) % 2
    images = model.sample(0, 0, 200, labels).astype(int)
    right = images[..., 4:, :].mean(axis=(1, 2, 3)) > images[..., :4, :].mean(axis=(1, 2, 3))
    assert np.array_equal(right, labels.astype(bool))
    assert isinstance(model, Generator) and isinstance(model, Density)


def test_a_sample_depends_on_nothing_but_seed_index_and_label(model):
    labels = np.random.default_rng(0).integers(0, 2, 1100)
    whole = model.sample(3, 0, 1100, labels)
    assert whole.dtype == np.uint8 and whole.shape == (1100, 8, 8, 1)
    pieces = [
        model.sample(3, start, end - start, labels[start:end])
        for start, end in ((0, 1), (1, 499), (499, 501), (501, 1100))
    ]
    assert np.array_equal(np.concatenate(pieces), whole)
    assert not np.array_equal(model.sample(4, 0, 1100, labels), whole)
    assert len(np.unique(whole.reshape(1100, -1), axis=0)) > 1000
    assert model.sample(3, 7, 0, labels[:0]).shape == (0, 8, 8, 1)
    with pytest.raises(ValueError, match="labels missing"):
        model.sample(3, 0, 5)


def test_what_is_stored_comes_back(model):
    arrays, description = model.arrays(), json.loads(json.dumps(model.describe()))
    back = ImageVae.restore(description, arrays)
    labels = np.arange(10) % 2
    images = model.sample(0, 0, 10, labels)
    assert np.array_equal(back.sample(0, 0, 10, labels), images)
    assert np.array_equal(back.log_likelihood(images), model.log_likelihood(images))
    with pytest.raises(ValueError):
        ImageVae.restore({**description, "units": 8}, arrays)
    del arrays["03"]
    with pytest.raises(KeyError):
        ImageVae.restore(description, arrays)


def test_codes_lead_back_to_the_images(model, dataset):
    images, labels = dataset.test.images, dataset.test.labels
    codes = model.encode(images, labels)
    assert codes.shape == (len(images), 3) and codes.dtype == np.float32
    back = model.reconstruct(images, labels)
    assert np.array_equal(back, model.decode(codes, labels))
    error = np.abs(back.astype(float) - images).mean()
    middle = np.abs(np.full(images.shape, 120.0) - images).mean()
    assert error < middle / 3
    many = np.repeat(codes, 600 // len(codes) + 1, axis=0)  # more than a chunk
    repeated = model.decode(many, np.repeat(labels, 600 // len(codes) + 1))
    assert np.array_equal(repeated[:: 600 // len(codes) + 1], back)


def test_the_likelihood_tells_images_from_noise(model, dataset):
    images, labels = dataset.test.images, dataset.test.labels
    noise = np.random.default_rng(0).integers(0, 256, images.shape, dtype=np.uint8)
    real = model.log_likelihood(images, labels)
    assert real.shape == (len(images),) and real.dtype == np.float64
    assert real.min() > model.log_likelihood(noise, labels).max()
    wrong = model.log_likelihood(images, 1 - labels)
    assert (wrong < real).mean() > 0.9
    shares = np.bincount(dataset.train.labels) / len(dataset.train)
    joint = np.log(shares[labels]) + real, np.log(shares[1 - labels]) + wrong
    assert model.log_likelihood(images) == pytest.approx(np.logaddexp(*joint), abs=1e-6)
    assert np.array_equal(model.log_likelihood(images, labels), real)
    with pytest.raises(ValueError, match="uint8"):
        model.log_likelihood(images / 255.0, labels)
    with pytest.raises(ValueError, match="is expected"):
        model.log_likelihood(images[:, :4], labels)


def test_only_training_images_are_fitted_to(shared_npz, dataset, monkeypatch):
    seen = set()

    def watching(self, images, *arguments):
        seen.update(hashlib.sha256(row.tobytes()).hexdigest() for row in images.numpy())

    monkeypatch.setattr(VaeTrainer, "train_steps", watching)
    fit("vae", IMAGES, dataset, settings(shared_npz, epochs=1))
    hashes = {hashlib.sha256(image.tobytes()).hexdigest() for image in dataset.train.images}
    assert seen == hashes


def test_images_without_labels_or_validation(dataset, shared_npz, tmp_path):
    plain = dataclasses.replace(
        dataset,
        train=ImageSplit(dataset.train.images, None),
        validation=ImageSplit(dataset.validation.images[:0], None),
        class_names=(),
    )
    learner = VaeLearner(plain, settings(shared_npz, prior_components=2))
    learner.begin_epoch(0, 0)
    with eagerly():
        learner.train_steps(0, 0, learner.steps)
    assert "validation_elbo" not in learner.end_epoch(0)
    model = learner.generator()
    assert model.sample(0, 0, 3).shape == (3, 8, 8, 1)
    assert np.isfinite(model.log_likelihood(dataset.test.images)).all()
    learner.draw(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "latent_grid.png",
        "reconstructions.png",
    }


@pytest.mark.parametrize(("asked", "given"), [(100, 4), (2, 2), (0, 0)])
def test_the_prior_has_a_component_for_fifty_images_of_a_class(dataset, shared_npz, asked, given):
    assert len(dataset.train) == 320  # of two classes
    learner = VaeLearner(dataset, settings(shared_npz, prior_components=asked))
    assert learner.trainer.vae.shape.components == given


def test_the_latent_grid_is_centred_and_spans_two_directions(model):
    grid = latent_grid(model, 1)
    assert grid.shape == (GRID * GRID, 8, 8, 1)
    assert len(np.unique(grid.reshape(len(grid), -1), axis=0)) > GRID
    swapped = latent_grid(model, 0)
    assert grid[..., 4:, :].mean() > 150 > swapped[..., 4:, :].mean()


def test_a_code_of_one_number_has_a_grid_too(dataset, shared_npz):
    learner = VaeLearner(dataset, settings(shared_npz, latent_dim=1))
    grid = latent_grid(learner.generator(), 0).reshape(GRID, GRID, 8, 8, 1)
    assert all(np.array_equal(row, grid[0]) for row in grid)


def test_what_cannot_be_fitted_is_refused(dataset, shared_npz):
    one_sided = dataset.train.take(np.flatnonzero(dataset.train.labels == 0))
    with pytest.raises(InputError, match="no training image of class"):
        VaeLearner(dataclasses.replace(dataset, train=one_sided), settings(shared_npz))
    large = ImageSplit(np.zeros((2, 256, 256, 3), np.uint8), np.array([0, 1]))
    with pytest.raises(InputError, match="--image-size"):
        VaeLearner(dataclasses.replace(dataset, train=large), settings(shared_npz))
