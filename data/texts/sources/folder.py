"""`folder:PATH`: the user's own texts."""

import collections

from data.source import TEXT, Source


def load(place: str, encoding: str, changes: collections.Counter, quiet: bool) -> str:
    """See data.texts.files.read_folder."""
    from data.texts.files import read_folder

    return read_folder(place, encoding, changes, quiet)


SOURCE = Source(
    "folder:PATH",
    (TEXT,),
    "your texts: all .txt files in it, in alphabetical order",
    load,
    hint="its .txt files",
)
