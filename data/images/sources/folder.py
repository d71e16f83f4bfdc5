"""`folder:PATH`: the user's own images."""

from data.source import IMAGES, Source, imported

SOURCE = Source(
    "folder:PATH",
    (IMAGES,),
    "your images: one sub-folder a class, or flat without labels",
    imported("data.images.folder:load_folder"),
    hint="one sub-folder a class",
)
