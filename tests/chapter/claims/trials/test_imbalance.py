"""The trial on rare classes: complete, repeatable, with the counts that each arm stands for."""

import numpy as np
import pytest

from chapter.claims.designs.imbalance import TRIALS
from chapter.claims.experiment import IMAGE_GENERATORS
from chapter.claims.trials import imbalance as trial
from chapter.claims.trials.imbalance import balanced, imbalance_trial, prepared, unbalanced
from data.images.dataset import ImageSplit
from evaluation.judges.arms import ArmTrainer
from evaluation.judges.images import CLASSIFIERS, Classifier
from tests.chapter.claims.claimed import check_claimed, without

SMOKE = TRIALS["imbalance"].sizes["smoke"]
BOTH = "oversampling + augmentation"
FREE = {"none", "class weights", "oversampling", "oversampling, drawn again", "fresh real images"}
FITTED = {*SMOKE["generators"], *(f"{BOTH} + {name}" for name in SMOKE["generators"])}
ARMS = FREE | FITTED | {"augmentation", BOTH, "adaptive gmm"}
MEASURES = {"accuracy", "minority_recall", "other_recall", "recall_gap", "log10_seconds"}
LEFT_OUT = {
    name for each in IMAGE_GENERATORS for name in (each, f"{BOTH} + {each}") if name not in ARMS
}


@pytest.fixture(scope="module")
def smoke():
    return imbalance_trial(0, SMOKE)


def test_every_arm_has_every_measure_that_the_claims_ask_for(smoke):
    assert set(smoke.measures) == ARMS
    check_claimed("imbalance", smoke, LEFT_OUT)
    for arm, values in smoke.measures.items():
        assert set(values) == MEASURES
        missing = {name for name, value in values.items() if value is None}
        assert missing == ({"log10_seconds"} if arm in FREE else set()), arm


def test_the_seed_decides_everything_but_the_times(smoke):
    """Again with one generator: what an arm measures has nothing to do with the others."""
    before = without(smoke.measures, "log10_seconds")
    again = without(imbalance_trial(0, {**SMOKE, "generators": ("gmm",)}).measures, "log10_seconds")
    assert again == {arm: before[arm] for arm in again} and set(again) < ARMS
    one = {"share": None, "hyperparameters": CLASSIFIERS["CNN"].candidates[0], "score": 0}
    alone = {**SMOKE, "generators": (), "choices": {"none": {"CNN": {"all": one}}}}
    same, other = (imbalance_trial(seed, alone).measures["none"] for seed in (0, 1))
    assert same == smoke.measures["none"] != other


def split_of(counts, seed: int) -> ImageSplit:
    labels = np.repeat(np.arange(len(counts)), counts)
    shape = (len(labels), 4, 4, 1)
    images = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return ImageSplit(images, labels)


def test_three_digits_are_rare_and_the_rest_is_left_over():
    train = split_of([30] * 10, 0)
    real, others = unbalanced(train, 2, 20, 10, 0)
    assert np.bincount(real.labels).tolist() == [20, 2, 20, 20, 2, 20, 20, 20, 2, 20]
    assert np.bincount(others.labels).tolist() == [10, 28, 10, 10, 28, 10, 10, 10, 28, 10]
    every = np.concatenate([real.images, others.images]).reshape(300, -1)
    assert len(np.unique(every, axis=0)) == 300
    assert (unbalanced(train, 2, 20, 10, 1)[0].images != real.images).any()


@pytest.fixture(scope="module")
def ready():
    return prepared(0, {**SMOKE, "generators": ("interpolation", "vae")})


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_arms_differ_in_what_they_are_called_after(ready, share):
    plain = ready.build["none"](None)
    known = {image.tobytes() for image in plain.images}
    for name, build in ready.build.items():
        arm = build(share)
        np.testing.assert_array_equal(arm.images[: len(plain.images)], plain.images)
        filled = name not in ("none", "class weights", "augmentation")
        rare = 12 if filled else 4
        assert np.bincount(arm.labels).tolist() == [
            rare if label in trial.RARE else 12 for label in range(10)
        ], name
        assert (arm.augment is not None) == ("augmentation" in name), name
        assert (arm.sample_weight is not None) == (name == "class weights"), name
        others = sum(image.tobytes() not in known for image in arm.images)
        assert others == (24 * share if name in ready.has_samples else 0), name
        assert (arm.seconds is not None) == ("interpolation" in name or "vae" in name), name
    weights = ready.build["class weights"](None)
    weights = np.bincount(weights.labels, weights.sample_weight)
    np.testing.assert_allclose(weights, weights[0], rtol=1e-5)
    again, first = (ready.build[f"oversampling{end}"](None) for end in (", drawn again", ""))
    assert (again.images != first.images).any()
    both = ready.build[f"{BOTH} + interpolation"](share)
    np.testing.assert_array_equal(both.images, ready.build["interpolation"](share).images)


def nought(images):
    return np.eye(10)[np.zeros(len(images), int)]


def test_adaptive_samples_go_where_validation_images_are_not_found(monkeypatch):
    """Of a classifier that finds nothing but noughts, all but the noughts get more."""
    seen = []

    def train(self, arm, classifier, seed, choice):
        seen.append(arm)
        return Classifier("CNN", {}, nought)

    monkeypatch.setattr(ArmTrainer, "train", train)
    imbalance_trial(0, {**SMOKE, "generators": ("gmm",)})
    assert np.bincount(seen[-1].labels).tolist() == [12, 7, 15, 15, 7, 15, 15, 14, 6, 14]


def test_every_arm_chooses_by_the_recall_of_rare_validation_images(monkeypatch):
    asked = []

    def train(self, arm, classifier, seed, choice):
        def probabilities(images):
            asked.append(len(images))
            found = 1 if choice["dropout"] == 0.5 and len(arm.images) > 100 else 0
            return np.eye(10)[np.full(len(images), found)]

        return Classifier("CNN", choice, probabilities)

    monkeypatch.setattr(ArmTrainer, "train", train)
    sizes = {**SMOKE, "generators": ("interpolation",), "candidates": 2, "shares": (0.25, 0.96)}
    choices = trial.imbalance_choice(99, sizes)
    assert set(asked) == {sizes["validated"]}
    assert choices["oversampling"]["CNN"]["all"]["hyperparameters"]["dropout"] == 0.5
    assert choices["oversampling"]["CNN"]["all"]["score"] == pytest.approx(1 / 3)
    assert choices["none"]["CNN"]["all"]["hyperparameters"]["dropout"] == 0.4  # the first of equals
    assert choices["interpolation"]["CNN"]["all"]["share"] == 0.25


def test_an_arm_that_could_not_choose_is_not_trained(monkeypatch):
    monkeypatch.setattr(ArmTrainer, "train", lambda *given: Classifier("CNN", {}, nought))
    chosen = {"CNN": {"all": {"share": None, "hyperparameters": {}, "score": 0.5}}}
    sizes = {**SMOKE, "generators": ("interpolation",), "choices": {"none": chosen}}
    found = imbalance_trial(0, sizes).measures
    assert found["none"]["accuracy"] is not None
    assert all(set(values.values()) == {None} for arm, values in found.items() if arm != "none")


def test_rows_are_each_images_part_of_the_mean_recall():
    labels = np.array([1, 1, 1, 4, 8, 8])
    hits = np.array([1.0, 0, 1, 1, 0, 1])
    assert balanced(hits, labels).mean() == pytest.approx((2 / 3 + 1 + 1 / 2) / 3)
