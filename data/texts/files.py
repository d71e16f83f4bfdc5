"""Text files: a user's own (`file:PATH`, `folder:PATH`), decoded and cleaned; the embedded ones."""

import codecs
import collections
import hashlib
import lzma
import os
import re
from pathlib import Path

from data.texts.cleaning import clean_text
from foundation.errors import InputError
from foundation.progress import counted

EMBEDDED = Path(__file__).parents[1] / "embedded"
LINE_ENDS_ADDED = "newlines added between files"
EMPTY_FILES = "empty files left out"
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def read_file(
    path: str | Path, encoding: str, changes: collections.Counter, quiet: bool = False
) -> str:
    """The clean text of one file.

    Args:
      path: the file.
      encoding: Python's name of the encoding.
      changes: what cleaning does is added to it, kind -> how often.
      quiet: no counter on the terminal; of one file there is none.

    Raises: InputError if the file is missing, a directory, empty, no text or not in this encoding.
    """
    path = Path(path).expanduser()  # no shell expands ~ after a colon
    if path.is_dir():
        raise InputError(
            f"file:{path} is a directory", "a file", f"use folder:{path} for all its .txt files"
        )
    if not path.exists():
        raise InputError(f"{path} does not exist", "a text file", "check the path after file:")
    text = clean_text(_decoded(path, encoding), changes)
    if not text:
        raise InputError(f"{path} is empty", "a text", "check the path after file:")
    return text


def read_folder(path: str, encoding: str, changes: collections.Counter, quiet: bool = False) -> str:
    """The clean text of all .txt files of a folder and its sub-folders, sorted by relative path.

    A file that does not end in a newline is followed by one. Hidden files are left out.

    Args, Raises: as `read_file`; files without a character are left out and counted.
    """
    root = Path(path).expanduser()
    if not root.is_dir():
        what = "is a file" if root.exists() else "does not exist"
        raise InputError(
            f"folder:{root} {what}", "a folder with .txt files", "check the path after folder:"
        )
    files, texts = text_files_in(root), []
    for file in counted(files, len(files), "reading text", quiet):
        text = clean_text(_decoded(file, encoding), changes)
        if not text:
            changes[EMPTY_FILES] += 1
            continue
        if texts and not texts[-1].endswith("\n"):
            changes[LINE_ENDS_ADDED] += 1
            texts.append("\n")
        texts.append(text)
    if not texts:
        raise InputError(
            f"{root} holds no .txt file with a text", "at least one", "check the path after folder:"
        )
    return "".join(texts)


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


def embedded_text(name: str, sha256: str, *_) -> str:
    """The text that lies in the repository under that name; it was made clean.

    Args:
      name: of the file and its folder.
      sha256: hex SHA-256 of the text in UTF-8; compression is no part of it.
      _: place, encoding, changes, quiet, which an embedded text does without.

    Raises: InputError if the file is missing, damaged or not the original.
    """
    path = EMBEDDED / name / f"{name}.txt.xz"
    mend = "restore it from the repository"
    try:
        raw = lzma.decompress(path.read_bytes())
    except (FileNotFoundError, lzma.LZMAError) as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else "is damaged"
        raise InputError(f"{path} {reason}", "the file of the repository", mend) from None
    actual = hashlib.sha256(raw).hexdigest()
    if actual != sha256:
        raise InputError(f"{path} holds a text with SHA-256 {actual}", f"SHA-256 {sha256}", mend)
    return raw.decode("utf-8")


def _decoded(path: Path, encoding: str) -> str:
    """A file's text as it stands; an error names the byte, and the line as cleaning counts them."""
    try:
        "a".encode(encoding)  # an empty text would be encoded without looking
    except (LookupError, UnicodeError):
        raise InputError(
            f"--encoding {encoding}",
            "a text encoding that Python knows, such as utf-8, utf-16, latin-1 or gb18030",
            "correct the name",
        ) from None
    raw = path.read_bytes()
    hint = "name the file's encoding, such as --encoding latin-1 or gb18030"
    if raw.startswith(UTF_16_MARKS) and codecs.lookup(encoding).name != "utf-16":
        hint = "it starts with the mark of UTF-16: add --encoding utf-16"
    elif b"\0" in raw[:4]:
        hint = "name the encoding if it is a text, such as --encoding utf-16-le"
    # Of UTF-16 without a byte-order mark, `raw.decode` would guess the order; this refuses it.
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(raw, final=True)
    except UnicodeError as error:
        where, reason = "", str(error)
        if isinstance(error, UnicodeDecodeError):  # all but "there is no byte-order mark"
            # The object of the error lacks what the decoder took off before, such as a mark.
            offset = len(raw) - len(error.object) + error.start
            before = clean_text(raw[:offset].decode(encoding, "ignore"), collections.Counter())
            line = before.count("\n") + 1
            where, reason = f" at byte {offset:,}, in line {line:,}", error.reason
        raise InputError(
            f"{path} is not valid {encoding}{where} ({reason})", f"a text in {encoding}", hint
        ) from None
    if "\0" in text:
        raise InputError(
            f"{path} holds NUL characters", f"a text in {encoding}, not a binary file", hint
        )
    if half := HALF_CHARACTER.search(text):
        raise InputError(
            f"{path} holds U+{ord(half.group()):04X}, which is half a character",
            "whole characters",
            "name the encoding of the text with --encoding",
        )
    return text
