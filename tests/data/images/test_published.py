"""A published data set keeps its test images, whatever its training images are."""

import numpy as np

from data.images.assembly import published


def test_the_end_validates_and_overlap_leaves_training():
    random = np.random.Generator(np.random.PCG64(1))
    train = random.integers(0, 256, (5_000, 8, 8, 3), np.uint8)
    test = random.integers(0, 256, (100, 8, 8, 3), np.uint8)
    test[7] = train[5]
    labels = np.zeros((5000, 1), np.uint8)
    arrays = (train, labels, test, labels[:100])
    dataset = published("a set", arrays, 500, ("a",), None, False)
    assert [len(split) for split in dataset.splits.values()] == [4499, 500, 100]
    np.testing.assert_array_equal(dataset.validation.images, train[4500:])
    np.testing.assert_array_equal(dataset.test.images, test)
    assert dataset.train.labels.shape == (4499,)
    (change,) = dataset.changes
    assert (change.path, change.reason) == ("train[5]", "duplicate: same pixels as test[7]")
