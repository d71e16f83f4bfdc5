"""The trial on rare classes: complete, repeatable, with the counts that each arm stands for."""

from types import SimpleNamespace

import numpy as np
import pytest

from chapter.claims.designs.imbalance import TRIALS
from chapter.claims.experiment import IMAGE_GENERATORS, check_measures
from chapter.claims.parts.arms import arm_of
from chapter.claims.parts.generators import FittedGenerator
from chapter.claims.parts.images import TrialImages
from chapter.claims.trials.imbalance import (
    filled_up,
    imbalance_trial,
    oversampled,
    recalls_of,
    unbalanced,
)
from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.guard import HeldOut
from evaluation.judges.arms import ArmTrainer
from evaluation.judges.images import Classifier
from tests.chapter.claims.claimed import check_claimed

FREE = {"none", "class weights", "oversampling"}
ARMS = FREE | {
    "augmentation",
    "oversampling + augmentation",
    *IMAGE_GENERATORS,
    "augmentation + vae",
    "adaptive gmm",
}
MEASURES = {"accuracy", "minority_recall", "other_recall", "recall_gap", "log10_seconds"}


@pytest.fixture(scope="module")
def smoke():
    return imbalance_trial(0, TRIALS["imbalance"].sizes["smoke"])


def test_every_arm_has_every_measure_that_the_claims_ask_for(smoke):
    check_measures(smoke)
    assert set(smoke) == ARMS
    for arm, values in smoke.items():
        assert set(values) == MEASURES
        missing = {name for name, value in values.items() if value is None}
        assert missing == ({"log10_seconds"} if arm in FREE else set()), arm
    check_claimed("imbalance", smoke)


def test_the_seed_decides_everything_but_the_times(smoke):
    """Again with one generator: what an arm measures has nothing to do with the others."""
    sizes = {**TRIALS["imbalance"].sizes["smoke"], "generators": ("gmm",)}
    again, other = (imbalance_trial(seed, sizes) for seed in (0, 1))
    assert set(again) == ARMS - {*IMAGE_GENERATORS, "augmentation + vae"} | {"gmm"}
    for arm in again:
        before = {**smoke[arm], "log10_seconds": 0}
        assert {**again[arm], "log10_seconds": 0} == before, arm
    assert any({**other[arm], "log10_seconds": 0} != again[arm] for arm in again)
    assert other["none"] != again["none"]


def split_of(counts, seed: int) -> ImageSplit:
    labels = np.repeat(np.arange(len(counts)), counts)
    shape = (len(labels), 4, 4, 1)
    images = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return ImageSplit(images, labels)


def counts_of(labels: np.ndarray) -> list[int]:
    return np.bincount(labels, minlength=3).tolist()


def images_of(held_out: ImageSplit) -> TrialImages:
    dataset = ImageDataset("made", held_out, held_out, held_out, ("a", "b", "c"))
    return TrialImages(dataset, HeldOut.of_parts())


def noise_generator() -> FittedGenerator:
    def sample(seed, start, count, labels):
        shape = (count, 4, 4, 1)
        return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)

    return FittedGenerator("gmm", SimpleNamespace(num_classes=3, sample=sample), 1.5)


def test_three_digits_are_rare():
    train = split_of([30] * 10, 0)
    real = unbalanced(train, 2, 20, 10, 0)
    assert np.bincount(real.labels).tolist() == [20, 2, 20, 20, 2, 20, 20, 20, 2, 20]
    assert len(np.unique(real.images.reshape(146, -1), axis=0)) == 146
    assert (unbalanced(train, 2, 20, 10, 1).images != real.images).any()


def test_oversampling_repeats_images_of_the_class_until_it_is_full():
    real = split_of([5, 2, 5], 1)
    arm = oversampled(real, np.array([0, 3, 0]), 0)
    assert counts_of(arm.labels) == [5, 5, 5]
    np.testing.assert_array_equal(arm.images[:12], real.images)
    rare = {image.tobytes() for image in real.images[real.labels == 1]}
    assert {image.tobytes() for image in arm.images[12:]} <= rare
    assert arm.seconds is None


def test_generators_fill_the_classes_up():
    real = split_of([5, 2, 5], 1)
    arm = filled_up(real, noise_generator(), np.array([0, 3, 0]), images_of(real), 0)
    assert counts_of(arm.labels) == [5, 5, 5]
    np.testing.assert_array_equal(arm.images[:12], real.images)
    assert (arm.labels[12:] == 1).all()
    assert arm.sample_weight is None
    assert arm.seconds >= 1.5


def fixed(asked, predictions=None):
    """A classifier that has its answers ready, or takes all images for noughts."""

    def probabilities(images):
        asked.append(len(images))
        return np.eye(10)[np.zeros(len(images), int) if predictions is None else predictions]

    return {"CNN": Classifier("CNN", {}, None, probabilities)}


def test_arms_differ_in_what_they_are_called_after(monkeypatch):
    arms, asked = {}, {}

    def recorded(self, given, classifiers, seed):
        arms.update(given)
        return {name: fixed(asked.setdefault(name, [])) for name in given}

    monkeypatch.setattr(ArmTrainer, "train_all", recorded)
    sizes = {**TRIALS["imbalance"].sizes["smoke"], "generators": ("gmm", "vae")}
    imbalance_trial(0, sizes)
    real = arms["none"].images
    unequal, equal = [12, 4, 12, 12, 4, 12, 12, 12, 4, 12], [12] * 10
    # Of those that find nothing but noughts, all but the noughts get more: 24 among nine classes.
    by_recall = [12, 7, 15, 15, 7, 15, 15, 14, 6, 14]
    for name, arm in arms.items():
        np.testing.assert_array_equal(arm.images[: len(real)], real)
        balanced = name.split(" + ")[-1 if "vae" in name else 0] in ("oversampling", "gmm", "vae")
        expected = by_recall if name == "adaptive gmm" else equal if balanced else unequal
        assert np.bincount(arm.labels).tolist() == expected, name
        assert (arm.augment is not None) == ("augmentation" in name), name
        weights = [1.0] if arm.sample_weight is None else arm.sample_weight
        assert (np.ptp(weights) > 0) == (name == "class weights"), name
    np.testing.assert_array_equal(arms["augmentation + vae"].images, arms["vae"].images)
    weights = np.bincount(arms["class weights"].labels, arms["class weights"].sample_weight)
    np.testing.assert_allclose(weights, weights[0], rtol=1e-5)
    # The recalls that decide are those of validation images; all else is asked of test images.
    assert asked["none"] == [sizes["validated"], sizes["tested"]]
    assert asked["gmm"] == [sizes["tested"]]


def test_measures_of_hand_made_predictions():
    labels = np.repeat(np.arange(10), 2)
    predictions = labels.copy()
    predictions[2], predictions[8], predictions[0] = 7, 9, 6  # a 1, a 4, a 0
    split = ImageSplit(np.zeros((20, 4, 4, 1), np.uint8), labels)
    arm = arm_of(split)._replace(seconds=1_000.0)
    found = recalls_of(arm, fixed([], predictions), split)
    assert found == pytest.approx(
        {
            "accuracy": 17 / 20,
            "minority_recall": (0.5 + 0.5 + 1) / 3,
            "other_recall": 6.5 / 7,
            "recall_gap": 0.5,
            "log10_seconds": 3.0,
        }
    )
    assert set(recalls_of(None, None, split).values()) == {None}
