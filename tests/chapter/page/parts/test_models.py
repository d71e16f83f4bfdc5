"""The part on the other models: every model drawn and measured, the fused set counted."""

import json

import pytest

from chapter.page.config import MODELS, ChapterSettings
from chapter.page.page import render_page
from chapter.page.parts import models_prose as prose
from chapter.page.parts.models import (
    IMAGE_MEASURES,
    IMAGE_MODELS,
    OTHER_IMAGES,
    RARE,
    RARE_IMAGES,
    TABLE_MODELS,
    models_part,
    settings_of,
)
from chapter.page.section import Excerpt, Picture, SideBySide, Table


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    settings = ChapterSettings.resolve({"preset": "smoke", "quiet": True})
    out = tmp_path_factory.mktemp("models")
    return out, models_part(out, settings)


def tables(section):
    return [block for block in section.blocks if isinstance(block, Table)]


def test_every_model_has_its_grid_and_its_row(smoke):
    _, section = smoke
    shown = [block for block in section.blocks if isinstance(block, SideBySide)]
    pictures = [figure for block in shown for figure in block.figures]
    assert all(isinstance(each, Picture) and each.path.is_file() for each in pictures)
    assert [each.caption for each in pictures] == [prose.CAPTIONS[name] for name in IMAGE_MODELS]
    images, _, patients, _ = tables(section)
    assert [row.name for row in images.rows[:-1]] == [prose.NAMES[name] for name in IMAGE_MODELS]
    assert [row.name for row in patients.rows[:-1]] == [prose.NAMES[name] for name in TABLE_MODELS]
    for table in (images, patients):
        assert table.rows[-1].name.startswith("real")
        for row in table.rows:
            assert sum(each != "–" for each in row.cells) >= len(row.cells) - 1, row


def test_preparation_is_shown_step_by_step(smoke):
    _, section = smoke
    steps = tables(section)[1]
    names = [row.name for row in steps.rows]
    assert names[:2] == ["read", "split"] and "outliers" in names and "missing values" in names


def test_the_fused_set_is_balanced_and_says_where_from(smoke):
    _, section = smoke
    counts = {row.name: tuple(map(int, row.cells)) for row in tables(section)[3].rows}
    fewest_others = min(sum(counts[str(label)]) for label in range(10) if label not in RARE)
    assert fewest_others <= OTHER_IMAGES
    largest = max(sum(each) for each in counts.values())
    for label in RARE:
        assert counts[str(label)] == (RARE_IMAGES, largest - RARE_IMAGES)


def test_the_markov_model_writes(smoke):
    _, section = smoke
    (excerpt,) = (block for block in section.blocks if isinstance(block, Excerpt))
    assert len(excerpt.text) > 200 and len(set(excerpt.text)) > 10


def test_figures_are_json_and_the_page_takes_the_part(smoke):
    out, section = smoke
    metrics = json.loads(json.dumps(section.metrics, allow_nan=False))
    assert set(metrics["images"]) == set(IMAGE_MODELS)
    assert set(metrics["images"]["vae"]) == set(IMAGE_MEASURES)
    assert metrics["hmm_bits"]["model_bits"] > metrics["hmm_bits"]["ngram_bits"] > 0
    page = render_page("T", "l", [section], {})
    assert "Digits without an adversary" in page and "breast_cancer" in section.data
    assert (out / "models" / "vae-mnist" / "model").is_dir()


@pytest.mark.parametrize("preset", MODELS)
def test_every_preset_names_settings_that_exist(tmp_path, preset):
    settings = ChapterSettings.resolve({"preset": preset})
    for name in ("gmm", "vae"):
        assert settings_of(name, tmp_path, settings, data="mnist").model == name
    assert settings_of("hmm", tmp_path, settings, data="shakespeare").data == "shakespeare"
