"""The embedded MNIST files: whole, the original ones, and cut into the documented splits."""

import gzip
import types

import numpy as np
import pytest

from data.images.assembly import pixel_digest
from data.images.load import load_images
from data.images.sources import mnist
from foundation.errors import InputError

LABELS = "t10k-labels-idx1-ubyte.gz"
RAW = gzip.decompress((mnist.DIRECTORY / LABELS).read_bytes())


def flipped(raw: bytes) -> bytes:
    return raw[:100] + bytes([raw[100] ^ 1]) + raw[101:]


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (gzip.compress(RAW[:-1], mtime=0), "has SHA-256 .*; SHA-256 ff7bcfd4"),
        (gzip.compress(RAW + b"x", mtime=0), "has SHA-256"),
        (gzip.compress(flipped(RAW), mtime=0), "has SHA-256"),
        (gzip.compress(b"", mtime=0), "has SHA-256"),
        (gzip.compress(RAW, mtime=0)[:-12], "truncated or damaged"),
        (RAW, "truncated or damaged"),
        (None, "is missing"),
    ],
)
def test_refuses_what_is_not_the_file(tmp_path, stored, message):
    if stored is not None:
        (tmp_path / LABELS).write_bytes(stored)
    with pytest.raises(InputError, match=message):
        mnist.read_file(tmp_path / LABELS)


def test_another_compression_is_the_same_file(tmp_path):
    (tmp_path / LABELS).write_bytes(gzip.compress(RAW, 1, mtime=0))
    labels = mnist.read_file(tmp_path / LABELS)
    assert labels.dtype == np.uint8 and labels.shape == (10_000,)
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]
    labels[:] = 0  # writable


def test_does_not_unpack_a_gzip_bomb(tmp_path, monkeypatch):
    (tmp_path / LABELS).write_bytes(gzip.compress(RAW + bytes(5_000_000), mtime=0))
    lengths, other = [], types.SimpleNamespace(hexdigest=lambda: "other")
    monkeypatch.setattr(mnist.hashlib, "sha256", lambda raw: lengths.append(len(raw)) or other)
    with pytest.raises(InputError, match="SHA-256 other"):
        mnist.read_file(tmp_path / LABELS)
    assert lengths == [len(RAW) + 1]


def test_splits_are_the_documented_ones_and_share_no_image():
    dataset = load_images("mnist")
    train_images, train_labels, test_images, test_labels = (
        mnist.read_file(mnist.DIRECTORY / name) for name in mnist.FILES
    )
    np.testing.assert_array_equal(dataset.train.images[..., 0], train_images[:50_000])
    np.testing.assert_array_equal(dataset.validation.images[..., 0], train_images[50_000:])
    np.testing.assert_array_equal(dataset.test.images[..., 0], test_images)
    np.testing.assert_array_equal(dataset.validation.labels, train_labels[50_000:])
    np.testing.assert_array_equal(dataset.test.labels, test_labels)
    assert dataset.image_shape == (28, 28, 1) and dataset.num_classes == 10
    digests = {pixel_digest(each) for split in dataset.splits.values() for each in split.images}
    assert len(digests) == 70_000 and dataset.changes == ()  # no image is there twice
    assert dataset.train.labels.dtype == np.int64


def test_the_licence_names_the_hashes_and_who_checks_them():
    text = (mnist.DIRECTORY / "LICENSE.md").read_text(encoding="utf-8")
    assert "`data/images/sources/mnist.py` checks them" in text
    for name, (_, sha256) in mnist.FILES.items():
        assert f"| `{name.removesuffix('.gz')}` | `{sha256}` |" in text
