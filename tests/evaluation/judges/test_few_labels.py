"""Few labels: the right images for every seed, and the augmentation that a recipe stands for."""

import functools
import types

import numpy as np
import pytest
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.recipes.read import read_recipe
from data.images.dataset import ImageDataset, ImageSplit
from evaluation.judges.few_labels import few_labels, labelled_images, recipe_augment
from foundation.errors import InputError

SHIFTS = read_recipe(
    {"name": "shifts", "steps": [{"transform": "translate", "x": [-0.2, 0.2], "y": [-0.2, 0.2]}]}
)


def made_split(count: int, seed: int) -> ImageSplit:
    """Two classes: a bright left or a bright right half; no two images are equal."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = random.integers(0, 60, (count, 8, 8, 1), dtype=np.uint8)
    images[labels == 0, :, :4] += 180
    images[labels == 1, :, 4:] += 180
    return ImageSplit(images, labels)


@pytest.fixture
def dataset():
    splits = made_split(60, 1), made_split(30, 2), made_split(50, 3)
    return ImageDataset("made", *splits, ("left", "right"))


def test_each_seed_has_its_own_images_as_many_of_each_class(dataset):
    sets = [labelled_images(dataset.train, 20, 2, seed) for seed in (0, 0, 1)]
    for few in sets:
        assert np.bincount(few.labels).tolist() == [10, 10]
        rows = {image.tobytes() for image in few.images}
        assert len(rows) == 20 and rows <= {image.tobytes() for image in dataset.train.images}
        bright = few.images[:, :, :4].mean(axis=(1, 2, 3)) > 128
        assert (bright == (few.labels == 0)).all()  # each image kept its label
    np.testing.assert_array_equal(sets[0].images, sets[1].images)
    assert (sets[0].images != sets[2].images).any()


def test_the_augmentation_is_the_recipe_with_pass_and_index(dataset):
    images, indices = dataset.train.images[:5], np.array([4, 0, 9, 2, 7])
    augment = recipe_augment(SHIFTS, seed=3)
    numbers = tf.constant(indices, tf.int64)
    expected = SHIFTS(Batch(tf.constant(images)), 3, 6, numbers).images.numpy()
    np.testing.assert_array_equal(augment(images, indices, 6), expected)
    assert (augment(images, indices, 7) != expected).any()
    assert (recipe_augment(SHIFTS, seed=4)(images, indices, 6) != expected).any()


def test_both_arms_share_images_candidates_and_updates(dataset, monkeypatch):
    trainings = []

    def record(name, images, labels, seed, *others):
        *_, candidates, choice, updates, augment = others
        trainings.append((images, seed, choice, candidates, updates, augment))
        zeros = functools.partial(np.zeros_like, dataset.test.labels)
        return types.SimpleNamespace(choice={"rate": 1.0}, predict=lambda images: zeros())

    monkeypatch.setattr("evaluation.judges.utility.train_classifier", record)
    report = few_labels(
        dataset, {"shifts": SHIFTS}, 10, range(5, 8), candidates=2, updates=9, quiet=True
    )
    cells = report["classifiers"]["CNN"]
    assert list(cells) == ["none", "shifts"] and report["ceiling"] == "none"
    assert report["seeds"] == [5, 6, 7] and report["validation_images"] == 30
    assert cells["shifts"]["accuracy"]["mean"] == 0.5
    plain, changed = trainings[:3], trainings[3:]
    for one, other in zip(plain, changed, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        assert one[1] == other[1] and one[3:5] == other[3:5] == (2, 9)
        assert one[5] is None and other[5] is not None
        assert len(one[0]) == 10
    assert [each[1] for each in plain] == [5, 6, 7]


def test_a_real_training_of_both(dataset):
    report = few_labels(
        dataset, {"shifts": SHIFTS}, 20, (0, 1), candidates=1, updates=20, quiet=True
    )
    for cell in report["classifiers"]["CNN"].values():
        assert cell["accuracy"]["mean"] > 0.8 and len(cell["values"]) == 2


@pytest.mark.parametrize("labelled", [0, 3, 62])
def test_a_number_that_does_not_fit_the_classes_is_refused(dataset, labelled):
    message = f"{labelled} labelled images of made; a multiple of its 2 classes, at most 60"
    with pytest.raises(InputError, match=message):
        few_labels(dataset, {}, labelled, (0,))
