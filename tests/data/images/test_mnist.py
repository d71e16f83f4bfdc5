"""The strict IDX reader and the embedded MNIST files."""

import gzip
import hashlib
import struct

import numpy as np
import pytest

from data.images import mnist
from data.images.duplicates import pixel_digest
from data.images.load import load_images
from data.images.mnist import read_idx
from foundation.errors import InputError

ARRAY = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
RAW = bytes([0, 0, 8, 3]) + struct.pack(">3I", 2, 3, 4) + ARRAY.tobytes()


def write(path, raw):
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


@pytest.mark.parametrize("name", ["array", "array.gz"])
def test_reads_an_array_written_by_hand(tmp_path, name):
    path = write(tmp_path / name, RAW)
    array = read_idx(path, (2, 3, 4), hashlib.sha256(RAW).hexdigest())
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array, ARRAY)
    array[:] = 0  # writable


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (RAW[:-1], "truncated at 39 bytes; exactly 40 bytes"),
        (RAW[:9], "truncated at 9 bytes"),
        (RAW + b"x", "too long"),
        (b"", r"begins with the bytes \(none\)"),
        (b"\x00\x00\x08\x01" + RAW[4:], "begins with 00 00 08 03"),
        (b"\x89PNG" + RAW[4:], "begins with the bytes 89 50 4e 47"),
        (RAW[:4] + struct.pack(">3I", 3, 2, 4) + RAW[16:], r"shape \(3, 2, 4\); shape \(2, 3, 4\)"),
        (RAW[:-1] + b"\xff", "SHA-256"),
    ],
)
def test_refuses_what_is_not_the_file(tmp_path, raw, message):
    path = write(tmp_path / "array", raw)
    with pytest.raises(InputError, match=message):
        read_idx(path, (2, 3, 4), hashlib.sha256(RAW).hexdigest())


def test_refuses_a_missing_a_cut_and_a_false_gzip_file(tmp_path):
    with pytest.raises(InputError, match="missing"):
        read_idx(tmp_path / "absent.gz", (2, 3, 4))
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(RAW)[:-12])
    with pytest.raises(InputError, match="truncated or damaged"):
        read_idx(cut, (2, 3, 4))
    false = tmp_path / "false.gz"
    false.write_bytes(RAW)
    with pytest.raises(InputError, match="truncated or damaged"):
        read_idx(false, (2, 3, 4))


def test_does_not_unpack_a_gzip_bomb(tmp_path):
    bomb = write(tmp_path / "bomb.gz", RAW + bytes(50_000_000))
    with pytest.raises(InputError, match="too long"):
        read_idx(bomb, (2, 3, 4))


def test_mnist_files_have_the_published_hashes():
    for name, (_, expected) in mnist.FILES.items():
        with gzip.open(mnist.DIRECTORY / name) as file:
            assert hashlib.sha256(file.read()).hexdigest() == expected


def test_a_flipped_pixel_in_mnist_is_refused(tmp_path):
    for name in mnist.FILES:
        (tmp_path / name).write_bytes((mnist.DIRECTORY / name).read_bytes())
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    raw = bytearray(gzip.decompress(path.read_bytes()))
    raw[100] ^= 1
    path.write_bytes(gzip.compress(bytes(raw)))
    with pytest.raises(InputError, match="SHA-256"):
        mnist.load_mnist(tmp_path)


def test_mnist_splits_are_the_documented_ones_and_share_no_image():
    dataset = load_images("mnist")
    train_images, train_labels, test_images, test_labels = mnist.load_mnist()
    np.testing.assert_array_equal(dataset.train.images[..., 0], train_images[:50_000])
    np.testing.assert_array_equal(dataset.validation.images[..., 0], train_images[50_000:])
    np.testing.assert_array_equal(dataset.test.images[..., 0], test_images)
    np.testing.assert_array_equal(dataset.validation.labels, train_labels[50_000:])
    np.testing.assert_array_equal(dataset.test.labels, test_labels)
    assert dataset.image_shape == (28, 28, 1)
    assert dataset.num_classes == 10
    assert dataset.changes == ()
    assert dataset.train.labels.dtype == np.int64
    hashes = [{pixel_digest(image) for image in split.images} for split in dataset.splits.values()]
    assert not hashes[0] & hashes[1]
    assert not hashes[0] & hashes[2]
    assert not hashes[1] & hashes[2]
    assert [len(part) for part in hashes] == [50_000, 10_000, 10_000]


def test_the_licence_names_the_hashes_and_who_checks_them():
    text = (mnist.DIRECTORY / "LICENSE.md").read_text(encoding="utf-8")
    assert "`data/images/mnist.py` checks them" in text
    for name, (_, sha256) in mnist.FILES.items():
        assert f"| `{name.removesuffix('.gz')}` | `{sha256}` |" in text
