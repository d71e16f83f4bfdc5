"""Few labels: the right images for every seed, and the augmentation that a recipe stands for."""

import numpy as np
import pytest
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.recipes.read import read_recipe
from evaluation.judges.few_labels import class_draw, labelled_images, recipe_augment
from tests.images import halves

SHIFTS = read_recipe(
    {"name": "shifts", "steps": [{"transform": "translate", "x": [-0.2, 0.2], "y": [-0.2, 0.2]}]}
)


@pytest.fixture(scope="module")
def train():
    return halves(60, 1)


def test_each_seed_has_its_own_images_as_many_of_each_class(train):
    sets = [labelled_images(train, 20, 2, seed) for seed in (0, 0, 1)]
    for few in sets:
        assert np.bincount(few.labels).tolist() == [10, 10]
        rows = {image.tobytes() for image in few.images}
        assert len(rows) == 20 and rows <= {image.tobytes() for image in train.images}
        bright = few.images[:, :, :4].mean(axis=(1, 2, 3)) > 128
        assert (bright == (few.labels == 0)).all()  # each image kept its label
    np.testing.assert_array_equal(sets[0].images, sets[1].images)
    assert (sets[0].images != sets[2].images).any()


def test_the_augmentation_is_the_recipe_with_pass_and_index(train):
    images, indices = train.images[:5], np.array([4, 0, 9, 2, 7])
    augment = recipe_augment(SHIFTS, seed=3)
    numbers = tf.constant(indices, tf.int64)
    expected = SHIFTS(Batch(tf.constant(images)), 3, 6, numbers).images.numpy()
    np.testing.assert_array_equal(augment(images, indices, 6), expected)
    assert (augment(images, indices, 7) != expected).any()
    assert (recipe_augment(SHIFTS, seed=4)(images, indices, 6) != expected).any()


def test_a_class_with_too_few_images_is_a_fault(train):
    drawn = class_draw(train.labels, np.array([30, 3]), np.random.default_rng(0))
    assert np.bincount(train.labels[drawn]).tolist() == [30, 3] and len(set(drawn)) == 33
    with pytest.raises(ValueError, match="larger sample than population"):
        class_draw(train.labels, np.array([0, 31]), np.random.default_rng(0))
