"""The augmentation part of the report says what was measured, and no more."""

import json

import numpy as np
import pytest

from augmentation.recipes.read import load_recipe
from augmentation.recipes.shipped import shipped_recipes
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS
from chapter.page.config import ChapterSettings
from chapter.page.page import render_page
from chapter.page.parts import augmentation_prose as prose
from chapter.page.parts.augmentation import (
    augmentation_part,
    augmented_sha256,
    published_gain,
)
from chapter.page.section import Paragraph, Picture, Table


def test_what_it_is_worth_is_the_answer_of_the_claim():
    gain = published_gain()
    assert (gain["better"], gain["worse"]) == ("augmentation", "none")
    assert (gain["trial"], gain["measure"]) == ("few_labels_100", "accuracy")
    words = prose.at_a_glance(gain, "C3")
    assert gain["shown"] in words and "over 5 seeds" in words and "(as claimed: claim C3," in words


def test_the_hash_is_of_the_bytes_in_order_and_not_of_the_way():
    images = np.random.default_rng(0).integers(0, 256, (9, 12, 12, 1), dtype=np.uint8)
    recipe = load_recipe("medical_gentle")
    one = augmented_sha256(images, recipe, 0, 4, 1)
    assert augmented_sha256(images, recipe, 0, 4, 3) == one
    assert augmented_sha256(images, recipe, 1, 4, 1) != one
    assert augmented_sha256(images[::-1].copy(), recipe, 0, 4, 1) != one


@pytest.fixture(scope="module")
def section(tmp_path_factory):
    settings = ChapterSettings.resolve({"preset": "smoke", "quiet": True})
    return augmentation_part(tmp_path_factory.mktemp("augmentation"), settings)


def test_the_smoke_part_shows_every_transform_recipe_and_figure(section):
    page = render_page("T", "l", [section], {})
    pictures = [block for block in section.blocks if isinstance(block, Picture)]
    assert all(picture.path.is_file() for picture in pictures)
    shown = " ".join(picture.alt for picture in pictures)
    for name in (*TRANSFORMS, *MIXINGS):
        assert name in shown
    for name, description in shipped_recipes().items():
        assert f"<code>{name}</code>" in page and description in page
    tables = [block for block in section.blocks if isinstance(block, Table)]
    hashes = {row.cells for row in tables[1].rows}
    assert len(tables[1].rows) == 3 and len(hashes) == 1  # however they were made
    assert section.metrics["published_gain"]["mean"] > 0
    assert json.loads(json.dumps(section.metrics, allow_nan=False)) == section.metrics
    (look, glance) = section.first_look
    assert look.path.is_file() and isinstance(glance, Paragraph)
    assert section.covers == ("2.1.3", "3.2.3") and len(section.data) == 1
