"""The augmentation part of the report says what was measured, and no more."""

import json

import numpy as np
import pytest

from augmentation.recipes.read import load_recipe
from augmentation.recipes.shipped import shipped_recipes
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS
from chapter.page.config import FEW_LABELS, ChapterSettings
from chapter.page.page import render_page
from chapter.page.parts import augmentation_prose as prose
from chapter.page.parts.augmentation import (
    augmentation_part,
    augmented_sha256,
    gains_of,
    points,
    worth,
)
from chapter.page.section import Paragraph, Picture, Table


def cell(mean, below) -> dict:
    low, high = (None, None) if below[1] is None else (mean - 0.01, mean + 0.02)
    return {
        "accuracy": {"mean": mean, "low": low, "high": high, "n": 3},
        "below_ceiling": dict(zip(("mean", "low", "high"), below, strict=True)),
        "choice": {"learning_rate": 0.002, "dropout": 0.4},
    }


def report_of(below, **given) -> dict:
    cells = {"none": cell(0.845, (0.0, 0.0, 0.0)), "bent": cell(0.845 - below[0], below)}
    values = {"seeds": [0, 1, 2], "candidates": 2, "validation_images": 10_000, "level": 0.95}
    return {"classifiers": {"CNN": cells}, "test_images": 10_000, **values, **given}


def test_a_gain_is_what_is_not_lost_and_its_bounds_change_places():
    gains = gains_of(report_of((-0.065, -0.09, -0.04)))
    assert gains == {"bent": {"mean": 0.065, "low": 0.04, "high": 0.09}}
    assert gains_of(report_of((0.02, None, None)))["bent"] == {
        "mean": -0.02,
        "low": None,
        "high": None,
    }


@pytest.mark.parametrize(
    ("gain", "words"),
    [
        (
            (0.065, 0.04, 0.09),
            "`bent` changes the accuracy by +6.5 points; the interval lies above 0",
        ),
        ((-0.03, -0.04, -0.02), "by -3.0 points; the interval lies below 0: it does harm"),
        ((0.01, -0.02, 0.04), "by +1.0 points; the interval holds 0, so these seeds do not prove"),
        ((0.01, None, None), "by +1.0 points with one seed, which says nothing"),
    ],
)
def test_the_outcome_depends_on_the_interval(gain, words):
    assert words in prose.outcome({"bent": dict(zip(("mean", "low", "high"), gain, strict=True))})


def test_the_best_recipe_is_the_one_spoken_of():
    gains = {name: {"mean": mean, "low": None, "high": None} for name, mean in (("a", 1), ("b", 2))}
    assert prose.outcome(gains).startswith("`b` ")


def test_the_table_and_the_words_around_it():
    report = report_of((-0.065, -0.09, -0.04))
    _, protocol, table, outcome = worth(report, gains_of(report), 100, 300)
    assert [row.cells for row in table.rows] == [
        ("84.5 [83.5, 86.5]", "–"),
        ("91.0 [90.0, 93.0]", "+6.5 [+4.0, +9.0]"),
    ]
    assert table.rows[1].note == "learning rate 0.002, dropout 0.4"
    for words in ("100 labelled digits", "300 updates", "better of 2 candidates", "over 3 seeds"):
        assert words in protocol.text
    assert "10,000 validation images" in protocol.text and "more than luck" in outcome.text
    glance = prose.at_a_glance(report, gains_of(report), 100)
    assert "reads 84.5%" in glance and "91.0% if" in glance and "tuned alike" in glance


def test_what_was_not_done_is_not_said():
    report = report_of((-0.1, None, None), seeds=[0], candidates=1, validation_images=0)
    text = prose.protocol(report, 20, 2)
    assert "candidates" not in text and "interval" not in text and "untuned" not in text
    assert "tuned" not in prose.at_a_glance(report, gains_of(report), 20)


def test_points_by_hand():
    assert points({"mean": 0.9095, "low": 0.8970, "high": 0.9221}) == "91.0 [89.7, 92.2]"
    assert points({"mean": -0.01, "low": None, "high": None}, sign=True) == "−1.0"


def test_the_hash_is_of_the_bytes_in_order_and_not_of_the_way():
    images = np.random.default_rng(0).integers(0, 256, (9, 12, 12, 1), dtype=np.uint8)
    recipe = load_recipe("medical_gentle")
    one = augmented_sha256(images, recipe, 0, 4, 1)
    assert augmented_sha256(images, recipe, 0, 4, 3) == one
    assert augmented_sha256(images, recipe, 1, 4, 1) != one
    assert augmented_sha256(images[::-1].copy(), recipe, 0, 4, 1) != one


def test_every_preset_has_its_amount_of_work():
    assert set(FEW_LABELS) == {"smoke", "quick", "full"}
    for chosen in FEW_LABELS.values():
        assert chosen["labelled"] % 10 == 0 and set(chosen["recipes"]) <= set(shipped_recipes())


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
    accuracy = section.metrics["accuracy"]
    assert tables[2].rows[0].cells[0] == points(accuracy["none"])
    assert json.loads(json.dumps(section.metrics, allow_nan=False)) == section.metrics
    (look, glance) = section.first_look
    assert look.path.is_file() and isinstance(glance, Paragraph)
    assert section.covers == ("2.1.3", "3.2.3") and len(section.data) == 1
