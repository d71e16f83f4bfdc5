"""`npz:PATH`: the user's own arrays."""

from typing import TYPE_CHECKING

from data.source import IMAGES, Source

if TYPE_CHECKING:
    from data.images.dataset import ImageDataset


def load(place: str, image_size: int | None, denoise: bool, quiet: bool) -> "ImageDataset":
    """See data.images.npz.load_npz."""
    from data.images.npz import load_npz

    return load_npz(place, image_size, denoise)


SOURCE = Source(
    "npz:PATH",
    (IMAGES,),
    "your arrays: images, uint8 (count, height, width[, channels]), and labels if any",
    load,
)
