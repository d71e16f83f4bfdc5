"""The trial on few labels: complete, repeatable, equal views, and measures of planted cases."""

import numpy as np
import pytest

from chapter.claims.designs.few_labels import TRIALS
from chapter.claims.experiment import IMAGE_GENERATORS
from chapter.claims.parts.generators import fit_each
from chapter.claims.trials import few_labels as trial
from chapter.claims.trials.few_labels import (
    attack_auc,
    augmented_copies,
    few_labels_trial,
    nats_gap,
    prepared,
    real_images,
)
from data.images.dataset import ImageSplit
from evaluation.judges.arms import ArmTrainer
from evaluation.judges.images import Classifier
from tests.chapter.claims.claimed import check_claimed, without

SMOKE = TRIALS["few_labels_100"].sizes["smoke"]
FITTED = SMOKE["generators"]
FREE = {"none", "augmentation", "noise augmentation", "fresh real images", "same images again"}
ARMS = FREE | {*FITTED, "augmentation + gmm"}
# Arms that the smoke size does not fit; what they are is seen without training below.
LEFT_OUT = {
    name
    for generator in IMAGE_GENERATORS
    for name in (generator, f"augmentation + {generator}")
    if name not in ARMS
}


@pytest.fixture(scope="module")
def smoke():
    return few_labels_trial(2, SMOKE)


def test_every_arm_has_every_measure_that_the_claims_ask_for(smoke):
    assert set(smoke.measures) == ARMS
    check_claimed("few_labels_100", smoke, LEFT_OUT)
    for arm, values in smoke.measures.items():
        kinds = {f"corrupted_{kind}" for kind in ("noise", "blur", "shift", "rotation")}
        expected = {"accuracy", "nats_gap", "corrupted", *kinds}
        expected |= {"log10_seconds"} if arm != "none" else set()
        expected |= {"attack_auc"} if arm in ("none", "augmentation", *FITTED) else set()
        assert set(values) == expected, arm
        assert values["corrupted"] == pytest.approx(np.mean([values[kind] for kind in kinds]))
    assert 0.3 < smoke.measures["none"]["attack_auc"] < 0.7  # fresh real images betray nothing
    assert smoke.measures["interpolation"]["attack_auc"] > 0.7  # points near the images seen do


def test_the_seed_decides_everything_but_the_times(smoke):
    """Again with one generator: what an arm measures has nothing to do with the others."""
    sizes = {**SMOKE, "generators": ("gmm",), "corrupted": 0, "arms": ("none", "gmm")}
    again, other = (few_labels_trial(seed, sizes).measures for seed in (2, 1))
    assert list(again) == ["none", "gmm"]
    kept = set(again["none"]) | set(again["gmm"])
    for arm in again:
        before = {name: value for name, value in smoke.measures[arm].items() if name in kept}
        of_arm = [without({arm: each}, "log10_seconds") for each in (again[arm], before)]
        assert of_arm[0] == of_arm[1], arm
        assert other[arm]["attack_auc"] != again[arm]["attack_auc"], arm


def nought(images):
    return np.eye(10)[np.zeros(len(images), int)]


def test_generators_that_cannot_be_fitted_have_no_numbers(monkeypatch):
    """One image of each digit: nothing lies between an image and no neighbour."""
    monkeypatch.setattr(ArmTrainer, "train", lambda *given: Classifier("CNN", {}, nought))
    sizes = {**TRIALS["few_labels_10"].sizes["smoke"], "generators": ("interpolation",)}
    measured = few_labels_trial(0, {**sizes, "arms": ("none", "interpolation")})
    values = measured.measures["interpolation"]
    assert set(values.values()) == {None} and values.keys() >= measured.measures["none"].keys()
    assert measured.rows["interpolation"] == {}


@pytest.fixture(scope="module")
def fit_once():
    """In place of `fit_each`: generators know nothing of shares and batches."""
    fitted = {}
    return lambda *given: fitted or fitted.update(fit_each(*given)) or fitted


@pytest.mark.parametrize(("share", "batch_size"), [(0.25, 30), (0.5, 30), (0.5, 50), (0.5, 16)])
def test_every_arm_sees_the_real_images_equally_often(fit_once, monkeypatch, share, batch_size):
    monkeypatch.setattr(trial, "fit_each", fit_once)
    sizes = {**TRIALS["few_labels_10"].sizes["smoke"], "labelled": 20, "made": 60}
    ready = prepared(0, {**sizes, "generators": ("gmm", "vae"), "batch_size": batch_size})
    alone = {30: 20, 50: 40, 16: 16}[batch_size]  # 20 images: as often as fit
    real = ready.build["none"](None).images
    for name, build in ready.build.items():
        arm = build(share)
        np.testing.assert_array_equal(arm.images[:20], real)
        assert arm.sample_weight is None
        assert (arm.augment is not None) == ("augmentation" in name), name
        known = {image.tobytes() for image in real}
        of_real = np.mean([image.tobytes() in known for image in arm.images])
        assert (name in ready.has_samples) == (arm.batch_size is not None), name
        if name in ready.has_samples:
            assert len(arm.images) == 60 / share
            assert of_real == (1.0 if name == "same images again" else 1 - share), name
            assert arm.batch_size * (1 - share) == pytest.approx(alone, abs=0.5)
        counts = np.bincount(arm.labels)
        assert counts.min() == counts.max() == len(arm.images) / 10
    beside, vae = ready.build["augmentation + vae"](share), ready.build["vae"](share)
    np.testing.assert_array_equal(beside.images, vae.images)
    assert (vae.images != ready.build["gmm"](share).images).any()


def test_each_arm_chooses_once_and_is_trained_with_its_choice(monkeypatch):
    """Validation images alone choose; the few of them choose for the measure called after that."""
    trained = []

    def accuracy(classifier, split):
        return {(0.25, 2e-3): 0.9, (None, 1e-3): 0.8}.get(classifier.choice["of"], 0.1) + (
            len(split) < 20 and classifier.choice["of"] == (0.5, 2e-3)
        )

    def train(self, arm, classifier, seed, choice):
        share = None
        if arm.batch_size is not None:
            share = round(4 * (1 - 30 / arm.batch_size)) / 4
        trained.append((share, choice["learning_rate"]))
        return Classifier("CNN", {"of": trained[-1], **choice}, nought)

    monkeypatch.setattr(ArmTrainer, "train", train)
    monkeypatch.setattr(trial, "accuracy", accuracy)
    sizes = {**SMOKE, "labelled": 10, "generators": ("gmm",), "corrupted": 0, "made": 120}
    sizes |= {"arms": ("none", "gmm"), "candidates": 2, "shares": (0.25, 0.5)}
    choices = trial.few_labels_choice(99, sizes)
    assert trained == [(None, 2e-3), (None, 1e-3)] + [
        (share, rate) for share in (0.25, 0.5) for rate in (2e-3, 1e-3)
    ]
    assert choices["none"]["CNN"]["all"]["hyperparameters"]["learning_rate"] == 1e-3
    assert choices["gmm"]["CNN"]["all"]["share"] == 0.25
    assert choices["gmm"]["CNN"]["few"]["share"] == 0.5
    trained.clear()
    measured = few_labels_trial(0, {**sizes, "choices": choices})
    assert trained == [(None, 1e-3), (0.25, 2e-3), (0.5, 2e-3)]
    assert measured.measures["gmm"]["accuracy_chosen_by_few"] == pytest.approx(0.1, abs=0.02)


def split_of(count: int, seed: int) -> ImageSplit:
    images = np.random.default_rng(seed).integers(0, 256, (count, 5, 5, 1), dtype=np.uint8)
    return ImageSplit(images, np.arange(count) % 2)


def test_no_image_is_in_two_parts_and_all_have_their_classes():
    train = split_of(200, 0)
    real = real_images(train, 20, 31, 0)
    few, controls, fresh = ({image.tobytes() for image in part.images} for part in real)
    assert (len(few), len(controls), len(fresh)) == (20, 20, 31)
    assert not few & controls and not few & fresh and not controls & fresh
    for part, expected in zip(real, ([10, 10], [10, 10], [16, 15]), strict=True):
        assert np.bincount(part.labels).tolist() == expected
    other = real_images(train, 20, 31, 1).controls
    assert {image.tobytes() for image in other.images} != controls


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

    copies = augmented_copies(few, augment, 7, 3)
    assert calls == [([0, 1, 2], 0), ([3, 4, 5], 0), ([6, 7, 8], 0)] and len(copies) == 7
    np.testing.assert_array_equal(copies[4], few.images[1] + np.uint8(4))


def test_the_gap_of_the_loss_is_between_test_and_training_images():
    def probabilities(images):
        return np.tile([0.9, 0.1], (len(images), 1)).astype(np.float32)

    few, test = split_of(4, 0), split_of(4, 1)
    all_first = ImageSplit(few.images, np.zeros(4, np.int64))
    found = nats_gap(Classifier("CNN", {}, probabilities), all_first, test)
    assert found == pytest.approx(-(np.log(0.9) + np.log(0.1)) / 2 + np.log(0.9))
