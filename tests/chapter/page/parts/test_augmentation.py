"""The augmentation part of the page says what was measured, and no more."""

import numpy as np

from augmentation.recipes.read import load_recipe
from chapter.page.parts import augmentation
from chapter.page.parts.augmentation import augmented_sha256


def test_what_it_is_worth_is_the_answer_of_the_claim(monkeypatch):
    known = {"trial": "few_labels_100", "shown": "+9.0 points", "seeds": 14, "result": "gain"}
    claims = {"C3": {"effects": [{"trial": "few_labels_10"}, known]}}
    monkeypatch.setattr(augmentation, "published", lambda: {"claims": claims})
    gain = augmentation.published_gain()
    told = augmentation.SAY("at_a_glance", gain=gain, claim="C3")
    assert gain == known and "+9.0 points" in told
    assert "over 14 seeds" in told and "(gain: claim C3," in told
    claims.clear()
    assert augmentation.published_gain() is None  # not measured yet: the page says nothing


def test_the_hash_is_of_the_bytes_in_order_and_not_of_the_way():
    images = np.random.default_rng(0).integers(0, 256, (9, 12, 12, 1), dtype=np.uint8)
    recipe = load_recipe("mnist_affine")
    one = augmented_sha256(images, recipe, 0, 4, 1)
    assert augmented_sha256(images, recipe, 0, 4, 3) == one
    assert augmented_sha256(images, recipe, 1, 4, 1) != one
    assert augmented_sha256(images[::-1].copy(), recipe, 0, 4, 1) != one
