"""`folder:PATH`: the user's own texts."""

from data.source import TEXT, Source, imported

SOURCE = Source(
    "folder:PATH",
    (TEXT,),
    "your texts: all .txt files in it, in alphabetical order",
    imported("data.texts.files:read_folder"),
    hint="its .txt files",
)
