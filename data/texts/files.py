"""`file:PATH` and `folder:PATH`: a user's own texts, read and cleaned block by block."""

import codecs
import collections
import os
from collections.abc import Iterator
from pathlib import Path

from data.texts.cleaning import TextCleaner
from foundation.errors import InputError
from foundation.progress import counted

BLOCK_BYTES = 2**22
LINE_ENDS_ADDED = "newlines added between files"
EMPTY_FILES = "empty files left out"
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_file(
    path: str, encoding: str, changes: collections.Counter, quiet: bool = False
) -> Iterator[str]:
    """The clean text of one file, block by block.

    Args:
      path: the file.
      encoding: Python's name of the encoding.
      changes: what cleaning does is added to it, kind -> how often.
      quiet: no counter on the terminal.

    Raises: InputError if the file is missing, a directory, empty, no text or not in this encoding.
    """
    check_encoding(encoding)
    path = Path(path).expanduser()  # no shell expands ~ after a colon
    if path.is_dir():
        raise InputError(
            f"file:{path} is a directory", "a file", f"use folder:{path} for all its .txt files"
        )
    if not path.exists():
        raise InputError(f"{path} does not exist", "a text file", "check the path after file:")
    empty = True
    for text in _clean_blocks(path, encoding, changes, quiet):
        empty = empty and not text
        yield text
    if empty:
        raise InputError(f"{path} is empty", "a text", "check the path after file:")


def read_folder(
    path: str, encoding: str, changes: collections.Counter, quiet: bool = False
) -> Iterator[str]:
    """The clean text of all .txt files of a folder and its sub-folders, sorted by relative path.

    A file that does not end in a newline is followed by one. Hidden files are left out.

    Args, Raises: as `read_file`; files without a character are left out and counted.
    """
    check_encoding(encoding)
    root = Path(path).expanduser()
    if not root.is_dir():
        what = "is a file" if root.exists() else "does not exist"
        raise InputError(
            f"folder:{root} {what}", "a folder with .txt files", "check the path after folder:"
        )
    end = "\n"  # the last character so far
    empty = True
    for file in text_files_in(root):
        length = 0
        for text in _clean_blocks(file, encoding, changes, quiet):
            if text and end != "\n" and not length:
                changes[LINE_ENDS_ADDED] += 1
                yield "\n"
            if text:
                end, length, empty = text[-1], length + len(text), False
                yield text
        changes[EMPTY_FILES] += not length
    if empty:
        raise InputError(
            f"{root} holds no .txt file with a text", "at least one", "check the path after folder:"
        )


def text_files_in(root: Path) -> list[Path]:
    """All .txt files under a folder, sorted by relative path; hidden ones do not count."""
    found = []
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if not name.startswith(".")]
        found += [
            Path(folder, name)
            for name in files
            if name.lower().endswith(".txt") and not name.startswith(".")
        ]
    return sorted(found, key=lambda path: path.relative_to(root).as_posix())


def check_encoding(encoding: str) -> None:
    """Raise InputError if Python knows no text encoding of that name."""
    try:
        "a".encode(encoding)  # an empty text would be encoded without looking
    except (LookupError, UnicodeError):
        raise InputError(
            f"--encoding {encoding}",
            "a text encoding that Python knows, such as utf-8, utf-16, latin-1 or gb18030",
            "correct the name",
        ) from None


def _clean_blocks(
    path: Path, encoding: str, changes: collections.Counter, quiet: bool
) -> Iterator[str]:
    """Decode and clean one file."""
    cleaner = TextCleaner(changes)
    for text, last in _decoded_blocks(path, encoding, quiet):
        yield cleaner.feed(text, last)


def _decoded_blocks(path: Path, encoding: str, quiet: bool) -> Iterator[tuple[str, bool]]:
    """Text of each block of a file, and whether it is the last."""
    decoder = codecs.getincrementaldecoder(encoding)()
    start = b""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        blocks = iter(lambda: file.read(BLOCK_BYTES), b"")
        before = 0  # bytes read before this block
        total = -(-size // BLOCK_BYTES)
        for block in counted(blocks, total, f"reading {path.name}, block", quiet):
            start = start or block[:4]
            yield _decode(decoder, block, before, path, encoding, start), False
            before += len(block)
        yield _decode(decoder, b"", before, path, encoding, start), True


def _decode(
    decoder: codecs.IncrementalDecoder,
    block: bytes,
    before: int,
    path: Path,
    encoding: str,
    start: bytes,
) -> str:
    """The next text of a decoder; an empty block is the end."""
    try:
        text = decoder.decode(block, final=not block)
    except UnicodeError as error:
        where, reason = "", str(error)
        if isinstance(error, UnicodeDecodeError):  # all but "there is no byte-order mark"
            # The decoder puts what it kept of earlier blocks before this one.
            offset = before + len(block) - len(error.object) + error.start
            where, reason = f" at byte {offset:,}", error.reason
        raise InputError(
            f"{path} is not valid {encoding}{where} ({reason})",
            f"a text in {encoding}",
            _encoding_hint(start, encoding),
        ) from None
    if "\0" in text:
        raise InputError(
            f"{path} holds NUL characters",
            f"a text in {encoding}, not a binary file",
            _encoding_hint(start, encoding),
        )
    return text


def _encoding_hint(start: bytes, encoding: str) -> str:
    """What to do about a file that does not decode, judged by its first bytes."""
    if start.startswith(UTF_16_MARKS) and codecs.lookup(encoding).name != "utf-16":
        return "it starts with the mark of UTF-16: add --encoding utf-16"
    if b"\0" in start:
        return "name the encoding if it is a text, such as --encoding utf-16-le"
    return "name the file's encoding, such as --encoding latin-1 or gb18030"
