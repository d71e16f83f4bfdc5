"""What goes wrong with a download is one line, unless it is the system's fault or a bug."""

import pytest

from data.downloads import attempt
from foundation.errors import InputError


def fail(error):
    def load_data():
        raise error

    return load_data


@pytest.mark.parametrize(
    "error",
    [
        Exception("URL fetch failure on https://example.org: None -- no route to host"),
        ConnectionResetError("connection reset"),
        TimeoutError("timed out"),
        EOFError("Compressed file ended before the end-of-stream marker was reached"),
        ValueError("Incomplete or corrupted file detected."),
    ],
)
def test_a_failed_download_says_what_to_do(error):
    with pytest.raises(InputError, match=r"could not be downloaded.*datasets.*--data mnist"):
        attempt("cifar10", fail(error), "mnist")


def test_a_full_disk_and_a_bug_are_not_called_a_failed_download():
    with pytest.raises(OSError, match="full") as caught:
        attempt("cifar10", fail(OSError(28, "disk full")), "mnist")
    assert not isinstance(caught.value, InputError)
    with pytest.raises(ZeroDivisionError):
        attempt("cifar10", fail(ZeroDivisionError()), "mnist")
