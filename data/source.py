"""What one file of a `sources` folder declares: a thing that DATA can name."""

import dataclasses
import importlib
from collections.abc import Callable

IMAGES, TEXT, SERIES, TABLE = "images", "text", "series", "table"


@dataclasses.dataclass(frozen=True)
class Source:
    """A data set, or a way to name the user's own. Its file calls it SOURCE."""

    name: str  # what DATA is: "mnist", or, with a place of the user's, "npz:PATH"
    kinds: tuple[str, ...]  # as what it can be read; the first is that of the room it lies in
    description: str  # one line for `data list`
    load: Callable  # the docstring of its folder says what it is given and what it returns
    hint: str = ""  # what `--help` puts in brackets behind the name

    @property
    def takes_place(self) -> bool:
        """Whether a place of the user's stands behind a colon."""
        return ":" in self.name

    def place_in(self, data: str) -> str | None:
        """The place that DATA gives behind the colon, "" where none belongs; None: another name."""
        word, colon, place = data.partition(":")
        known, known_colon, _ = self.name.partition(":")
        is_named = (word, colon) == (known, known_colon) and bool(place) == self.takes_place
        return place if is_named else None


def imported(path: str) -> Callable:
    """The function `module:name`, imported when it is called: `--help` reads every source."""
    module, name = path.split(":")
    return lambda *arguments: getattr(importlib.import_module(module), name)(*arguments)
