"""Duplicates, the drawing of splits and published ones, on arrays written by hand."""

import numpy as np
import pytest

from data.images.assembly import assemble, find_duplicates, pixel_digest, published
from data.images.resizing import Form
from foundation.errors import InputError


def different_images(count):
    """Images of 4 x 4 pixels that all differ: the index in base 256."""
    images = np.zeros((count, 4, 4, 1), np.uint8)
    images[:, 0, 0, 0] = np.arange(count) % 256
    images[:, 0, 1, 0] = np.arange(count) // 256
    return images


def assemble_plain(images, labels, splits=None, class_count=2):
    paths = [f"images[{index}]" for index in range(len(images))]
    names = () if labels is None else tuple("abcdefgh"[:class_count])
    return assemble("test", images, labels, paths, splits or [""] * len(images), names, [])


def test_duplicates_prefer_test_then_validation_then_the_first():
    digests = [b"x", b"x", b"y", b"x", b"y", b"z"]
    ranks = [2, 2, 2, 0, 1, 2]
    dropped = find_duplicates(list("abcdef"), digests, [0] * 6, ranks)
    assert sorted(dropped) == [0, 1, 2]
    assert dropped[0].reason == "duplicate: same pixels as d"
    assert dropped[2].reason == "duplicate: same pixels as e"


def test_equal_images_with_different_labels_all_go():
    dropped = find_duplicates(["a", "b", "c", "d"], [b"x"] * 3 + [b"y"], [0, 1, 0, 1], [2, 0, 2, 2])
    assert sorted(dropped) == [0, 1, 2]
    assert dropped[0].reason == "same pixels under two labels: b"


def test_the_digest_knows_the_shape():
    flat = np.zeros((4, 1, 1), np.uint8)
    assert pixel_digest(flat) != pixel_digest(flat.reshape(2, 2, 1))


def test_published_splits_keep_their_test_images_and_overlap_leaves_training():
    images = different_images(9)
    train, labels = images[[0, 1, 1, 2, 4, 6, 2, 3, 2]], np.arange(9)[:, np.newaxis]
    arrays = (train, labels, images[[3, 4, 5, 5]], labels[:4])
    dataset = published("a set", arrays, 3, ("a",), Form())  # the last three validate
    assert dataset.train.labels.tolist() == [0, 1, 2, 5]
    assert dataset.validation.labels.tolist() == [6, 8]
    assert dataset.test.labels.tolist() == [0, 1, 2, 3] and dataset.name == "a set"
    np.testing.assert_array_equal(dataset.test.images, images[[3, 4, 5, 5]])
    assert [(change.path, change.reason) for change in dataset.changes] == [
        ("validation[1]", "duplicate: same pixels as test[0]"),
        ("train[3]", "duplicate: same pixels as validation[0]"),
        ("train[4]", "duplicate: same pixels as test[1]"),
    ]
    grey = tuple(part[..., 0] if part.ndim == 4 else part for part in arrays)
    smaller = published("a set", grey, 3, ("a",), Form(2))
    assert smaller.image_shape == (2, 2, 1)
    assert smaller.changes[0].path == "train[0]" and smaller.changes[0].action == "changed"


def test_assembly_draws_80_10_10_in_every_class():
    labels = np.array([0] * 300 + [1] * 100)
    dataset = assemble_plain(different_images(400), labels)
    counts = {name: np.bincount(part.labels).tolist() for name, part in dataset.splits.items()}
    assert counts == {"train": [240, 80], "validation": [30, 10], "test": [30, 10]}
    again = assemble_plain(different_images(400), labels)
    assert dataset.sha256 == again.sha256
    seen = np.concatenate([part.images[:, 0, :2, 0] for part in dataset.splits.values()])
    assert len(np.unique(seen, axis=0)) == 400


def test_assembly_keeps_given_splits_and_draws_the_missing_one():
    splits = ["train"] * 40 + ["test"] * 10
    dataset = assemble_plain(different_images(50), None, splits)
    assert [len(part) for part in dataset.splits.values()] == [36, 4, 10]
    assert dataset.num_classes == 0 and dataset.train.labels is None
    np.testing.assert_array_equal(dataset.test.images, different_images(50)[40:])


def test_assembly_refuses_too_few_images():
    with pytest.raises(InputError, match="at least 2 each for train, validation and test"):
        assemble_plain(different_images(5), None)
    with pytest.raises(InputError, match="class 'b' has 2 different images"):
        assemble_plain(different_images(20), np.array([0] * 18 + [1] * 2))
    # a class that only testing has
    splits = ["train"] * 8 + ["validation"] * 4 + ["test"] * 4
    labels = np.array([0] * 14 + [1] * 2)
    with pytest.raises(InputError, match="class 'b' has 0 different images"):
        assemble_plain(different_images(16), labels, splits)


def test_a_small_class_keeps_a_training_image():
    labels = np.array([0] * 97 + [1] * 3)
    dataset = assemble_plain(different_images(100), labels)
    assert (dataset.train.labels == 1).any()
