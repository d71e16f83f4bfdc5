"""The embedded texts, which lie in the repository and are checked at every load."""

import hashlib
import lzma
from pathlib import Path

from foundation.errors import InputError

DIRECTORY = Path(__file__).parents[1] / "embedded"

# SHA-256 of the text in UTF-8. Compression is no part of the hash.
SHA256 = {
    "shakespeare": "6a0a7ef9a1d4f41eb6cb9da3b74a8843823038971157d90286c3ecc4c095dc98",
    "tang_poems": "c7a1e2619dca69be7c30ed21f7fca4c1658fb98c35f48ca4e0063df45ca8020a",
}


def load_embedded_text(name: str, directory: Path = DIRECTORY) -> str:
    """The text of that name, one of SHA256.

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
    sha256 = hashlib.sha256(raw).hexdigest()
    if sha256 != SHA256[name]:
        raise InputError(
            f"{path} holds a text with SHA-256 {sha256}",
            f"SHA-256 {SHA256[name]}",
            "restore it from the repository",
        )
    return raw.decode("utf-8")
