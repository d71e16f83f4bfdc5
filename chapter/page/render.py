"""Sections as one HTML page that needs no other file, no script and no network.

The HTML stands in templates/, where everything is escaped.
"""

import base64
from pathlib import Path

import jinja2
from PIL import Image

from chapter.page.chart import drawing
from chapter.page.section import Block, Heading, Section

MEDIA_TYPES = {".png": "image/png", ".gif": "image/gif"}


def render_page(
    title: str,
    lead: str,
    sections: list[Section],
    first_look: list[Block],
    footer: dict[str, str],
    growing: bool = False,
) -> str:
    """The whole page.

    Args:
      title: of the page and its first heading.
      lead: the sentence below it.
      sections: each becomes a heading of the second level.
      first_look: what stands above the contents.
      footer: name -> value, how the page was made.
      growing: whether more will come, so that an open page loads itself anew.

    Returns: HTML5 with all pictures inside as data URIs.
    """
    page = environment().get_template("page.html")
    given = {"sections": sections, "first_look": first_look, "footer": footer, "growing": growing}
    return page.render(title=title, lead=lead, **given).lstrip()


def environment() -> jinja2.Environment:
    """The templates with what they call."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["of_kind"] = lambda block, kind: type(block).__name__ == kind
    made.filters |= {
        "headings": lambda blocks: [block for block in blocks if isinstance(block, Heading)],
        "image_size": image_size,
        "data_uri": data_uri,
        "drawing": drawing,
        "pixel": "{:.1f}".format,
    }
    return made


def image_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels."""
    with Image.open(path) as image:
        return image.size


def data_uri(path: Path) -> str:
    """A file's content as a URI."""
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{MEDIA_TYPES[path.suffix]};base64,{content}"
