"""The trial on few labels: complete, repeatable, and what its measures say of planted cases."""

import numpy as np
import pytest

from chapter.claims.designs.few_labels import TRIALS
from chapter.claims.experiment import IMAGE_GENERATORS, check_measures
from chapter.claims.parts.generators import Made
from chapter.claims.sentences import FEW
from chapter.claims.trials.few_labels import (
    attack_auc,
    augmented_copies,
    few_labels_trial,
    real_images,
    with_samples,
)
from data.images.dataset import ImageSplit
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from evaluation.judges.arms import ArmTrainer
from evaluation.judges.images import Classifier
from tests.chapter.claims.claimed import check_claimed

MEASURES = {"accuracy", "train_accuracy", "overfitting", "corrupted", "attack_auc", "log10_seconds"}
TIMES = {"log10_seconds"}
ARMS = {"none", "augmentation", *IMAGE_GENERATORS, "augmentation + vae"}


@pytest.fixture(scope="module")
def smoke():
    return few_labels_trial(2, TRIALS["few_labels_100"].sizes["smoke"])


def test_every_arm_has_every_measure(smoke):
    check_measures(smoke)
    assert set(smoke) == ARMS
    for arm, values in smoke.items():
        lacking = {"none": TIMES, "augmentation + vae": {"attack_auc"}}.get(arm, set())
        assert set(values) == MEASURES - lacking, arm
        assert None not in values.values(), arm


@pytest.mark.parametrize("trial", FEW)
def test_what_the_claims_ask_for_is_there(smoke, trial):
    check_claimed(trial, smoke)


def test_measures_are_what_they_are_called(smoke):
    for values in smoke.values():
        assert values["overfitting"] == values["train_accuracy"] - values["accuracy"]
        for name in ("accuracy", "train_accuracy", "corrupted"):
            assert 0 <= values[name] <= 1
    assert 0.3 < smoke["none"]["attack_auc"] < 0.7  # fresh real images betray nothing
    assert smoke["interpolation"]["attack_auc"] > 0.7  # points near the images seen do


def test_the_seed_decides_everything_but_the_times(smoke):
    """Again with one generator: what an arm measures has nothing to do with the others."""
    sizes = {**TRIALS["few_labels_100"].sizes["smoke"], "generators": ("gmm",), "corrupted": 0}
    again, other = (few_labels_trial(seed, sizes) for seed in (2, 1))
    assert list(again) == ["none", "augmentation", "gmm"]
    for arm in again:
        before = {name: smoke[arm][name] for name in smoke[arm] if name != "corrupted"}
        assert without_times(again[arm]) == without_times(before), arm
        assert without_times(other[arm]) != without_times(before), arm


def without_times(values):
    return {name: value for name, value in values.items() if name not in TIMES}


@pytest.fixture
def arms(monkeypatch):
    """What the trial would train on, once it has run; its classifiers call every image a nought."""
    arms = {}

    def recorded(self, given, classifiers, seed):
        arms.update(given)
        return {
            name: arm and {"CNN": Classifier("CNN", {}, None, says_nought)}
            for name, arm in given.items()
        }

    def says_nought(images):
        return np.tile(np.eye(10)[0], (len(images), 1))

    monkeypatch.setattr(ArmTrainer, "train_all", recorded)
    return arms


def test_generators_that_cannot_be_fitted_have_no_numbers(arms):
    """One image of each digit: nothing lies between an image and no neighbour."""
    sizes = {**TRIALS["few_labels_10"].sizes["smoke"], "generators": ("interpolation",)}
    measures = few_labels_trial(0, sizes)
    assert arms["interpolation"] is None
    assert set(measures["interpolation"]) == MEASURES
    assert set(measures["interpolation"].values()) == {None}
    assert None not in measures["augmentation"].values()
    assert "augmentation + vae" not in measures


def test_arms_differ_in_what_they_are_called_after(arms):
    sizes = {**TRIALS["few_labels_10"].sizes["smoke"], "labelled": 20, "generators": ("gmm", "vae")}
    measures = few_labels_trial(0, {**sizes, "corrupted": 10})
    for values in measures.values():
        assert values["accuracy"] == values["train_accuracy"] == 0.1
        assert values["corrupted"] == pytest.approx(0.1)
    real = arms["none"].images
    for name, arm in arms.items():
        np.testing.assert_array_equal(arm.images[:20], real)
        assert len(arm.images) == (60 if "gmm" in name or "vae" in name else 20)
        assert (arm.augment is not None) == ("augmentation" in name)
        counts = np.bincount(arm.labels)
        assert counts.min() == counts.max() == len(arm.images) / 10
    np.testing.assert_array_equal(arms["augmentation + vae"].images, arms["vae"].images)
    assert (arms["gmm"].images != arms["vae"].images).any()


def split_of(count: int, seed: int) -> ImageSplit:
    images = np.random.default_rng(seed).integers(0, 256, (count, 5, 5, 1), dtype=np.uint8)
    return ImageSplit(images, np.arange(count) % 2)


def rows_of(split: ImageSplit) -> set[bytes]:
    return {image.tobytes() for image in split.images}


def test_no_image_is_in_two_parts_and_all_have_their_classes():
    train = split_of(200, 0)
    real = real_images(train, 20, 31, 0)
    few, controls, fresh = map(rows_of, real)
    assert (len(few), len(controls), len(fresh)) == (20, 20, 31)
    assert not few & controls and not few & fresh and not controls & fresh
    assert few | controls | fresh <= rows_of(train)
    for part, expected in zip(real, ([10, 10], [10, 10], [16, 15]), strict=True):
        assert np.bincount(part.labels).tolist() == expected
    assert rows_of(real_images(train, 20, 31, 1).controls) != controls


def test_both_sources_weigh_the_same():
    few, made = split_of(4, 1), split_of(10, 2)
    arm = with_samples(few, Made(Samples("gmm", made.images, made.labels), 2.5), HeldOut.of_parts())
    assert len(arm.images) == 14 and arm.seconds == 2.5
    np.testing.assert_array_equal(arm.images[:4], few.images)
    assert arm.sample_weight[:4].sum() == pytest.approx(7)
    assert arm.sample_weight[4:].sum() == pytest.approx(7)
    assert len(set(arm.sample_weight[:4])) == len(set(arm.sample_weight[4:])) == 1


def test_samples_that_copy_betray_and_real_ones_do_not():
    real = real_images(split_of(600, 3), 60, 200, 0)
    assert attack_auc(real, real.few.images) == 1.0
    assert attack_auc(real, real.controls.images) == 0.0
    assert 0.35 < attack_auc(real, real.fresh.images) < 0.65
    assert attack_auc(real, None) is None


def test_augmented_copies_are_of_each_image_in_turn_and_all_different():
    few = split_of(3, 4)
    calls = []

    def augment(images, indices, epoch):
        calls.append((indices.tolist(), epoch))
        return images + indices.astype(np.uint8)[:, None, None, None]

    copies = augmented_copies(few, augment, 7, 64)
    assert calls == [([0, 1, 2], 0), ([3, 4, 5], 0), ([6, 7, 8], 0)]
    assert len(copies) == 7
    np.testing.assert_array_equal(copies[4], few.images[1] + np.uint8(4))
