"""What trials share about arms: which classifiers judge them, and what they cost."""

import numpy as np
import pytest

from chapter.claims.parts.arms import classifiers_of, decades, log10_seconds, measure_of
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

    classifier = Classifier("CNN", {}, None, len, augment_seconds=0.0)
    assert cost() is None
    assert cost(seconds=100.0) == pytest.approx(2)
    classifier = Classifier("CNN", {}, None, len, augment_seconds=6.0)
    assert cost(augment=len) == pytest.approx(np.log10(6))
    assert cost(augment=len, seconds=4.0) == pytest.approx(1)


def test_no_time_has_a_logarithm():
    assert decades(0.0) == -4
