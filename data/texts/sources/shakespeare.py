"""`shakespeare`: 42 works; data/embedded/shakespeare/LICENSE.md says where they are from."""

import collections

from data.source import TEXT, Source

SHA256 = "6a0a7ef9a1d4f41eb6cb9da3b74a8843823038971157d90286c3ecc4c095dc98"  # of the text in UTF-8


def load(place: str, encoding: str, changes: collections.Counter, quiet: bool) -> str:
    """The text; it was made clean."""
    from data.texts.files import embedded_text

    return embedded_text(SOURCE.name, SHA256)


SOURCE = Source(
    "shakespeare",
    (TEXT,),
    "42 works of Shakespeare, 5.05 million characters (embedded, no download)",
    load,
)
