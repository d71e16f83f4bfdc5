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


def attempt(name: str, load: Callable, embedded: str) -> object:
    """What `load` returns, which downloads or reads the data set of that name.

    Args:
      embedded: a data set of the same kind that needs no download.

    Raises: InputError that says what to do if it can neither be downloaded nor read; OSError if the
      system refuses to write it.
    """
    try:
        return load()
    except Exception as error:
        # Keras reports every network failure as a bare `Exception`; the others are a cached file
        # that was cut short. A full disk is not the input's fault, anything else is a bug.
        known = isinstance(error, (OSError, EOFError, ValueError, zlib.error))
        is_bug = not known and type(error) is not Exception
        if is_bug or getattr(error, "errno", None) in REFUSED_BY_SYSTEM:
            raise
        raise InputError(
            f"{name} could not be downloaded or read "
            f"({' '.join(str(error).split()) or type(error).__name__})",
            f"a network connection, or the files of an earlier download in {keras_cache()}",
            f"connect, or delete damaged files there, or use --data {embedded}, which needs no "
            "download",
        ) from None
