"""What trials share about arms: which classifiers judge them, their measures, what they cost."""

import numpy as np
import pytest

from chapter.claims.parts.arms import (
    beside_samples,
    classifiers_of,
    corrupted,
    decades,
    error_ratio,
    log10_seconds,
    measure_of,
    recalls,
)
from data.images.dataset import ImageSplit
from evaluation.judges.arms import Arm
from evaluation.judges.images import CLASSIFIERS, Classifier

ARM = Arm(np.zeros((4, 2, 2, 1), np.uint8), np.arange(4) % 2)


def test_measures_are_called_after_classifiers():
    assert measure_of("logistic regression") == "logistic_regression"
    assert classifiers_of(("cnn", "logistic_regression")) == ["logistic regression", "CNN"]
    assert classifiers_of([measure_of(name) for name in CLASSIFIERS]) == list(CLASSIFIERS)


def test_the_seconds_are_those_of_the_images_and_of_the_augmentation():
    def cost(**given):
        return log10_seconds(ARM._replace(**given), classifier)

    classifier = Classifier("CNN", {}, len, augment_seconds=0.0)
    assert cost() is None
    assert cost(seconds=100.0) == pytest.approx(2)
    classifier = Classifier("CNN", {}, len, augment_seconds=6.0)
    assert cost(augment=len) == pytest.approx(np.log10(6))
    assert cost(augment=len, seconds=4.0) == pytest.approx(1)


def test_no_time_has_a_logarithm():
    assert decades(0.0) == -4


@pytest.mark.parametrize(
    ("real", "made", "share", "times", "batch_size"),
    [(4, 8, 0.5, 2, 16), (4, 8, 0.25, 6, 11), (8, 4, 0.5, 1, 12), (40, 60, 0.5, 2, 18)],
)
def test_real_images_are_repeated_and_the_step_holds_as_many(real, made, share, times, batch_size):
    images = np.random.default_rng(0).integers(0, 256, (real + made, 3, 3, 1), dtype=np.uint8)
    labels = np.arange(real + made) % 3
    sides = (ImageSplit(images[:real], labels[:real]), ImageSplit(images[real:], labels[real:]))
    arm = beside_samples(*sides, share, 10, seconds=2.0)
    assert arm.batch_size == batch_size and arm.seconds == 2.0
    np.testing.assert_array_equal(
        arm.images[: real * times], np.tile(images[:real], (times, 1, 1, 1))
    )
    np.testing.assert_array_equal(arm.images[real * times :], images[real:])
    np.testing.assert_array_equal(arm.labels[real * times :], labels[real:])


def test_recalls_and_what_the_worst_class_is_to_the_mean():
    hits, labels = np.array([1.0, 0, 1, 1, 0, 0]), np.array([0, 0, 1, 1, 2, 2])
    assert recalls(hits, labels).tolist() == [0.5, 1.0, 0.0]
    assert error_ratio(recalls(hits, labels)) == pytest.approx(1.0 / 0.5)
    assert error_ratio(np.array([0.9, 0.9])) == pytest.approx(1.0)
    assert error_ratio(np.ones(3)) is None


def test_worsened_images_are_counted_by_image_and_by_kind():
    """A classifier that takes the images of a dark middle for the second class."""

    def probabilities(images):
        return np.eye(2)[(images[:, 6, 6, 0] < 128).astype(int)]

    classifier = {"CNN": Classifier("CNN", {}, probabilities)}
    test = ImageSplit(np.full((5, 12, 12, 1), 255, np.uint8), np.array([0, 0, 0, 0, 1]))
    measures, rows = corrupted({"a": classifier, "b": None}, test, 0)
    assert list(measures) == list(rows) == ["a"]
    assert measures["a"]["corrupted_blur"] == 0.8  # a white image stays white
    assert rows["a"]["corrupted"].shape == (5,)
    assert rows["a"]["corrupted"].mean() == pytest.approx(measures["a"]["corrupted"])
    kinds = [value for name, value in measures["a"].items() if name != "corrupted"]
    assert np.mean(kinds) == pytest.approx(measures["a"]["corrupted"])
