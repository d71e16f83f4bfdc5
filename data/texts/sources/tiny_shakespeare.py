"""`tiny_shakespeare` (Karpathy 2015): the file of TensorFlow's text generation tutorial."""

import collections
from pathlib import Path

from data.downloads import attempt, keras_cache
from data.source import TEXT, Source
from foundation.files import sha256_of_file

FILE = "shakespeare.txt"  # its name in the tutorial, and so in the cache
URL = "https://storage.googleapis.com/download.tensorflow.org/data/"
SHA256 = "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"


def load(place: str, encoding: str, changes: collections.Counter, quiet: bool) -> str:
    """The clean text."""
    from data.texts.files import read_file

    return read_file(downloaded_file(), encoding, changes)


def downloaded_file() -> Path:
    """Where the text lies: 1,115,394 bytes; downloaded if absent.

    Raises: InputError if it can neither be downloaded nor read, or is not the published file.
    """
    cached = keras_cache() / FILE
    if cached.is_file() and sha256_of_file(cached) == SHA256:
        return cached  # Keras would pass over a cache that it cannot write to
    import keras

    def download():
        return keras.utils.get_file(FILE, origin=URL + FILE, file_hash=SHA256)

    return Path(attempt(SOURCE.name, download, "shakespeare"))


SOURCE = Source(
    "tiny_shakespeare", (TEXT,), "1.1 million characters of Shakespeare (downloaded by Keras)", load
)
