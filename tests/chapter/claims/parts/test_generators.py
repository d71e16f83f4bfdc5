"""Generators of the trials: fitted to the images given alone, repeatable, and timed."""

import dataclasses
import functools
import random

import numpy as np
import pytest

import gan.train
from chapter.claims.experiment import IMAGE_GENERATORS
from chapter.claims.parts import generators as trial_generators
from chapter.claims.parts.generators import fit_each, fit_generator
from data.images.dataset import ImageDataset, ImageSplit

SIZES = {"generators": IMAGE_GENERATORS, "preset": "smoke", "vae_updates": 3, "gan_updates": 3}


def made_split(each: int, seed: int) -> ImageSplit:
    """Three classes, told by which third is bright; no two images are equal."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(3), each)
    images = generator.integers(0, 60, (3 * each, 6, 6, 1), dtype=np.uint8)
    for label in range(3):
        images[labels == label, :, 2 * label : 2 * label + 2] += 180
    return ImageSplit(images, labels)


def dataset_of(each: int) -> ImageDataset:
    splits = made_split(each, 1), made_split(10, 2), made_split(10, 3)
    return ImageDataset("made", *splits, ("left", "middle", "right"))


@functools.cache
def fitted_once(name: str):
    """For all tests that only draw from it."""
    return fit_generator(name, dataset_of(10), 0, "smoke", 3)


@pytest.mark.parametrize("name", IMAGE_GENERATORS)
def test_every_generator_makes_labelled_images_and_says_what_they_took(name):
    generator = fitted_once(name)
    made = generator.balanced(0, 8)
    assert made.source.samples.shape == (8, 6, 6, 1) and made.source.samples.dtype == np.uint8
    assert made.source.labels.tolist() == [0, 1, 2, 0, 1, 2, 0, 1]
    assert made.source.name == name
    assert made.seconds > generator.fit_seconds > 0


@pytest.mark.parametrize("name", IMAGE_GENERATORS)
def test_the_seed_decides_the_images_global_states_and_test_images_do_not(name):
    """Other test images, other validation images where these choose nothing: the same samples."""
    first = fitted_once(name).balanced(5, 6).source.samples
    dataset = dataclasses.replace(dataset_of(10), test=made_split(4, 9))
    if name != "gmm":
        dataset = dataclasses.replace(dataset, validation=made_split(7, 8))
    random.seed(2)
    np.random.seed(2)
    before = random.getstate(), np.random.get_state()[1].tolist()
    again = fit_generator(name, dataset, 0, "smoke", 3)
    np.testing.assert_array_equal(again.balanced(5, 6).source.samples, first)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    assert (again.balanced(6, 6).source.samples != first).any()


def test_an_image_is_made_for_each_label():
    generator = fitted_once("interpolation")
    labels = np.array([2, 2, 0, 1, 0])
    made = generator.made(3, labels)
    bright = made.source.samples.reshape(5, 6, 3, 2).mean(axis=(1, 3)).argmax(axis=1)
    assert bright.tolist() == made.source.labels.tolist() == labels.tolist()


def test_training_images_decide_and_what_cannot_be_fitted_to_them_is_none():
    found, few = fit_each(dataset_of(1), 0, SIZES), ("interpolation", "inverse_transform")
    assert list(found) == list(IMAGE_GENERATORS)
    assert tuple(name for name, generator in found.items() if generator is None) == few
    other = dataclasses.replace(dataset_of(10), train=made_split(10, 7))
    found |= {name: fit_generator(name, other, 0, "smoke", 3) for name in few}
    for name, second in found.items():
        first, second = (each.balanced(0, 9).source.samples for each in (fitted_once(name), second))
        assert first.shape == second.shape and (first != second).any(), name


def test_a_fault_of_the_program_is_seen(monkeypatch):
    def broken(*given):
        raise TypeError("a fault")

    monkeypatch.setattr(trial_generators, "fit", broken)
    with pytest.raises(TypeError, match="a fault"):
        fit_each(dataset_of(10), 0, SIZES)


@pytest.mark.parametrize(
    ("updates", "count", "batch", "passes"),
    [(100, 10, 256, 100), (100, 1000, 256, 25), (7, 30, 10, 3)],
)
def test_updates_are_whole_passes(updates, count, batch, passes):
    assert trial_generators._passes(updates, count, batch) == passes


@pytest.mark.parametrize(
    ("name", "module", "expected"),
    [
        ("gan", gan.train, {"epochs": 8, "decay_start": 6, "decay_end": 8}),
        ("vae", trial_generators, {"epochs": 8}),  # 30 images are one step a pass
    ],
)
def test_the_seed_and_the_number_of_updates_reach_the_networks(monkeypatch, name, module, expected):
    seen = []
    monkeypatch.setattr(module, "fit", lambda *given: seen.extend(given))
    fit_generator(name, dataset_of(10), 5, "smoke", 8)
    (settings,) = (vars(each) for each in seen if hasattr(each, "epochs"))
    assert {"seed": 5, **expected}.items() <= settings.items()
