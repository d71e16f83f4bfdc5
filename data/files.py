"""Files that are whole or absent: written under a temporary name, then renamed."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from data.errors import InputError


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` when the block ends well.

    If the block raises (a full disk, an interrupt), the temporary file goes and an older file at
    `path` stays as it was. The suffix is kept, because Pillow and NumPy choose the format by it.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        yield temporary
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())  # without it a crash after the rename can leave an empty file
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | os.PathLike, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: str | os.PathLike, value: dict) -> None:
    """Write JSON atomically, indented, in the order of insertion."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def sha256_of_file(path: str | os.PathLike) -> str:
    """Hex SHA-256 of a file's bytes, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def claim_directory(path: str | os.PathLike) -> Path:
    """Create `path` (or take it if it exists and is empty) as a fresh output directory.

    Raises: InputError if it is a file or a directory that holds something.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise InputError(f"--out {path} is a file", "a directory", "choose another path")
    if path.is_dir() and any(path.iterdir()):
        raise InputError(
            f"--out {path} is not empty", "a new or empty directory", "choose another path"
        )
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def staged_directory(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a temporary directory beside `path`; rename it to `path` when the block ends well.

    If the block raises, both directories go: nothing half-written is left.

    Raises: InputError if `path` exists and is not an empty directory.
    """
    path = claim_directory(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    temporary.mkdir()
    try:
        yield temporary
    except BaseException:
        shutil.rmtree(temporary)
        path.rmdir()
        raise
    path.rmdir()
    os.replace(temporary, path)
