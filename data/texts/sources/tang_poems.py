"""`tang_poems`: data/embedded/tang_poems/LICENSE.md says where they are from."""

import functools

from data.source import TEXT, Source, imported

SHA256 = "c7a1e2619dca69be7c30ed21f7fca4c1658fb98c35f48ca4e0063df45ca8020a"  # of the text in UTF-8

SOURCE = Source(
    "tang_poems",
    (TEXT,),
    "13,785 short Chinese poems, 829 thousand characters (embedded, no download)",
    functools.partial(imported("data.texts.files:embedded_text"), "tang_poems", SHA256),
)
