"""`file:PATH`: the user's own text."""

from data.source import TEXT, Source, imported

SOURCE = Source(
    "file:PATH",
    (TEXT,),
    "your text: one file, in UTF-8 unless --encoding names another",
    imported("data.texts.files:read_file"),
)
