"""`fashion_mnist`: Fashion-MNIST (Xiao et al. 2017, MIT licence), through Keras."""

import os
from typing import TYPE_CHECKING

from data.downloads import attempt
from data.source import IMAGES, Source

if TYPE_CHECKING:
    from data.images.dataset import ImageDataset
    from data.images.resizing import Form

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
SHA256 = {  # of NAME-ubyte.gz; Keras checks none
    "train-images-idx3": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}
CLASS_NAMES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)


def load(place: str, form: "Form", quiet: bool) -> "ImageDataset":
    """50,000 training, 10,000 validation and 10,000 test images of 28 x 28 pixels.

    Raises: InputError if it can neither be downloaded nor read, or is not the published data.
    """
    import keras

    from data.images.assembly import published

    def load_verified():
        for name, sha256 in SHA256.items():
            # Puts each file where load_data looks for it; a damaged one is downloaded again.
            file, place = f"{name}-ubyte.gz", os.path.join("datasets", "fashion-mnist")
            keras.utils.get_file(file, origin=URL + file, cache_subdir=place, file_hash=sha256)
        return keras.datasets.fashion_mnist.load_data()

    train, test = attempt(SOURCE.name, load_verified, "mnist")
    return published(SOURCE.name, (*train, *test), 10_000, CLASS_NAMES, form)


SOURCE = Source(
    "fashion_mnist",
    (IMAGES,),
    "70,000 pictures of clothing, 28 x 28 grey, 10 classes (downloaded by Keras)",
    load,
)
