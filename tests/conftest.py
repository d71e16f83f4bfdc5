"""What tests share: a small made data set, and what stands below their results."""

import collections
import os
import signal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Two processes test: threads of linear algebra would only wait for each other, at full speed.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pytest

from tests.images import halves

# Started in the background of a script, a program ignores Ctrl-C, and so does every program that a
# test starts to interrupt it.
signal.signal(signal.SIGINT, signal.default_int_handler)

SLOWEST_FILES = 10
seconds_of_file = collections.Counter()


def pytest_runtest_logreport(report):
    """Add up a file's setups, calls and teardowns; with xdist all reports arrive in one process."""
    seconds_of_file[report.location[0]] += report.duration


def pytest_terminal_summary(terminalreporter):
    """Where the time of the whole run went."""
    terminalreporter.section("slowest files")
    for file, seconds in seconds_of_file.most_common(SLOWEST_FILES):
        terminalreporter.write_line(f"{seconds:8.1f} s  {file}")


def make_small_npz(path):
    """An .npz of 400 images of two classes."""
    split = halves(400, 0)
    np.savez(path, images=split.images[..., 0], labels=split.labels)
    return path


@pytest.fixture(autouse=True, scope="module")
def every_file_starts_alike():
    """No file of tests inherits another's random state, which lasts as long as the process.

    Not every test: each call makes TensorFlow forget the kernels that it has prepared.
    """
    import keras  # here, so that the process that only hands out the tests stays small

    keras.utils.set_random_seed(1)


@pytest.fixture(autouse=True)
def no_test_inherits_deterministic_operations(every_file_starts_alike):
    """Of another test's training: they last, too, and change what Keras compiles.

    TensorFlow can switch them off, but only under a name that is not public.
    """
    from tensorflow.python.framework import config

    config.disable_op_determinism()


@pytest.fixture
def small_npz(tmp_path):
    """A small data set of the test's own."""
    return make_small_npz(tmp_path / "small.npz")


@pytest.fixture(scope="module")
def shared_npz(tmp_path_factory):
    """The same data set, for what a module trains once and only reads."""
    return make_small_npz(tmp_path_factory.mktemp("data") / "small.npz")
