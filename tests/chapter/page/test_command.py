"""`run.py chapter` at smoke size, and how its page grows."""

import html
import json
from pathlib import Path

import pytest

from augmentation.recipes.tables import shipped_recipes
from augmentation.transforms.catalog import MIXINGS, TRANSFORMS
from chapter.claims.report.judged import published
from chapter.errata.entry import ERRATA
from chapter.page import command
from chapter.page.command import NOT_YET, PARTS, chapter
from chapter.page.config import ChapterSettings
from chapter.page.parts.figures import cell
from chapter.page.parts.models import (
    IMAGE_MEASURES,
    IMAGE_MODELS,
    OTHER_IMAGES,
    RARE,
    RARE_IMAGES,
    SAY,
    TABLE_MODELS,
)
from chapter.page.section import Excerpt, Heading, Paragraph, Picture, Section, SideBySide, Table
from tests.chapter.page.pages import check_page


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """The result of a smoke run, its page as read, and the sections that the parts returned."""
    directory = tmp_path_factory.mktemp("chapter")
    sections = {}

    def kept(name, part):
        def run(out, settings):
            sections[name] = part(out, settings)
            return sections[name]

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)  # the feature network's cache goes to outputs/ there
        recorded = {name: (title, kept(name, part)) for name, (title, part) in PARTS.items()}
        patch.setattr(command, "PARTS", recorded)
        given = {"preset": "smoke", "quiet": True, "out": str(directory / "out")}
        result = chapter(ChapterSettings.resolve(given))
    page = Path(result["report"]).read_text(encoding="utf-8")
    return result, check_page(page), sections


def tables(section):
    return [block for block in section.blocks if isinstance(block, Table)]


def test_smoke_run_writes_a_whole_page_with_every_heading(smoke):
    result, page, sections = smoke
    assert Path(result["report"]).stat().st_size < 6e6
    assert {name: each.title for name, each in sections.items()} == {
        name: title for name, (title, _) in PARTS.items()
    }
    for section in sections.values():
        headings = [block.text for block in section.blocks if isinstance(block, Heading)]
        for heading in (section.title, *headings):  # in the contents and where it belongs
            assert page.text.count(heading) >= 2, heading
    assert "Not there yet" not in page.text and "Theis" in page.text
    for erratum in ERRATA:
        assert f"errata --only {erratum.number}" in page.text
    assert list(result["cpu_seconds"]) == list(PARTS) and result["cpu_seconds"]["gan"] > 1


def test_every_picture_is_inside_and_the_animation_has_a_still(smoke):
    _, page, _ = smoke
    sources = [image["src"] for image in page.all("img")]
    # two first, real, three grids, animation, strip, neighbours; novelty of the text; augmentation:
    # first look, six groups of transforms, three recipes; a grid of each of four other models;
    # the effects of the claims that are measured
    assert len(sources) == 10 + 10 + 4 + bool(published()["claims"])
    assert sum(source.startswith("data:image/gif;base64,") for source in sources) == 1
    assert len(page.all("source")) == 1
    assert len(page.all("svg")) == 5


@pytest.mark.parametrize("variant", ["listing", "corrected", "conditional"])
def test_the_page_shows_what_was_measured(smoke, variant):
    result, page, _ = smoke
    stored = Path(result["out"]) / f"gan-{variant}" / "metrics.json"
    told = result["metrics"]["gan"][variant]
    for name, metric in json.loads(stored.read_text())["metrics"].items():
        if metric["value"] is None or isinstance(metric["value"], list):
            assert name not in told
            continue
        assert told[name]["value"] == metric["value"]
        assert cell(metric["value"], metric.get("standard_error")) in page.text, name
        assert cell(metric["real"], metric.get("real_standard_error")) in page.text, name
        assert metric["how_to_read"] in page.text, name


def test_the_page_shows_what_the_text_is_like(smoke):
    result, page, _ = smoke
    run = Path(result["out"]) / "text"
    report = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    assert result["metrics"]["text"]["scores"] == report["scores"]
    for scores in report["scores"].values():
        for name in ("carried", "windows", "ngram"):
            assert f"{scores[name]:.4f}" in page.text
    assert f"{report['scores']['test']['carried_bits']:.2f} bits a character" in page.text
    sample = sorted((run / "samples").glob("*.txt"))[-1].read_text(encoding="utf-8")
    assert html.unescape(" ".join(sample[:100].split())) in html.unescape(page.text)


def test_the_footer_says_how_to_make_it_again(smoke):
    result, page, _ = smoke
    run = json.loads((Path(result["out"]) / "gan-corrected" / "config.json").read_text())
    assert f"SHA-256 {run['data_sha256']}" in page.text
    assert f"tensorflow {run['versions']['tensorflow']}" in page.text
    assert "smoke, 0" in page.text
    assert json.loads((Path(result["out"]) / "report.json").read_text()) == result


def test_the_claims_are_the_published_ones_and_one_is_measured(smoke):
    result, _, sections = smoke
    found = result["metrics"]["claims"]
    claims = published()["claims"]
    assert found["published"] == {name: each["verdict"] for name, each in claims.items()}
    assert list(found["C3"]) == ["0"]
    measures = found["C3"]["0"]
    assert set(measures) == {"none", "augmentation"}
    here, *there = tables(sections["claims"])[-1].rows
    difference = 100 * (measures["augmentation"]["accuracy"] - measures["none"]["accuracy"])
    assert float(here.cells[0].split()[0].replace("−", "-")) == pytest.approx(difference, abs=0.06)
    assert here.cells[1] == "1" and len(there) == ("C3" in claims)


def test_every_model_has_its_grid_its_row_and_its_figures(smoke):
    result, _, sections = smoke
    section = sections["models"]
    shown = [block for block in section.blocks if isinstance(block, SideBySide)]
    pictures = [figure for block in shown for figure in block.figures]
    assert all(isinstance(each, Picture) and each.path.is_file() for each in pictures)
    assert [each.caption for each in pictures] == [SAY(f"captions.{n}") for n in IMAGE_MODELS]
    images, steps, patients, _ = tables(section)
    for table, models in ((images, IMAGE_MODELS), (patients, TABLE_MODELS)):
        assert [row.name for row in table.rows[:-1]] == [SAY(f"names.{name}") for name in models]
        assert table.rows[-1].name.startswith("real")
        for row in table.rows:
            assert sum(each != "–" for each in row.cells) >= len(row.cells) - 1, row
    names = [row.name for row in steps.rows]  # of the preparation
    assert names[:2] == ["read", "split"] and "outliers" in names and "missing values" in names
    metrics = section.metrics
    assert list(metrics["images"]) == list(IMAGE_MODELS)
    assert list(metrics["images"]["vae"]) == list(IMAGE_MEASURES)
    assert metrics["hmm_bits"]["model_bits"] > metrics["hmm_bits"]["ngram_bits"] > 0
    assert "breast_cancer" in section.data
    assert (Path(result["out"]) / "models" / "vae-mnist" / "model").is_dir()
    (excerpt,) = (block for block in section.blocks if isinstance(block, Excerpt))
    assert len(excerpt.text) > 200 and len(set(excerpt.text)) > 10  # the Markov model writes


def test_the_fused_set_is_balanced_and_says_where_from(smoke):
    counted = tables(smoke[2]["models"])[3]
    counts = {row.name: tuple(map(int, row.cells)) for row in counted.rows}
    fewest_others = min(sum(counts[str(label)]) for label in range(10) if label not in RARE)
    assert fewest_others <= OTHER_IMAGES
    largest = max(sum(each) for each in counts.values())
    for label in RARE:
        assert counts[str(label)] == (RARE_IMAGES, largest - RARE_IMAGES)


def test_augmentation_shows_every_transform_and_recipe(smoke):
    result, page, sections = smoke
    section = sections["augmentation"]
    shown = " ".join(block.alt for block in section.blocks if isinstance(block, Picture))
    for name in (*TRANSFORMS, *MIXINGS):
        assert name in shown
    for name, description in shipped_recipes().items():
        assert name in page.text and description in page.text
    rows = tables(section)[1].rows
    assert len(rows) == 2 and len({row.cells for row in rows}) == 1  # however they were made
    gain = result["metrics"]["augmentation"]["published_gain"]
    assert gain["mean"] > 0 if "C3" in published()["claims"] else gain is None
    assert section.covers == ("2.1.3", "3.2.3") and len(section.data) == 1


def small_parts(patch, *parts):
    """`chapter` with these parts: what each finds on the page when its turn comes."""
    seen = {}

    def made(name, fails):
        def run(out, settings):
            seen[name] = (out / "report.html").read_text(encoding="utf-8")
            if fails:
                raise KeyboardInterrupt
            return Section(name, (), (Heading(f"of {name}"),), (Paragraph(f"look {name}"),))

        return name, run

    patch.setattr(command, "PARTS", {name: made(name, fails) for name, fails in parts})
    patch.setattr(command, "FIRST_LOOKS", ("b", "a"))
    return seen


def test_the_page_grows_part_by_part(tmp_path, monkeypatch, capsys):
    seen = small_parts(monkeypatch, ("a", False), ("b", False))
    result = chapter(ChapterSettings.resolve({"out": str(tmp_path / "out")}))
    printed = capsys.readouterr().out
    assert printed.startswith(f"The report is {result['report']}")  # before any part runs
    first, second = seen["a"], seen["b"]
    whole = Path(result["report"]).read_text(encoding="utf-8")
    assert [page.count(NOT_YET) for page in (first, second, whole)] == [2, 1, 0]
    assert ["refresh" in page for page in (first, second, whole)] == [True, True, False]
    assert "of a" in second and "of a" not in first and "look a" in second
    assert whole.index("look b") < whole.index("look a")
    for page in (first, second, whole):
        check_page(page)


def test_an_interrupted_run_leaves_the_parts_that_are_there(tmp_path, monkeypatch):
    small_parts(monkeypatch, ("a", False), ("b", True))
    with pytest.raises(KeyboardInterrupt):
        chapter(ChapterSettings.resolve({"out": str(tmp_path / "out")}))
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "of a" in page and page.count(NOT_YET) == 1
    assert not (tmp_path / "out" / "report.json").exists()


def test_an_output_directory_in_use_is_refused_before_anything_runs(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ValueError, match="is not empty"):
        chapter(ChapterSettings.resolve({"preset": "smoke", "out": str(tmp_path)}))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
