"""The augmentation part of the report says what was measured, and no more."""

import numpy as np

from augmentation.recipes.read import load_recipe
from chapter.page.parts.augmentation import words
from chapter.page.parts.augmentation.part import (
    augmented_sha256,
    published_gain,
)


def test_what_it_is_worth_is_the_answer_of_the_claim():
    gain = published_gain()
    assert (gain["better"], gain["worse"]) == ("augmentation", "none")
    assert (gain["trial"], gain["measure"]) == ("few_labels_100", "accuracy")
    told = words.at_a_glance(gain, "C3")
    assert gain["shown"] in told and "over 5 seeds" in told and "(as claimed: claim C3," in told


def test_the_hash_is_of_the_bytes_in_order_and_not_of_the_way():
    images = np.random.default_rng(0).integers(0, 256, (9, 12, 12, 1), dtype=np.uint8)
    recipe = load_recipe("mnist_affine")
    one = augmented_sha256(images, recipe, 0, 4, 1)
    assert augmented_sha256(images, recipe, 0, 4, 3) == one
    assert augmented_sha256(images, recipe, 1, 4, 1) != one
    assert augmented_sha256(images[::-1].copy(), recipe, 0, 4, 1) != one
