"""The images that trials share: drawn with equal shares, all of the held-out ones guarded."""

import numpy as np

from chapter.claims.parts.images import at_most, trial_images
from data.images.dataset import ImageSplit
from data.images.load import load_images


def test_a_part_keeps_the_shares_of_the_classes():
    labels = np.repeat([0, 1, 2], [50, 30, 20])
    split = ImageSplit(np.arange(100, dtype=np.uint8).reshape(100, 1, 1, 1), labels)
    part = at_most(split, 10)
    assert np.bincount(part.labels).tolist() == [5, 3, 2]
    np.testing.assert_array_equal(part.labels, labels[part.images.ravel()])
    assert at_most(split, None) is split and at_most(split, 100) is split


def test_all_held_out_images_are_guarded_however_few_are_used():
    images, mnist = trial_images(100, 200), load_images("mnist", quiet=True)
    assert len(images.dataset.validation) == 100 and len(images.dataset.test) == 200
    assert len(images.dataset.train) == len(mnist.train) == 50_000
    for split in (mnist.validation, mnist.test):
        assert images.held_out.holds(split.images).all()
    assert not images.held_out.holds(mnist.train.images[:1000]).any()
    assert trial_images(100, 200) is images  # loaded once
