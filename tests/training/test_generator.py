"""Labels of samples."""

from types import SimpleNamespace

import numpy as np
import pytest

from foundation.errors import InputError
from training.generator import (
    balanced_labels,
    check_label_flags,
    check_labels,
    labelled_samples,
    labels_by_share,
    usual_labels,
)

LEVELS = SimpleNamespace(kind="images", num_classes=3, sample=lambda *given: given[3])
UNLABELLED = SimpleNamespace(kind="images", num_classes=0)


def test_labels_are_those_that_are_asked_for():
    images, labels = labelled_samples(LEVELS, 0, None, False, 2, 3)
    assert labels.tolist() == images.tolist() == [2, 0, 1]
    assert labelled_samples(LEVELS, 0, 1, False, 2, 3)[1].tolist() == [1, 1, 1]
    assert balanced_labels(UNLABELLED, 0, 3) is usual_labels(UNLABELLED, 0, 0, 3) is None


def test_rows_have_the_labels_of_the_training_rows_unless_balance_is_asked_for():
    rows = SimpleNamespace(kind="table", num_classes=2, class_shares=np.array([0.1, 0.9]))
    rows.sample = lambda seed, start, count, labels: labels
    usual, labels = labelled_samples(rows, 3, None, False, 0, 100)
    assert np.array_equal(usual, labels) and 8 <= (labels == 0).sum() <= 12
    assert np.array_equal(labels, labels_by_share(rows.class_shares, 3, 0, 100))
    assert labelled_samples(rows, 3, None, True, 0, 4)[1].tolist() == [0, 1, 0, 1]


def test_labels_by_share_depend_on_seed_and_index_only():
    shares = np.array([0.2, 0.0, 0.8])
    labels = labels_by_share(shares, 3, 0, 4000)
    for part in (labels, labels[:100], labels[777:877]):
        counts = np.bincount(part, minlength=3)
        assert np.abs(counts - shares * len(part)).max() <= 3 and counts[1] == 0
    assert np.array_equal(labels[490:530], labels_by_share(shares, 3, 490, 40))
    assert not np.array_equal(labels, labels_by_share(shares, 4, 0, 4000))
    assert labels_by_share(None, 0, 0, 5) is None


@pytest.mark.parametrize(
    ("classes", "labels", "message"),
    [
        (3, None, "labels missing for a generator of 3 classes"),
        (0, [0, 0], "labels given for a generator of 0 classes"),
        (3, [0], r"integers of shape \(2,\)"),
        (3, [0.0, 1.0], "labels float64"),
        (3, [0, 3], "labels from 0 to 3; from 0 to 2"),
        (3, [-1, 0], "labels from -1 to 0; from 0 to 2"),
    ],
)
def test_wrong_labels_are_named(classes, labels, message):
    with pytest.raises(ValueError, match=message):
        check_labels(classes, 2, None if labels is None else np.array(labels))
    assert check_labels(3, 2, np.array([0, 2], np.uint8)).dtype == np.int64
    assert check_labels(0, 2, None) is None


@pytest.mark.parametrize(
    ("generator", "label", "balanced", "message"),
    [
        (UNLABELLED, "1", False, "--label 1 with RUN, which was trained without labels"),
        (UNLABELLED, None, True, "--balanced with RUN, which was trained without labels"),
        (LEVELS, "3", False, "--label 3; a class of RUN: low, 2, 1; choose one by its name"),
    ],
)
def test_flags_that_a_run_cannot_follow_are_refused(generator, label, balanced, message):
    with pytest.raises(InputError, match=message):
        check_label_flags(generator, "RUN", label, balanced, ("low", "2", "1"))
    assert check_label_flags(LEVELS, "RUN", "2", False, ("low", "2", "1")) == 1  # not the third
    assert check_label_flags(LEVELS, "RUN", "2", False) == 2  # a run that keeps no names
    assert check_label_flags(UNLABELLED, "RUN", None, False) is None
