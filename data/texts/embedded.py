"""The embedded texts, which lie in the repository and are checked at every load."""

import hashlib
import lzma
from pathlib import Path

from foundation.errors import InputError

DIRECTORY = Path(__file__).parents[1] / "embedded"


def embedded_text(name: str, sha256: str, directory: Path = DIRECTORY) -> str:
    """The text of that name.

    Args:
      name: of the file and its folder.
      sha256: hex SHA-256 of the text in UTF-8; compression is no part of it.
      directory: where the folder lies.

    Raises: InputError if the file is missing, damaged or not the original.
    """
    path = directory / name / f"{name}.txt.xz"
    try:
        raw = lzma.decompress(path.read_bytes())
    except (FileNotFoundError, lzma.LZMAError) as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else "is damaged"
        raise InputError(
            f"{path} {reason}", "the file of the repository", "restore it from the repository"
        ) from None
    actual = hashlib.sha256(raw).hexdigest()
    if actual != sha256:
        raise InputError(
            f"{path} holds a text with SHA-256 {actual}",
            f"SHA-256 {sha256}",
            "restore it from the repository",
        )
    return raw.decode("utf-8")
