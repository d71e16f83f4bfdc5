"""`folder:PATH`: the user's own images."""

from typing import TYPE_CHECKING

from data.source import IMAGES, Source

if TYPE_CHECKING:
    from data.images.dataset import ImageDataset


def load(place: str, image_size: int | None, denoise: bool, quiet: bool) -> "ImageDataset":
    """See data.images.folder.load_folder."""
    from data.images.folder import load_folder

    return load_folder(place, image_size, denoise, quiet)


SOURCE = Source(
    "folder:PATH",
    (IMAGES,),
    "your images: one sub-folder a class, or flat without labels",
    load,
    hint="one sub-folder a class",
)
