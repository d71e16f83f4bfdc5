"""MNIST from the four original files, which lie in the repository and are checked at every load."""

from pathlib import Path

import numpy as np

from data.idx import read_idx

DIRECTORY = Path(__file__).parent / "embedded" / "mnist"

# Shape and SHA-256 of the raw bytes of each file. Gzip is no part of the hash: another compression
# level is the same data.
FILES = {
    "train-images-idx3-ubyte.gz": (
        (60_000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "train-labels-idx1-ubyte.gz": (
        (60_000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "t10k-images-idx3-ubyte.gz": (
        (10_000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        (10_000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}

CLASS_NAMES = tuple("0123456789")


def load_mnist(
    directory: Path = DIRECTORY,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Read the four files.

    Returns: training images uint8 (60000, 28, 28), training labels uint8 (60000,), test images
      uint8 (10000, 28, 28), test labels uint8 (10000,); pixels in [0, 255], 0 is background.
    Raises: InputError if a file is missing, truncated or not the original.
    """
    return tuple(
        read_idx(directory / name, shape, sha256) for name, (shape, sha256) in FILES.items()
    )
