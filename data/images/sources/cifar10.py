"""`cifar10`: CIFAR-10 (Krizhevsky 2009), through Keras."""

from typing import TYPE_CHECKING

from data.downloads import attempt
from data.source import IMAGES, Source

if TYPE_CHECKING:
    from data.images.dataset import ImageDataset
    from data.images.resizing import Form

CLASS_NAMES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)


def load(place: str, form: "Form", quiet: bool) -> "ImageDataset":
    """45,000 training, 5,000 validation and 10,000 test images of 32 x 32 pixels.

    Keras checks the archive's SHA-256 before it unpacks it.

    Raises: InputError if it can neither be downloaded nor read.
    """
    import keras

    from data.images.assembly import published

    train, test = attempt(SOURCE.name, keras.datasets.cifar10.load_data, "mnist")
    return published(SOURCE.name, (*train, *test), 5_000, CLASS_NAMES, form)


SOURCE = Source(
    "cifar10",
    (IMAGES,),
    "60,000 photographs, 32 x 32 colour, 10 classes (downloaded by Keras)",
    load,
)
