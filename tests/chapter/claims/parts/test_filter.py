"""The filter drops what was planted, keeps as many of each class as asked, or says it cannot."""

from types import SimpleNamespace

import numpy as np
import pytest

from chapter.claims.parts.filter import filtered_samples
from chapter.claims.parts.generators import FittedGenerator
from evaluation.judges.images import Classifier
from foundation.errors import InputError
from tests.images import halves

CLASSES = 2


def sides(images):
    """How sure one is of each class by the brighter half; float32 (count, 2)."""
    left = images[:, :, :4].mean(axis=(1, 2, 3), dtype=np.float64)
    share = left / (left + images[:, :, 4:].mean(axis=(1, 2, 3)))
    return np.stack([share, 1 - share], axis=1).astype(np.float32)


TRAIN, VALIDATION = halves(200, 0), halves(400, 1)
JUDGE = Classifier("by hand", {}, sides)


def generator(sample):
    return FittedGenerator("planted", SimpleNamespace(num_classes=CLASSES, sample=sample), 0.0)


def honest(seed, start, count, labels):
    """Sample i is the same however the calls are cut."""
    return halves(start + count, 2).images[start:]


def kept(sample, count=100):
    return filtered_samples(generator(sample), 0, count, TRAIN, VALIDATION, JUDGE)


def planted(change):
    """The honest sequence with the first twenty samples changed."""

    def sample(seed, start, count, labels):
        images = honest(seed, start, count, labels)
        if start == 0:
            images[:20] = change(images[:20])
        return images

    return sample


def test_as_many_of_each_class_are_kept_in_order_and_with_their_numbers():
    found = kept(honest)
    assert np.bincount(found.labels).tolist() == [50, 50]
    assert (np.diff(found.indices) > 0).all()
    everything = honest(0, 0, found.indices.max() + 1, None)
    assert (found.samples == everything[found.indices]).all()
    first = found.indices < 100
    assert (found.labels == found.indices % CLASSES)[first].all()
    # Most honest samples pass, or the filter would choose and not only sort out.
    assert found.indices.max() < 125


@pytest.mark.parametrize(
    "change",
    [
        lambda images: TRAIN.images[:20],  # copies
        lambda images: np.clip(TRAIN.images[:20].astype(int) + 1, 0, 255),  # near copies
        lambda images: np.where(images > 120, 255, 120),  # strays, whose class is plain
        lambda images: images[:, :, ::-1],  # the other class: like real images but for the label
    ],
    ids=["copies", "near copies", "strays", "wrong labels"],
)
def test_planted_samples_go(change):
    found = kept(planted(change))
    assert len(found) == 100
    assert found.indices.min() >= 20


def test_repetitions_go():
    def sample(seed, start, count, labels):
        images = honest(seed, start, count, labels)
        images[1::2] = images[1]
        return images

    with pytest.raises(InputError, match="samples kept of each class"):
        kept(sample)


def test_of_a_class_that_passes_less_often_more_are_drawn():
    """Of class 1 every tenth sample looks like one, so that ten rounds of it are needed."""

    def sample(seed, start, count, labels):
        images = honest(seed, start, count, labels)
        right = np.random.default_rng([5, start]).random(count) < np.where(labels == 1, 0.1, 1.0)
        turned = images[:, :, ::-1]
        own = np.arange(start, start + count) % CLASSES == labels
        return np.where((right == own)[:, None, None, None], images, turned)

    found = kept(sample)
    assert np.bincount(found.labels).tolist() == [50, 50]
    zeros = found.indices[found.labels == 0]
    assert zeros.max() < 125  # of class 0 no more than before
    assert found.indices[found.labels == 1].max() > 300


def test_a_generator_of_strays_is_refused():
    def noise(seed, start, count, labels):
        return np.random.default_rng(start).integers(0, 256, (count, 8, 8, 1), dtype=np.uint8)

    with pytest.raises(InputError, match=r"\[0, 0\] samples kept of each class, of 2,000 drawn"):
        kept(noise)
