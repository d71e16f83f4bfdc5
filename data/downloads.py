"""Fashion-MNIST and CIFAR-10 through keras.datasets, cached where Keras caches."""

import errno
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from data.errors import InputError

FASHION_MNIST_CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
CIFAR10_CLASS_NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)

# Keras checks the hash of CIFAR-10's archive, but none for Fashion-MNIST (here: of its .gz files).
FASHION_MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
FASHION_MNIST_SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
    ),
    "train-labels-idx1-ubyte.gz": (
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
    ),
}

REFUSED_BY_SYSTEM = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)


def load_fashion_mnist() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Fashion-MNIST (Xiao et al. 2017, MIT licence).

    Returns: training images uint8 (60000, 28, 28), training labels uint8 (60000,), test images
      uint8 (10000, 28, 28), test labels uint8 (10000,); pixels in [0, 255].
    Raises: InputError if it can neither be downloaded nor read, or is not the published data.
    """
    import keras

    def load_verified():
        for name, sha256 in FASHION_MNIST_SHA256.items():
            # Puts each file where load_data looks for it; a damaged one is downloaded again.
            keras.utils.get_file(
                name,
                origin=FASHION_MNIST_URL + name,
                cache_subdir=os.path.join("datasets", "fashion-mnist"),
                file_hash=sha256,
            )
        return keras.datasets.fashion_mnist.load_data()

    return _load("fashion_mnist", load_verified)


def load_cifar10() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """CIFAR-10 (Krizhevsky 2009). Keras checks the archive's SHA-256 before it unpacks it.

    Returns: training images uint8 (50000, 32, 32, 3), training labels uint8 (50000, 1), test images
      uint8 (10000, 32, 32, 3), test labels uint8 (10000, 1); pixels in [0, 255].
    Raises: InputError if it can neither be downloaded nor read.
    """
    import keras

    return _load("cifar10", keras.datasets.cifar10.load_data)


def keras_cache() -> Path:
    """Where Keras keeps downloaded data sets, unless the home folder is not writable."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def _load(name: str, load_data: Callable) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Call a Keras loader and turn what goes wrong into one line that says what to do."""
    try:
        (train_images, train_labels), (test_images, test_labels) = load_data()
    except OSError as error:
        if error.errno in REFUSED_BY_SYSTEM:  # a full disk is not the input's fault
            raise
        raise _unavailable(name, error) from None
    except (EOFError, ValueError, zlib.error) as error:  # a cached file that was cut short
        raise _unavailable(name, error) from None
    except Exception as error:
        # Keras reports every network failure as a bare `Exception`; anything else is a bug.
        if type(error) is not Exception:
            raise
        raise _unavailable(name, error) from None
    return train_images, train_labels, test_images, test_labels


def _unavailable(name: str, error: Exception) -> InputError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return InputError(
        f"{name} could not be downloaded or read ({reason})",
        f"a network connection, or the files of an earlier download in {keras_cache()}",
        "connect, or delete damaged files there, or use --data mnist, which needs no download",
    )
