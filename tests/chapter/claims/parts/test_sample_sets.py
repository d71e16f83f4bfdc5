"""Real images in the place of samples look real; noise does not; false labels are seen."""

import numpy as np
import pytest

from chapter.claims.parts.sample_sets import RealImages
from data.images.dataset import ImageDataset, ImageSplit
from evaluation.images.features import FeatureNetwork
from evaluation.judges.images import Classifier
from tests.images import halves

PLAIN = ("frechet", "precision", "recall", "density", "coverage", "detection_auc")


DATASET = ImageDataset("halves", halves(300, 0), halves(400, 1), halves(400, 2), ("left", "right"))
JUDGE = Classifier(
    "by hand", {}, lambda images: np.eye(2)[(images[:, :, 4:].mean((1, 2, 3)) > 100).astype(int)]
)


@pytest.fixture(scope="module")
def side(tmp_path_factory):
    network = FeatureNetwork.for_dataset(DATASET, epochs=1, cache=tmp_path_factory.mktemp("cache"))
    return RealImages.of(DATASET, network, compared=200, told_apart=100, seed=0)


@pytest.fixture(scope="module")
def found(side):
    noise = np.random.default_rng(3).integers(0, 256, (300, 8, 8, 1), dtype=np.uint8)
    made = halves(300, 4)
    sets = {
        "real": side.stand_in,
        "good": made,
        "lying": ImageSplit(made.images, 1 - made.labels),
        "noise": ImageSplit(noise, made.labels),
        "absent": None,
    }
    return side.measures(sets, JUDGE)


def test_real_images_and_good_samples_cannot_be_told_from_real_images(found):
    for name in ("real", "good"):
        assert 0.35 < found[name]["detection_auc"] < 0.65, name
        assert found[name]["coverage"] > 0.85 and found[name]["precision"] > 0.85, name
        assert found[name]["label_confirmed"] == 1.0, name


def test_noise_is_told_apart_and_far(found):
    assert found["noise"]["detection_auc"] > 0.95
    assert found["noise"]["frechet"] > 5 * found["good"]["frechet"]
    assert found["noise"]["coverage"] < 0.5


def test_labels_that_lie_change_nothing_but_their_confirmation(found):
    assert found["lying"]["label_confirmed"] == 0.0
    assert all(found["lying"][name] == found["good"][name] for name in PLAIN)


def test_what_there_is_not_has_no_measure_and_what_is_too_few_no_value(side, found):
    assert found["absent"] == {}
    few = side.measures({"few": DATASET.train.take(np.arange(4))}, JUDGE)["few"]
    assert few["precision"] is few["coverage"] is few["detection_auc"] is None
    assert few["frechet"] is not None and few["label_confirmed"] == 1.0


def test_all_sets_are_compared_at_the_same_size(side):
    assert len(side.drawn(DATASET.train).images) == len(side.images.images) == 200
    assert len(side.stand_in) == 200
    assert len(side.drawn(halves(60, 5)).images) == 60


def test_the_real_sides_are_test_and_validation_images(side):
    known = {
        name: {image.tobytes() for image in split.images} for name, split in DATASET.splits.items()
    }
    assert {image.tobytes() for image in side.images.images} <= known["test"]
    assert {image.tobytes() for image in side.stand_in.images} <= known["validation"]


def test_a_union_is_drawn_from_all_of_its_parts(side):
    """Its parts stand one after the other: the first rows are of one generator only."""
    half = ImageSplit(np.zeros((300, 8, 8, 1), np.uint8), np.zeros(300, np.int64))
    other = ImageSplit(np.full((300, 8, 8, 1), 255, np.uint8), np.ones(300, np.int64))
    both = ImageSplit(
        np.concatenate([half.images, other.images]), np.concatenate([half.labels, other.labels])
    )
    drawn = side.drawn(both)
    assert drawn.labels.mean() == pytest.approx(0.5, abs=0.1)
    some = side._some(np.arange(200.0)[:, None])
    assert len(some) == 100 and some.max() > 150
