"""`tang_poems`: data/embedded/tang_poems/LICENSE.md says where they are from."""

import collections

from data.source import TEXT, Source

SHA256 = "c7a1e2619dca69be7c30ed21f7fca4c1658fb98c35f48ca4e0063df45ca8020a"  # of the text in UTF-8


def load(place: str, encoding: str, changes: collections.Counter, quiet: bool) -> str:
    """The text; it was made clean."""
    from data.texts.files import embedded_text

    return embedded_text(SOURCE.name, SHA256)


SOURCE = Source(
    "tang_poems",
    (TEXT,),
    "13,785 short Chinese poems, 829 thousand characters (embedded, no download)",
    load,
)
