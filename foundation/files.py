"""Files that are whole or absent: written under a temporary name, then renamed."""

import contextlib
import csv
import hashlib
import io
import itertools
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from foundation.errors import InputError


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a temporary path beside `path`; rename it to `path` when the block ends well.

    If the block raises, the temporary file goes and an older file at `path` stays as it was.
    The suffix is kept, because Pillow and NumPy choose the format by it.
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


def write_csv(path: str | os.PathLike, columns: Iterable, rows: Iterable[Iterable]) -> None:
    """Write a table atomically."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    write_text(path, text.getvalue())


def sha256_of_file(path: str | os.PathLike) -> str:
    """Hex SHA-256 of a file's bytes, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_name(text: str) -> str:
    """A name that is legal as a file's on every system: "T-shirt/top" -> "T-shirt_top"."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]+', "_", text).strip(". ") or "_"


def check_apart(path: str | os.PathLike, data: str, flag: str = "--out") -> None:
    """Raise InputError if a path lies in the folder that DATA names: it would be read next time."""
    kind, _, folder = data.partition(":")
    inside = Path(folder).expanduser().resolve()
    if kind == "folder" and Path(path).resolve().is_relative_to(inside):
        received = f"{flag} {path} is {folder} or lies in it"
        raise InputError(received, "folders apart", "name another folder, or move it out")


def check_directory(path: str | os.PathLike) -> Path:
    """Refuse what `claim_directory` would refuse, and create nothing: for a check before the work.

    Raises: InputError if a file is in the way or the directory holds something.
    """
    path = Path(path)
    nearest = next(place for place in (path, *path.parents) if os.path.lexists(place))
    if not nearest.is_dir():  # a file, or a link to nothing
        what = f"--out {path}: {'it' if nearest == path else nearest} is a file or a broken link"
        raise InputError(what, "a directory", "choose another path")
    held = next(path.iterdir(), None) if nearest == path else None
    if held is not None:  # named, because a hidden one is easily missed
        what = f"--out {path} (it holds {held.name}) is not empty"
        raise InputError(what, "a new or empty directory", "choose another path")
    return path


def claim_directory(path: str | os.PathLike) -> Path:
    """Create `path` (or take it if it exists and is empty) as a fresh output directory.

    Raises: InputError if a file is in the way or the directory holds something.
    """
    path = check_directory(path)
    path.mkdir(parents=True, exist_ok=True)
    return path


def new_directory(parent: str | os.PathLike, name: str) -> Path:
    """Create and return parent/name-001, or the first number that is free."""
    path = free_directory(parent, name)
    path.mkdir(parents=True)
    return path


def free_directory(parent: str | os.PathLike, name: str) -> Path:
    """The path parent/name-001, or the first number that is free; nothing is created."""
    paths = (Path(parent) / f"{name}-{number:03d}" for number in itertools.count(1))
    return next(path for path in paths if not path.exists())


@contextlib.contextmanager
def staged_directory(path: str | os.PathLike) -> Iterator[Path]:
    """Yield a hidden directory inside `path`; move what it holds to `path` if the block ends well.

    Inside, because `path` may be a link, a mounted disk, the current directory, or lie where nobody
    may write: no rename replaces these. If the block raises, nothing that this call made is left.

    Raises: InputError as `claim_directory`.
    """
    path = Path(path)
    created = [place for place in (path, *path.parents) if not os.path.lexists(place)]
    claim_directory(path)
    staged = path / f".partial-{os.getpid()}"
    entries = []
    try:
        staged.mkdir()
        yield staged
        entries = sorted(staged.iterdir())
        for entry in entries:
            os.replace(entry, path / entry.name)
        staged.rmdir()
    except BaseException:
        for moved in [path / entry.name for entry in entries if not os.path.lexists(entry)]:
            shutil.rmtree(moved) if moved.is_dir() else moved.unlink(missing_ok=True)
        shutil.rmtree(staged, ignore_errors=True)
        for place in created:
            with contextlib.suppress(OSError):  # someone else put something there meanwhile
                place.rmdir()
        raise
