"""The report: well-formed, whole in one file, and saying what was measured."""

import html.parser
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from chapter.errata.entry import ERRATA
from chapter.page.chart import draw_chart, shared_range, ticks
from chapter.page.command import chapter
from chapter.page.config import GAN_EVALUATION_COUNT, GAN_TRAININGS, ChapterSettings
from chapter.page.page import render_page
from chapter.page.parts.gan import training_settings
from chapter.page.parts.gan_figures import animation_files, cell, class_columns
from chapter.page.section import (
    Chart,
    Heading,
    Paragraph,
    Picture,
    Section,
    SideBySide,
    Table,
    TableRow,
)
from data.images.load import ImageDataset, ImageSplit
from foundation.pictures import LARGEST_ANIMATION

VOID = {"meta", "img", "source", "link", "br", "hr", "line", "polyline", "circle"}
HOSTILE = "<script>alert('\"&')</script>"


class PageReader(html.parser.HTMLParser):
    """Checks nesting while it reads; collects elements, identifiers and visible text."""

    def __init__(self, page: str):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.feed(page)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        assert len(dict(attributes)) == len(attributes), f"an attribute twice in <{tag}>"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        assert tag in VOID, f"<{tag}/> is no void element"
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open}"
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]


def check_page(page: str) -> PageReader:
    """What every page must be: complete HTML5 that needs nothing but itself."""
    assert page.startswith("<!DOCTYPE html>\n")
    reader = PageReader(page)
    assert reader.all("html") == [{"lang": "en"}]
    assert len(reader.all("title")) == len(reader.all("h1")) == 1
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in reader.elements}
    for tag, attributes in reader.elements:
        for name in ("src", "srcset"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, name)
        assert attributes.get("href", "#").startswith("#"), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in page and "@import" not in page
    for image in reader.all("img"):
        assert image["alt"] and int(image["width"]) > 0 and int(image["height"]) > 0
    for drawing in reader.all("svg"):
        assert drawing["role"] == "img" and drawing["aria-label"]
    identifiers = [attributes["id"] for _, attributes in reader.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert {link["href"][1:] for link in reader.all("a")} == set(identifiers)
    return reader


@pytest.fixture(scope="module")
def smoke(tmp_path_factory):
    """The result of a smoke run, and the page as read."""
    directory = tmp_path_factory.mktemp("chapter")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)  # the feature network's cache goes to outputs/ there
        given = {"preset": "smoke", "quiet": True, "out": str(directory / "out")}
        result = chapter(ChapterSettings.resolve(given))
    page = Path(result["report"]).read_text(encoding="utf-8")
    return result, check_page(page)


def test_smoke_run_writes_a_whole_page_with_every_heading(smoke):
    result, page = smoke
    assert Path(result["report"]).stat().st_size < 6e6
    for heading in (
        "The real data",
        "The listing as printed, and mended",
        "Digits to order",
        "From one noise vector to another",
        "How good are they?",
        "The corpus",
        "New text",
        "How well does it predict?",
        "What is its text like?",
        "What every transform does",
        "Is it worth it?",
        "Digits without an adversary",
        "A text from hidden states",
        "Patients: a table",
        "One training set from both",
        "The chapter's claims",
        "Where the chapter errs",
    ):
        assert page.text.count(heading) >= 2, heading  # in the contents and where it belongs
    for erratum in ERRATA:
        assert f"errata --only {erratum.number}" in page.text


def test_every_picture_is_inside_and_the_animation_has_a_still(smoke):
    _, page = smoke
    sources = [image["src"] for image in page.all("img")]
    # two first, real, three grids, animation, strip, neighbours; novelty of the text; augmentation:
    # first look, six groups of transforms, three recipes; a grid of each of four other models;
    # the effects of all claims
    assert len(sources) == 10 + 10 + 4 + 1
    assert sum(source.startswith("data:image/gif;base64,") for source in sources) == 1
    assert len(page.all("source")) == 1
    assert len(page.all("svg")) == 5


@pytest.mark.parametrize("variant", ["listing", "corrected", "conditional"])
def test_the_page_shows_what_was_measured(smoke, variant):
    result, page = smoke
    out = Path(result["out"])
    metrics = json.loads((out / f"gan-{variant}" / "metrics.json").read_text())["metrics"]
    for name, metric in metrics.items():
        if metric["value"] is None or isinstance(metric["value"], list):
            assert name not in result["metrics"]["gan"][variant]
            continue
        assert result["metrics"]["gan"][variant][name]["value"] == metric["value"]
        assert cell(metric["value"], metric.get("standard_error")) in page.text, name
        assert cell(metric["real"], metric.get("real_standard_error")) in page.text, name
        assert metric["how_to_read"] in page.text, name
    assert "Theis" in page.text


def test_the_page_shows_what_the_text_is_like(smoke):
    result, page = smoke
    out = Path(result["out"])
    report = json.loads((out / "text" / "metrics.json").read_text(encoding="utf-8"))
    assert result["metrics"]["text"]["scores"] == report["scores"]
    for scores in report["scores"].values():
        for name in ("carried", "windows", "ngram"):
            assert f"{scores[name]:.4f}" in page.text
    assert f"{report['scores']['test']['carried_bits']:.2f} bits a character" in page.text
    sample = (out / "text" / "samples" / "epoch_0002.txt").read_text(encoding="utf-8")
    assert html.unescape(" ".join(sample[:100].split())) in html.unescape(page.text)


def test_the_footer_says_how_to_make_it_again(smoke):
    result, page = smoke
    run = json.loads((Path(result["out"]) / "gan-corrected" / "config.json").read_text())
    assert f"SHA-256 {run['data_sha256']}" in page.text
    assert f"tensorflow {run['versions']['tensorflow']}" in page.text
    assert "smoke, 0" in page.text
    assert json.loads((Path(result["out"]) / "report.json").read_text()) == result


def test_listing_and_corrected_differ_in_nothing_but_the_variant(tmp_path):
    for preset in GAN_TRAININGS:
        trainings = training_settings(tmp_path, ChapterSettings.resolve({"preset": preset}))
        fields = {name: vars(each) for name, each in trainings.items()}
        differing = {
            field
            for field, value in fields["corrected"].items()
            if fields["listing"][field] != value
        }
        assert differing == {"variant", "out"}
        assert {name: each.variant for name, each in trainings.items()} == {
            name: name for name in trainings
        }
        assert preset in GAN_EVALUATION_COUNT


def test_an_output_directory_in_use_is_refused_before_anything_runs(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ValueError, match="is not empty"):
        chapter(ChapterSettings.resolve({"preset": "smoke", "out": str(tmp_path)}))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_animation_is_thinned_and_ends_with_the_last_epoch(tmp_path):
    (tmp_path / "samples").mkdir()
    for epoch in range(1, 101):
        grid = Image.new("L", (40, 20), color=epoch)
        grid.save(tmp_path / "samples" / f"epoch_{epoch:04d}.png")
    moving, still = animation_files(tmp_path, tmp_path)
    with Image.open(moving) as animation, Image.open(still) as last:
        assert animation.n_frames == LARGEST_ANIMATION < 100
        assert last.size == animation.size == (20, 10 + 16)
        assert last.convert("L").getpixel((10, 2)) == 100


def test_class_columns_by_hand():
    labels = np.array([1, 0, 0, 1, 1])
    images = np.arange(5, dtype=np.uint8).reshape(5, 1, 1, 1)
    split = ImageSplit(images, labels)
    dataset = ImageDataset("made", split, split, split, ("zero", "one"))
    assert class_columns(dataset, 2).reshape(-1).tolist() == [1, 0, 2, 3]  # rows of (zero, one)


def test_hostile_text_is_shown_not_run(tmp_path):
    Image.new("L", (4, 4)).save(tmp_path / "x.png")
    picture = Picture(tmp_path / "x.png", alt=HOSTILE, caption=HOSTILE)
    chart = Chart(HOSTILE, (1, 2), {HOSTILE: (0.0, 1.0)}, (0.0, 1.0), HOSTILE, {HOSTILE: 0.5})
    table = Table(HOSTILE, (HOSTILE, HOSTILE), (TableRow(HOSTILE, (HOSTILE,), HOSTILE),))
    blocks = (Heading(HOSTILE, (HOSTILE,)), Paragraph(f"`{HOSTILE}`"), SideBySide((picture, chart)))
    section = Section(HOSTILE, (HOSTILE,), (*blocks, table), first_look=(Paragraph(HOSTILE),))
    page = render_page(HOSTILE, HOSTILE, [section], {HOSTILE: HOSTILE})
    reader = check_page(page)
    assert "<script" not in page and HOSTILE in reader.text
    assert reader.all("img")[0]["alt"] == HOSTILE


def test_backticks_become_code_and_numbers_stand_right():
    table = Table("t", ("a", "b"), (TableRow("`x`", ("1",)),))
    words = Table("w", ("a", "b"), (TableRow("y", ("z",)),), numbers=False)
    page = render_page("T", "l", [Section("S", (), (table, words))], {})
    assert "<code>x</code>" in page
    assert [of.get("class") for of in PageReader(page).all("table")] == ["numbers", None]


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="row 'x' has 1 cells; 2 are expected"):
        Table("t", ("a", "b", "c"), (TableRow("x", ("1",)),))


def test_chart_places_values_by_hand():
    chart = Chart("c", (1, 2, 3, 4, 5), {"a": (0.0, 1.0, 2.0, 1.0, 0.0)}, (0.0, 2.0), "how")
    points = re.search(r'points="([^"]+)"', draw_chart(chart)).group(1).split()
    # 440 x 280 with margins 44, 12 (left, right) and 46, 36 (top, bottom): 384 x 198 for curves.
    assert points == ["44.0,244.0", "140.0,145.0", "236.0,46.0", "332.0,145.0", "428.0,244.0"]


def test_a_chart_of_one_epoch_is_a_dot_and_a_short_curve_is_refused():
    one = Chart("c", (1,), {"a": (0.5,)}, (0.0, 1.0), "how")
    assert draw_chart(one).count("<circle") == 1
    with pytest.raises(ValueError, match="curve 'a' of 1 values"):
        draw_chart(Chart("c", (1, 2), {"a": (0.5,)}, (0.0, 1.0), "how"))


@pytest.mark.parametrize(
    ("low", "high", "whole", "expected"),
    [
        (0.0, 1.0, False, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.0, 1.5, False, [0, 0.5, 1, 1.5]),
        (-3.0, 12.0, False, [0, 5, 10]),
        (1, 2, True, [1, 2]),
        (1, 150, True, [50, 100, 150]),
        (1, 1, True, [1]),
    ],
)
def test_ticks_are_round(low, high, whole, expected):
    assert ticks(low, high, 6, whole) == expected


def test_shared_range_holds_all_values():
    low, high = shared_range(1.0, 2.0)
    assert low < 1.0 and high > 2.0
    assert shared_range(1.0, 2.0, floor=0.0) == (0.0, high)
    low, high = shared_range(1.0)
    assert low < 1.0 < high


@pytest.mark.parametrize(
    ("value", "standard_error", "text"),
    [
        (None, None, "–"),
        (12345, None, "12,345"),
        (0.12345, None, "0.123"),
        (183.9, None, "183.9"),
        (-34.04, 1.96, "−34.0 ± 2.0"),
    ],
)
def test_cells(value, standard_error, text):
    assert cell(value, standard_error) == text
