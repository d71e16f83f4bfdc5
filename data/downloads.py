"""Downloads through Keras, cached where Keras caches; what goes wrong is told in one line."""

import errno
import os
import zlib
from collections.abc import Callable
from pathlib import Path

from foundation.errors import InputError

REFUSED_BY_SYSTEM = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)


def keras_cache() -> Path:
    """Where Keras keeps downloaded data sets, unless the home folder is not writable."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def downloaded_arrays(name: str, load_data: Callable) -> tuple:
    """Call a loader of Keras for images.

    Returns: training images, training labels, test images, test labels.
    Raises: as `attempt`.
    """
    (train_images, train_labels), (test_images, test_labels) = attempt(name, load_data, "mnist")
    return train_images, train_labels, test_images, test_labels


def attempt(name: str, load: Callable, embedded: str) -> object:
    """Call `load`, which downloads or reads a data set, and return what it returns.

    Args:
      name: the data set.
      embedded: one of the same kind that needs no download.

    Raises: InputError that says what to do if it can neither be downloaded nor read; OSError if the
      system refuses to write it.
    """
    try:
        return load()
    except Exception as error:
        # Keras reports every network failure as a bare `Exception`; the others are a cached file
        # that was cut short. A full disk is not the input's fault, anything else is a bug.
        known = isinstance(error, (OSError, EOFError, ValueError, zlib.error))
        if not known and type(error) is not Exception:
            raise
        if isinstance(error, OSError) and error.errno in REFUSED_BY_SYSTEM:
            raise
        raise InputError(
            f"{name} could not be downloaded or read "
            f"({' '.join(str(error).split()) or type(error).__name__})",
            f"a network connection, or the files of an earlier download in {keras_cache()}",
            f"connect, or delete damaged files there, or use --data {embedded}, which needs no "
            "download",
        ) from None
