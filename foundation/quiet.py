"""Import TensorFlow without its notes about missing GPUs; whatever else it says still comes.

TensorFlow 2.21 prints these notes before its log level counts, straight to file descriptor 2, so
they can only be sorted out there. This module imports nothing heavy.
"""

import contextlib
import importlib
import logging
import operator
import os
import re
import sys
import tempfile
from collections.abc import Iterator

# Information (I) and warnings (W) of the C++ log, and two kinds of "errors": that there is no GPU,
# and that oneDNN leaves integers to another library.
CHATTER = re.compile(
    r"^(WARNING: All log messages before absl::InitializeLog"
    r"|[IW]\d{4} "
    r"|E\d{4} .*(cuInit|Unable to register cu(FFT|DNN|BLAS) factory|oneDNN supports DT_INT32 only)"
    r"|\d{4}-\d\d-\d\d .*: [IW] "
    r"|To enable the following instructions: )"
)


@contextlib.contextmanager
def without_startup_chatter() -> Iterator[None]:
    """Hold back what is written to stderr in the block; afterwards pass on all but the chatter."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # the same for what comes later
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            held_back.seek(0)
            lines = held_back.read().decode("utf-8", "replace").splitlines(keepends=True)
            sys.stderr.write("".join(line for line in lines if not CHATTER.match(line)))
            sys.stderr.flush()


@contextlib.contextmanager
def retracing_allowed() -> Iterator[None]:
    """No advice from TensorFlow against building graphs again: the networks are new each time."""
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)


def import_tensorflow() -> None:
    """Import TensorFlow, if it is not there yet, without its notes about missing GPUs."""
    load_quietly("tensorflow:version")


def load_quietly(path: str) -> object:
    """The object at `package.module:name` or `package.module:class.method`, imported quietly."""
    module, name = path.split(":")
    find = operator.attrgetter(name)
    if "tensorflow" in sys.modules:
        return find(importlib.import_module(module))
    with without_startup_chatter():
        found = find(importlib.import_module(module))
        if "tensorflow" in sys.modules:
            tensorflow = sys.modules["tensorflow"]
            tensorflow.config.list_physical_devices()  # here comes the last note on GPUs,
            tensorflow.transpose(tensorflow.zeros([2, 2, 2], "int32"))  # and oneDNN's on int32
    return found
