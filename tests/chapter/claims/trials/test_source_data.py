"""The arms are made as they say, the trial has what the claims need, and worse images cost."""

import math

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from chapter.claims.designs.source_data import TRIALS
from chapter.claims.parts.images import trial_images
from chapter.claims.trials import source_data as trial
from evaluation.judges.images import CLASSIFIERS, Kind
from tests.chapter.claims.claimed import check_claimed

NAME = "source_data"
SMOKE = TRIALS[NAME].sizes["smoke"]
ARMS = ("clean", "tenth", "noisy labels", "noisy pixels", "unbalanced")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A directory of its own, where the feature network is cached, and a classifier at once: the
    nearest image, which wrong labels harm as much as any other.
    """
    nearest = Kind(
        lambda rows, labels, weight, seed: KNeighborsClassifier(1).fit(rows, labels), ({},)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("trial"))
        patch.setitem(CLASSIFIERS, "MLP", nearest)
        yield


@pytest.fixture(scope="module")
def measures(place):
    return TRIALS[NAME].measure(0, "smoke")


@pytest.fixture(scope="module")
def train():
    return trial_images(SMOKE["validated"], SMOKE["tested"]).dataset.train


@pytest.fixture(scope="module")
def sources(train):
    return trial.source_images(train, 1_000, 10, 0)


def test_every_arm_has_what_the_claims_need(measures):
    check_claimed(NAME, measures)
    assert tuple(measures.measures) == ARMS
    for values in measures.measures.values():
        assert set(values) == {"trained_on_it", "trained_on_samples", "samples_frechet"}
        assert all(math.isfinite(value) for value in values.values())


def test_another_seed_differs(measures, place):
    other = trial.source_data_trial(1, SMOKE).measures
    assert all(other[arm] != measures.measures[arm] for arm in ARMS)


def test_few_or_wrong_labels_cost_the_classifier_and_the_samples(measures):
    for worse in ("tenth", "noisy labels"):
        for measure in ("trained_on_it", "trained_on_samples"):
            found = measures.measures
            assert found["clean"][measure] > found[worse][measure], (worse, measure)
    assert found["clean"]["samples_frechet"] < found["noisy pixels"]["samples_frechet"]


def test_a_mixture_that_cannot_be_fitted_takes_its_samples_and_a_seed_repeats_the_rest(
    monkeypatch, measures, place
):
    fit_each = trial.fit_each

    def failing(dataset, *given):
        few = len(dataset.train) < SMOKE["real"]
        return {"gmm": None} if few else fit_each(dataset, *given)

    monkeypatch.setattr(trial, "fit_each", failing)
    found = trial.source_data_trial(0, SMOKE).measures
    lost = dict.fromkeys(("trained_on_samples", "samples_frechet"))
    whole = measures.measures
    assert found == {**whole, "tenth": whole["tenth"] | lost}


def test_clean_images_are_training_images_with_equal_classes(sources, train):
    clean = sources["clean"]
    assert np.bincount(clean.labels).tolist() == [100] * 10
    known = {
        image.tobytes(): label for image, label in zip(train.images, train.labels, strict=True)
    }
    for image, label in zip(clean.images, clean.labels, strict=True):
        assert known[image.tobytes()] == label


def test_a_tenth_is_a_tenth_of_each_class_of_them(sources):
    clean, tenth = sources["clean"], sources["tenth"]
    assert np.bincount(tenth.labels).tolist() == [10] * 10
    known = {image.tobytes() for image in clean.images}
    assert {image.tobytes() for image in tenth.images} <= known


def test_three_in_ten_labels_are_wrong_and_the_images_the_same(sources):
    clean, noisy = sources["clean"], sources["noisy labels"]
    assert (noisy.images == clean.images).all()
    wrong = noisy.labels != clean.labels
    assert wrong.sum() == 300
    assert noisy.labels.min() == 0 and noisy.labels.max() == 9
    # Any other class, not the next one: of 300 every step of 1 to 9 comes about 33 times.
    steps = np.bincount((noisy.labels - clean.labels)[wrong] % 10, minlength=10)
    assert steps[0] == 0 and steps[1:].min() > 15


def test_three_in_ten_pixels_are_black_or_white_and_the_labels_the_same():
    images = np.full((100, 28, 28, 1), 100, np.uint8)
    noisy = trial.wrong_pixels(images, 0)
    assert noisy.dtype == np.uint8
    assert set(np.unique(noisy)) == {0, 100, 255}
    for value, share in ((0, 0.15), (255, 0.15), (100, 0.7)):
        assert (noisy == value).mean() == pytest.approx(share, abs=0.01)
    assert (noisy != trial.wrong_pixels(images, 1)).any()


def test_noisy_pixels_keep_the_labels(sources):
    assert (sources["noisy pixels"].labels == sources["clean"].labels).all()
    assert (sources["noisy pixels"].images != sources["clean"].images).any()


def test_three_digits_are_rare_and_there_are_as_many_images(sources):
    counts = np.bincount(sources["unbalanced"].labels)
    rare = np.isin(np.arange(10), trial.RARE_DIGITS)
    assert counts.sum() == 1_000
    assert np.ptp(counts[~rare]) <= 1 and np.ptp(counts[rare]) <= 1
    assert counts[rare].max() <= counts[~rare].min() / 10
