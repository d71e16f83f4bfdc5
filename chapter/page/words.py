"""What the page says: the words of each part stand in words/PART.toml, one entry a text.

An entry is a jinja2 template, to which the part passes what a run measured. Between two backticks
stands code; everything else is shown as it is.
"""

import functools
import operator
import tomllib
from pathlib import Path

import jinja2

ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined)


class Words:
    """The words of a part: `say("title")`, `say("captions.vae")`, `say("counts", name="mnist")`."""

    def __init__(self, part: str):
        path = Path(__file__).with_name("words") / f"{part}.toml"
        self.texts = tomllib.loads(path.read_text(encoding="utf-8"))

    def __call__(self, name: str, /, **values: object) -> str:
        """The text of this name in one line. Raises: KeyError if there is none."""
        text = functools.reduce(operator.getitem, name.split("."), self.texts)
        return " ".join(ENVIRONMENT.from_string(text).render(values).split())
