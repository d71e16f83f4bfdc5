"""`file:PATH`: the user's own text."""

import collections

from data.source import TEXT, Source


def load(place: str, encoding: str, changes: collections.Counter, quiet: bool) -> str:
    """See data.texts.files.read_file."""
    from data.texts.files import read_file

    return read_file(place, encoding, changes)


SOURCE = Source(
    "file:PATH",
    (TEXT,),
    "your text: one file, in UTF-8 unless --encoding names another",
    load,
)
