"""The page: well-formed, whole in one file, and nothing in it is run."""

import pytest
from PIL import Image

from chapter.page.render import render_page
from chapter.page.section import (
    Chart,
    Excerpt,
    Heading,
    Paragraph,
    Picture,
    Section,
    SideBySide,
    Table,
    TableRow,
)
from tests.chapter.page.pages import PageReader, check_page

HOSTILE = "<script>alert('\"&')</script>"


def test_hostile_text_is_shown_not_run(tmp_path):
    Image.new("L", (4, 4)).save(tmp_path / "x.png")
    picture = Picture(tmp_path / "x.png", alt=HOSTILE, caption=HOSTILE)
    chart = Chart(HOSTILE, (1, 2), {HOSTILE: (0.0, 1.0)}, (0.0, 1.0), HOSTILE, {HOSTILE: 0.5})
    table = Table(HOSTILE, (HOSTILE, HOSTILE), (TableRow(HOSTILE, (HOSTILE,), HOSTILE),))
    blocks = (Heading(HOSTILE, (HOSTILE,)), Paragraph(f"`{HOSTILE}`"), SideBySide((picture, chart)))
    section = Section(HOSTILE, (HOSTILE,), (*blocks, table, Excerpt(HOSTILE, HOSTILE)))
    page = render_page(HOSTILE, HOSTILE, [section], [Paragraph(HOSTILE)], {HOSTILE: HOSTILE})
    reader = check_page(page)
    assert "<script" not in page and HOSTILE in reader.text
    assert reader.all("img")[0]["alt"] == HOSTILE


def test_backticks_become_code_and_numbers_stand_right():
    table = Table("t", ("a", "b"), (TableRow("`x`", ("1",)),))
    words = Table("w", ("a", "b"), (TableRow("y", ("z",)),), numbers=False)
    page = render_page("T", "l", [Section("S", (), (table, words))], [], {})
    assert "<code>x</code>" in page
    assert [of.get("class") for of in PageReader(page).all("table")] == ["numbers", None]


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="row 'x' has 1 cells; 2 are expected"):
        Table("t", ("a", "b", "c"), (TableRow("x", ("1",)),))


def test_a_backtick_without_its_second_stays_and_text_keeps_its_lines():
    blocks = (Paragraph("a `b` c ` d"), Excerpt("one\n  `two`\n<three>", "x"))
    page = render_page("T", "l", [Section("S", (), blocks)], [], {})
    assert "<p>a <code>b</code> c ` d</p>" in page
    assert "<pre>one\n  `two`\n&lt;three&gt;</pre>" in page


def test_headings_are_numbered_and_linked_from_the_contents():
    sections = [Section(name, (), (Heading("x"), Heading(name, ("1", "2")))) for name in "AB"]
    page = render_page("T", "l", sections, [], {})
    assert '<h3 id="part-2-2">B</h3>\n<p class="covers">Chapter 1, 2</p>' in page
    assert '<a href="#part-2-2">B</a>' in page
    check_page(page)


def test_a_growing_page_loads_itself_anew_and_a_whole_one_does_not():
    growing, whole = (render_page("T", "l", [], [], {}, growing) for growing in (True, False))
    assert 'http-equiv="refresh"' in growing and "http-equiv" not in whole


def test_an_animation_has_a_still_and_a_picture_its_size(tmp_path):
    Image.new("L", (4, 3)).save(tmp_path / "x.gif")
    Image.new("L", (4, 3)).save(tmp_path / "still.png")
    picture = Picture(tmp_path / "x.gif", "alt", "caption", still=tmp_path / "still.png")
    reader = check_page(render_page("T", "l", [], [picture], {}))
    (image,), (still,) = reader.all("img"), reader.all("source")
    assert image["src"].startswith("data:image/gif;base64,")
    assert (image["width"], image["height"]) == ("4", "3")
    assert still["srcset"].startswith("data:image/png;base64,")
    assert still["media"] == "(prefers-reduced-motion: reduce)"
