"""`mnist`: the four original files, which lie in the repository and are checked at every load."""

import gzip
import hashlib
import math
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from data.source import IMAGES, Source
from foundation.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from data.images.dataset import ImageDataset
    from data.images.resizing import Form

DIRECTORY = Path(__file__).parents[2] / "embedded" / "mnist"

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


def load(place: str, form: "Form", quiet: bool) -> "ImageDataset":
    """50,000 training, 10,000 validation and 10,000 test images; 0 is background."""
    from data.images.assembly import published

    arrays = tuple(read_file(DIRECTORY / name) for name in FILES)
    return published(SOURCE.name, arrays, 10_000, tuple("0123456789"), form)


def read_file(path: Path) -> "np.ndarray":
    """One of the four files: a header of 4 bytes and 4 for each dimension, then bytes.

    Returns: uint8 array of its shape in FILES, writable.
    Raises: InputError if the file is missing, damaged or not the original.
    """
    import numpy as np

    shape, sha256 = FILES[path.name]
    header = 4 + 4 * len(shape)
    mend = "restore the file from the project's repository or download it again"
    try:
        with gzip.open(path) as file:
            # One byte more shows a file that is too long, and no bomb is unpacked further.
            raw = file.read(header + math.prod(shape) + 1)
    except (FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        is_missing = isinstance(error, FileNotFoundError)
        what = "is missing" if is_missing else f"is truncated or damaged ({error})"
        raise InputError(f"{path} {what}", "a whole gzip file of MNIST", mend) from None
    if (actual := hashlib.sha256(raw).hexdigest()) != sha256:
        raise InputError(f"{path} has SHA-256 {actual}", f"SHA-256 {sha256}", mend)
    return np.frombuffer(raw, np.uint8, offset=header).reshape(shape).copy()


SOURCE = Source(
    "mnist",
    (IMAGES,),
    "70,000 handwritten digits, 28 x 28 grey, 10 classes (embedded, no download)",
    load,
)
