"""Stratified draws, on labels written by hand and of a data set."""

import numpy as np
import pytest

from data.images.assembly import pixel_digest
from data.images.load import load_images
from data.splits import stratified_draw


@pytest.mark.parametrize("count", [0, 1, 7, 50, 99, 100])
def test_draw_is_sorted_unique_and_stratified_within_one(count):
    labels = np.array([0] * 60 + [1] * 30 + [2] * 10)
    drawn = stratified_draw(labels, count)
    assert len(set(drawn.tolist())) == count
    assert (np.diff(drawn) > 0).all()
    counts = np.bincount(labels[drawn], minlength=3)
    np.testing.assert_array_less(np.abs(counts - count * np.array([0.6, 0.3, 0.1])), 1)


def test_draw_is_the_same_on_every_run():
    labels = np.arange(1000) % 7
    assert stratified_draw(labels, 5).tolist() == stratified_draw(labels, 5).tolist()
    # written down once: a change here changes every published split
    assert stratified_draw(np.zeros(10, np.int64), 3).tolist() == [1, 6, 9]


def test_draw_refuses_more_than_there_are():
    with pytest.raises(ValueError, match="at most 3"):
        stratified_draw(np.zeros(3, np.int64), 4)


def test_max_images_is_a_stratified_draw_in_the_old_order():
    full = load_images("digits")
    small = load_images("digits", max_images=100)
    assert [len(split) for split in small.splits.values()] == [100, 100, 100]
    shares = np.bincount(full.train.labels) / len(full.train)
    counts = np.bincount(small.train.labels)
    np.testing.assert_array_less(np.abs(counts - 100 * shares), 1)
    positions = {pixel_digest(image): index for index, image in enumerate(full.train.images)}
    order = [positions[pixel_digest(image)] for image in small.train.images]
    assert order == sorted(order)
    assert small.sha256 != full.sha256
    assert small.sha256 == load_images("digits", max_images=100).sha256
    assert (small.cut, load_images("digits", max_images=1438).cut) == ("300 of 1,797 images", "")
