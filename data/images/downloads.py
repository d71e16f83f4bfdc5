"""Fashion-MNIST, CIFAR-10 and tiny-shakespeare through Keras, cached where Keras caches."""

import errno
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from foundation.errors import InputError
from foundation.files import sha256_of_file

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

# The file of TensorFlow's text generation tutorial, under the name it has there.
TINY_SHAKESPEARE_FILE = "shakespeare.txt"
TINY_SHAKESPEARE_URL = "https://storage.googleapis.com/download.tensorflow.org/data/"
TINY_SHAKESPEARE_SHA256 = "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"

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


def tiny_shakespeare_file() -> Path:
    """Where tiny-shakespeare (Karpathy 2015) lies: 1,115,394 bytes; downloaded if absent.

    Raises: InputError if it can neither be downloaded nor read, or is not the published file.
    """
    cached = keras_cache() / TINY_SHAKESPEARE_FILE
    if cached.is_file() and sha256_of_file(cached) == TINY_SHAKESPEARE_SHA256:
        return cached  # Keras would pass over a cache that it cannot write to
    import keras

    def download():
        return keras.utils.get_file(
            TINY_SHAKESPEARE_FILE,
            origin=TINY_SHAKESPEARE_URL + TINY_SHAKESPEARE_FILE,
            file_hash=TINY_SHAKESPEARE_SHA256,
        )

    return Path(_attempt("tiny_shakespeare", download, "shakespeare"))


def keras_cache() -> Path:
    """Where Keras keeps downloaded data sets, unless the home folder is not writable."""
    return Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets"


def _load(name: str, load_data: Callable) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Call a loader of Keras for images; its two pairs as four arrays."""
    (train_images, train_labels), (test_images, test_labels) = _attempt(name, load_data, "mnist")
    return train_images, train_labels, test_images, test_labels


def _attempt(name: str, load: Callable, embedded: str) -> object:
    """Call `load` and turn what goes wrong into one line that says what to do.

    Args:
      name: the data set.
      load: downloads or reads it.
      embedded: a data set of the same kind that needs no download.
    """
    try:
        return load()
    except OSError as error:
        if error.errno in REFUSED_BY_SYSTEM:  # a full disk is not the input's fault
            raise
        raise _unavailable(name, error, embedded) from None
    except (EOFError, ValueError, zlib.error) as error:  # a cached file that was cut short
        raise _unavailable(name, error, embedded) from None
    except Exception as error:
        # Keras reports every network failure as a bare `Exception`; anything else is a bug.
        if type(error) is not Exception:
            raise
        raise _unavailable(name, error, embedded) from None


def _unavailable(name: str, error: Exception, embedded: str) -> InputError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return InputError(
        f"{name} could not be downloaded or read ({reason})",
        f"a network connection, or the files of an earlier download in {keras_cache()}",
        f"connect, or delete damaged files there, or use --data {embedded}, which needs no "
        "download",
    )
