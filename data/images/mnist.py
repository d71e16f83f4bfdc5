"""MNIST from the four original files, which lie in the repository and are checked at every load."""

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from foundation.errors import InputError

UNSIGNED_BYTE = 8

DIRECTORY = Path(__file__).parents[1] / "embedded" / "mnist"

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


def read_idx(path: Path, shape: tuple[int, ...], sha256: str | None = None) -> np.ndarray:
    """Read one IDX file of unsigned bytes, gzipped if its name ends in .gz.

    Args:
      path: the file.
      shape: the shape it must have, such as (60000, 28, 28).
      sha256: hex SHA-256 that the raw (unzipped) bytes must have; None: not checked.

    Returns: uint8 array of that shape, writable.
    Raises: InputError if the file is missing, truncated, too long, or another one.
    """
    mend = "restore the file from the project's repository or download it again"
    header_size = 4 + 4 * len(shape)
    size = header_size + math.prod(shape)
    raw = _read_bytes(path, size + 1, mend)  # one byte more shows a file that is too long
    magic = bytes([0, 0, UNSIGNED_BYTE, len(shape)])
    if raw[:4] != magic:
        raise InputError(
            f"{path} begins with the bytes {raw[:4].hex(' ') or '(none)'}",
            f"an IDX file begins with {magic.hex(' ')}",
            mend,
        )
    header = raw[:header_size].ljust(header_size, b"\0")  # a cut header is reported as truncated
    found = struct.unpack(f">{len(shape)}I", header[4:])
    if found != shape and len(raw) >= header_size:
        raise InputError(f"{path} holds an array of shape {found}", f"shape {shape}", mend)
    if len(raw) != size:
        received = f"is truncated at {len(raw)} bytes" if len(raw) < size else "is too long"
        raise InputError(f"{path} {received}", f"exactly {size} bytes", mend)
    if sha256 is not None and (actual := hashlib.sha256(raw).hexdigest()) != sha256:
        raise InputError(f"{path} has SHA-256 {actual}", f"SHA-256 {sha256}", mend)
    return np.frombuffer(raw, np.uint8, offset=header_size).reshape(shape).copy()


def _read_bytes(path: Path, limit: int, mend: str) -> bytes:
    """At most `limit` raw bytes: no gzip file is unpacked further than it should be long."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as file:
            return file.read(limit)
    except FileNotFoundError:
        raise InputError(f"{path} is missing", "an IDX file", mend) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{path} is truncated or damaged ({error})", "a whole gzip file", mend
        ) from None
