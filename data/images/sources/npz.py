"""`npz:PATH`: the user's own arrays."""

from data.source import IMAGES, Source, imported

SOURCE = Source(
    "npz:PATH",
    (IMAGES,),
    "your arrays: images, uint8 (count, height, width[, channels]), and labels if any",
    imported("data.images.npz:load_npz"),
)
