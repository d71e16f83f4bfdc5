"""`shakespeare`: 42 works; data/embedded/shakespeare/LICENSE.md says where they are from."""

import functools

from data.source import TEXT, Source, imported

SHA256 = "6a0a7ef9a1d4f41eb6cb9da3b74a8843823038971157d90286c3ecc4c095dc98"  # of the text in UTF-8

SOURCE = Source(
    "shakespeare",
    (TEXT,),
    "42 works of Shakespeare, 5.05 million characters (embedded, no download)",
    functools.partial(imported("data.texts.files:embedded_text"), "shakespeare", SHA256),
)
