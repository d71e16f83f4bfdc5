"""Sections as one HTML page that needs no other file, no script and no network."""

import base64
import html
import re
from pathlib import Path

from PIL import Image

from chapter.page.chart import draw_chart
from chapter.page.section import (
    Block,
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

MEDIA_TYPES = {".png": "image/png", ".gif": "image/gif"}
REDUCED_MOTION = 'media="(prefers-reduced-motion: reduce)"'
STYLE = Path(__file__).with_name("page.css")

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="lead">{lead}</p>
{first_look}
{contents}
</header>
<main>
{sections}
</main>
<footer>
<dl>
{footer}
</dl>
</footer>
</body>
</html>
"""


def render_page(title: str, lead: str, sections: list[Section], footer: dict[str, str]) -> str:
    """The whole page.

    Args:
      title: of the page and its first heading.
      lead: the sentence below it.
      sections: each becomes a heading of the second level; their first looks come first.
      footer: name -> value, how the page was made.

    Returns: HTML5 with all pictures inside as data URIs.
    """
    return PAGE.format(
        title=html.escape(title),
        lead=inline(lead),
        style=STYLE.read_text(encoding="utf-8"),
        first_look=render_blocks([b for section in sections for b in section.first_look], "first"),
        contents=render_contents(sections),
        sections="\n".join(
            render_section(section, number) for number, section in enumerate(sections, start=1)
        ),
        footer="\n".join(
            f"<dt>{html.escape(name)}</dt><dd>{inline(value)}</dd>"
            for name, value in footer.items()
        ),
    )


def inline(text: str) -> str:
    """Text as HTML: escaped, and what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


def render_contents(sections: list[Section]) -> str:
    """The table of contents, two levels deep."""
    lines = ['<nav aria-label="Contents">', "<h2>Contents</h2>", "<ul>"]
    for number, section in enumerate(sections, start=1):
        lines.append(f'<li><a href="#part-{number}">{inline(section.title)}</a>')
        headings = [block for block in section.blocks if isinstance(block, Heading)]
        if headings:
            lines.append("<ul>")
            lines += [
                f'<li><a href="#part-{number}-{place}">{inline(heading.text)}</a></li>'
                for place, heading in enumerate(headings, start=1)
            ]
            lines.append("</ul>")
        lines.append("</li>")
    return "\n".join([*lines, "</ul>", "</nav>"])


def render_section(section: Section, number: int) -> str:
    """A <section> with its heading and all its blocks."""
    return "\n".join(
        [
            f'<section id="part-{number}">',
            f"<h2>{inline(section.title)}</h2>",
            render_covers(section.covers),
            render_blocks(section.blocks, f"part-{number}"),
            "</section>",
        ]
    )


def render_covers(covers: tuple[str, ...]) -> str:
    """Which sections of the chapter this is."""
    return f'<p class="covers">Chapter {html.escape(", ".join(covers))}</p>' if covers else ""


def render_blocks(blocks: list[Block] | tuple[Block, ...], anchor: str) -> str:
    """Blocks in order; the headings among them are numbered for the links of the contents."""
    parts, place = [], 0
    for block in blocks:
        if isinstance(block, Heading):
            place += 1
            parts.append(f'<h3 id="{anchor}-{place}">{inline(block.text)}</h3>')
            parts.append(render_covers(block.covers))
        else:
            parts.append(RENDERERS[type(block)](block))
    return "\n".join(parts)


def render_paragraph(paragraph: Paragraph) -> str:
    return f"<p>{inline(paragraph.text)}</p>"


def render_picture(picture: Picture) -> str:
    """A <figure>; its width and height keep the page from jumping while it loads."""
    with Image.open(picture.path) as image:
        width, height = image.size
    shown = (
        f'<img src="{data_uri(picture.path)}" alt="{html.escape(picture.alt)}" '
        f'width="{width}" height="{height}">'
    )
    if picture.still:
        source = f'<source srcset="{data_uri(picture.still)}" {REDUCED_MOTION}>'
        shown = f"<picture>{source}{shown}</picture>"
    return f"<figure>{shown}<figcaption>{inline(picture.caption)}</figcaption></figure>"


def render_chart(chart: Chart) -> str:
    return (
        f'<figure class="chart"><p class="chart-title">{inline(chart.title)}</p>\n'
        f"{draw_chart(chart)}\n<figcaption>{inline(chart.caption)}</figcaption></figure>"
    )


def render_excerpt(excerpt: Excerpt) -> str:
    """Line breaks stay; backticks are part of the text."""
    return (
        f'<figure class="excerpt"><pre>{html.escape(excerpt.text)}</pre>'
        f"<figcaption>{inline(excerpt.caption)}</figcaption></figure>"
    )


def render_side_by_side(group: SideBySide) -> str:
    figures = "\n".join(RENDERERS[type(figure)](figure) for figure in group.figures)
    return f'<div class="side-by-side">\n{figures}\n</div>'


def render_table(table: Table) -> str:
    """A table in a box of its own, so that a narrow screen scrolls the table and not the page."""
    columns = "".join(f'<th scope="col">{inline(column)}</th>' for column in table.columns)
    rows = "\n".join(render_row(row) for row in table.rows)
    style = ' class="numbers"' if table.numbers else ""
    return (
        f'<div class="table"><table{style}>\n<caption>{inline(table.caption)}</caption>\n'
        f"<thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def render_row(row: TableRow) -> str:
    """A row, and below it a second one with the note, which thus has the width of the table."""
    cells = "".join(f"<td>{inline(cell)}</td>" for cell in row.cells)
    style = ' class="noted"' if row.note else ""
    line = f'<tr{style}><th scope="row">{inline(row.name)}</th>{cells}</tr>'
    if row.note:
        line += (
            f'\n<tr class="note"><td colspan="{1 + len(row.cells)}">{inline(row.note)}</td></tr>'
        )
    return line


def data_uri(path: Path) -> str:
    """A file's content as a URI."""
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{MEDIA_TYPES[path.suffix]};base64,{content}"


RENDERERS = {
    Paragraph: render_paragraph,
    Picture: render_picture,
    Chart: render_chart,
    Excerpt: render_excerpt,
    SideBySide: render_side_by_side,
    Table: render_table,
}
