"""Reading a page: what every page must be."""

import html.parser

VOID = {"meta", "img", "source", "link", "br", "hr", "line", "polyline", "circle"}


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
