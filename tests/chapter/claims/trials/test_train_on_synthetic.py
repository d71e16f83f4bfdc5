"""The trial has every arm and measure, repeats, and refuses held-out images in a training set."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from chapter.claims.designs.train_on_synthetic import TRIALS
from chapter.claims.parts.generators import FittedGenerator
from chapter.claims.parts.images import trial_images
from chapter.claims.trials import train_on_synthetic as trial
from data.images.dataset import ImageSplit
from data.synthetic.provenance import Samples
from evaluation.judges import arms as judged_arms
from evaluation.judges.images import CLASSIFIERS, Classifier, Kind
from foundation.errors import InputError
from tests.chapter.claims.claimed import check_claimed, without

NAME = "train_on_synthetic"
SMOKE = TRIALS[NAME].sizes["smoke"]
SMALL = {
    **SMOKE,
    "generators": ("interpolation", "gmm"),
    "beside_real": ("gmm", "union"),
    "classifiers": ("cnn",),
}
AGAIN = trial.AGAIN
KINDS = ("noise", "blur", "shift", "rotation")
OF_SAMPLES = (
    "frechet",
    "precision",
    "recall",
    "density",
    "coverage",
    "detection_auc",
    "label_confirmed",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A directory of its own, where the feature network is cached, and classifiers that are trained
    at once: test_classifiers.py tests the others, and there are twenty sets.
    """
    simple = Kind(
        lambda rows, labels, weight, seed: GaussianNB(var_smoothing=0.1).fit(rows, labels), ({},)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("trial"))
        for name in ("CNN", "MLP", "logistic regression"):
            patch.setitem(CLASSIFIERS, name, simple)
        yield


@pytest.fixture(scope="module")
def measures(place):
    measured = TRIALS[NAME].measure(0, "smoke")
    check_claimed(NAME, measured)
    return measured.measures


@pytest.fixture(scope="module")
def small(place):
    """The measures of the small size, and how each set was trained."""
    seen, original = [], judged_arms.train_classifier

    def watched(*given):
        seen.append(given)
        return original(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judged_arms, "train_classifier", watched)
        return trial.train_on_synthetic_trial(0, SMALL).measures, seen


def test_every_arm_has_what_the_claims_need_and_every_value_is_a_finite_number(measures):
    for arm, values in measures.items():
        for name, value in values.items():
            assert value is not None and math.isfinite(value), (arm, name)


def test_what_each_arm_is_asked_for(measures):
    generators = SMOKE["generators"]
    changed = [f"gmm, {step}" for step in ("noise removed", "smoothed", "filtered")]
    alone = ["real", *generators, "union"]
    beside = [f"real + {name}" for name in (*generators, "union")]
    assert set(measures) == {*alone, *beside, *changed, "augmentation", "noise augmentation", AGAIN}
    every = {"cnn", "recall_gap", "worst_recall", "error_ratio"}
    every |= {f"cnn_recall_{digit}" for digit in range(10)}
    of_one_kind = {"logistic_regression", "mlp"}
    of_one_kind |= {f"logistic_regression_recall_{digit}" for digit in range(10)}
    of_one_kind |= {f"mlp_recall_{digit}" for digit in range(10)}
    for name, values in measures.items():
        expected = every | (of_one_kind if name in alone else set())
        worsened = name in ("real", "augmentation", "noise augmentation", AGAIN, *beside)
        expected |= {"corrupted", *(f"corrupted_{kind}" for kind in KINDS)} if worsened else set()
        expected |= set(OF_SAMPLES) if name in (*alone, *changed) else set()
        expected |= {"log10_seconds"} if name in (*generators, "augmentation") else set()
        assert set(values) == expected, name


def test_recalls_fit_the_accuracy_and_the_gap(measures):
    test = trial_images(SMOKE["validated"], SMOKE["tested"]).dataset.test
    shares = np.bincount(test.labels) / len(test)
    for arm in ("real", "gan"):
        recalls = np.array([measures[arm][f"cnn_recall_{digit}"] for digit in range(10)])
        assert recalls @ shares == pytest.approx(measures[arm]["cnn"])
        assert np.ptp(recalls) == pytest.approx(measures[arm]["recall_gap"])
        assert recalls.min() == pytest.approx(measures[arm]["worst_recall"])
        ratio = (1 - recalls.min()) / (1 - recalls.mean())
        assert ratio == pytest.approx(measures[arm]["error_ratio"])


def test_a_seed_repeats_and_another_differs(measures, small):
    """What an arm measures has nothing to do with the other arms there are, but for the union."""
    again, _ = small
    for arm in ("real", "augmentation", "interpolation", "gmm", "real + gmm", "gmm, filtered"):
        before = {name: measures[arm][name] for name in again[arm]}
        of_arm = [without({arm: each}, "log10_seconds") for each in (again[arm], before)]
        assert of_arm[0] == of_arm[1], arm
    other = trial.train_on_synthetic_trial(1, SMALL).measures
    for arm in ("real", "interpolation", "gmm", "real + union", "gmm, filtered"):
        assert other[arm] != again[arm], arm


def test_a_generator_that_cannot_be_fitted_has_no_numbers_and_the_others_have(monkeypatch, small):
    fit_each, sizes = trial.fit_each, {**SMALL, "beside_real": ("gmm",)}
    only = {**SMALL, "generators": ("interpolation",)}
    monkeypatch.setattr(
        trial, "fit_each", lambda *given: {**fit_each(*given[:2], only), "gmm": None}
    )
    measures = trial.train_on_synthetic_trial(0, sizes).measures
    assert set(measures) == set(small[0]) - {"real + union"}
    for arm, values in measures.items():
        lost = "gmm" in arm
        assert all((value is None) == lost for value in values.values()), arm
    assert measures["gmm"]["cnn"] is None and measures["real + gmm"]["cnn"] is None


def test_a_generator_that_gives_test_images_away_is_refused(monkeypatch, place):
    test = trial_images(None, None).dataset.test

    def leak(seed, start, count, labels):
        images = np.zeros((count, 28, 28, 1), np.uint8)
        images[0] = test.images[5_000]  # one that the smoke size does not measure with
        return images

    model = SimpleNamespace(num_classes=10, sample=leak)
    leaking = FittedGenerator("interpolation", model, 0.0)
    monkeypatch.setattr(trial, "fit_each", lambda *given: {"interpolation": leaking})
    with pytest.raises(InputError, match=r"test\[5000\]"):
        trial.train_on_synthetic_trial(0, {**SMALL, "beside_real": ()})


def test_all_sets_are_trained_alike_and_see_the_real_images_equally_often(small):
    seen, settings = [], set()
    for _, images, _, seed, weight, validation, classes, *budget, augment, batch_size in small[1]:
        seen.append((len(images), batch_size, augment is not None))
        settings.add((seed, weight, len(validation), classes, *budget))
    assert settings == {(0, None, SMALL["validated"], 10, 1, None, SMALL["updates"])}
    made, real, batch = SMALL["made"], SMALL["real"], SMALL["batch_size"]
    larger = round(batch * (real + made) / real)  # the real images are taken once
    # Two generators, their union, three kinds of changed samples; two sets beside real images.
    expected = [(real, batch, False)] + 2 * [(real, batch, True)] + 6 * [(made, batch, False)]
    expected += 3 * [(real + made, larger, False)]  # the control, too
    assert sorted(seen) == sorted(expected)


def test_several_trainings_are_averaged_and_each_is_another(place, monkeypatch):
    seeds = []

    def train(self, arm, classifier, seed, choice=None):
        seeds.append(seed)
        found = np.eye(10)[[len(seeds) - 1] * 2]
        return Classifier(classifier, {}, lambda images: found)

    monkeypatch.setattr(judged_arms.ArmTrainer, "train", train)
    monkeypatch.setattr(judged_arms.ArmTrainer, "check", lambda *given: None)
    trainer = judged_arms.ArmTrainer(None, 10)
    trained = trial.train_often(None, trainer, ["CNN"], 3, 2)
    assert seeds[0] == 3 and len(set(seeds)) == 2
    test = ImageSplit(np.zeros((2, 4, 4, 1), np.uint8), np.array([0, 1]))
    measures, rows = trial.accuracies({"a": trained, "b": None}, test)
    assert rows == {"a": {"cnn": pytest.approx([0.5, 0.5])}, "b": {}}
    assert measures["a"]["cnn"] == 0.5 and measures["b"] == {}


def test_the_union_takes_equal_parts_with_equal_classes():
    labels = np.arange(100) % 10
    parts = [
        ImageSplit(np.full((100, 2, 2, 1), value, np.uint8), labels) for value in (0, 100, 200)
    ]
    found = trial.union([parts[0], None, *parts[1:]], 90)
    assert np.unique(found.images[:, 0, 0, 0], return_counts=True)[1].tolist() == [30, 30, 30]
    assert np.bincount(found.labels).tolist() == [9] * 10
    assert trial.union([None, None], 90) is None


def test_real_images_are_all_of_them_or_as_many_of_each_class():
    dataset = trial_images(SMOKE["validated"], SMOKE["tested"]).dataset
    assert trial.real_images(dataset, None, 0) is dataset.train
    drawn = [trial.real_images(dataset, 200, seed) for seed in (0, 0, 1)]
    assert np.bincount(drawn[0].labels).tolist() == [20] * 10
    assert (drawn[0].images == drawn[1].images).all()
    assert (drawn[0].images != drawn[2].images).any()


def test_samples_are_improved_in_three_ways(monkeypatch):
    dataset = trial_images(SMOKE["validated"], SMOKE["tested"]).dataset
    images = np.zeros((4, 28, 28, 1), np.uint8)
    images[:, 5, 5] = 255  # a single wrong pixel
    samples = ImageSplit(images, np.arange(4))
    passing = Samples("gmm", 255 - images, np.arange(4)[::-1])
    monkeypatch.setattr(trial, "filtered_samples", lambda *given: passing)
    found = trial.improved("any", samples, dataset, None, 0)
    assert (found["gmm, noise removed"].images == 0).all()
    smoothed = found["gmm, smoothed"].images[0, :, :, 0]
    assert smoothed[5, 4] > 0 and smoothed[5, 5] < 255
    for name in ("gmm, noise removed", "gmm, smoothed"):
        assert (found[name].labels == samples.labels).all()
    assert (found["gmm, filtered"].images == passing.samples).all()
    assert (found["gmm, filtered"].labels == passing.labels).all()


def test_too_few_that_pass_the_filter_leave_the_other_samples(monkeypatch):
    def refuse(*given):
        raise InputError("3 samples kept", "4", "use a better generator")

    monkeypatch.setattr(trial, "filtered_samples", refuse)
    dataset = trial_images(SMOKE["validated"], SMOKE["tested"]).dataset
    found = trial.improved("any", dataset.train.take(np.arange(4)), dataset, None, 0)
    assert {name for name, split in found.items() if split is None} == {"gmm, filtered"}


def test_seconds_are_of_the_generators_and_of_augmenting_as_many_images(monkeypatch):
    train = ImageSplit(np.zeros((200, 2, 2, 1), np.uint8), np.zeros(200, np.int64))
    seen = []
    monkeypatch.setattr(
        trial, "augmentation", lambda seed: lambda images, *given: seen.append(len(images))
    )
    made = {"slow": trial.Made(None, 100.0), "none": None}
    found = trial.seconds(made, train, 300, 0)
    # Three steps of 128, after one that makes the graph.
    assert seen == [128] * 4
    assert found["slow"] == {"log10_seconds": 2.0}
    assert set(found) == {"slow", "augmentation"}
