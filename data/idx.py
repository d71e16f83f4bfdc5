"""The IDX file format of the original MNIST files: read strictly, or refused with a reason.

An IDX file is a header, then the raw numbers: two zero bytes, one byte for the type (8: unsigned
byte), one byte for the number of axes, then the length of each axis as a big-endian 32-bit integer.
"""

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from foundation.errors import InputError

UNSIGNED_BYTE = 8


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
