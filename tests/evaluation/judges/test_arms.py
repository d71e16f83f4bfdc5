"""The trainer of arms: all alike, with candidates or a choice, and never on held-out images."""

import numpy as np
import pytest

from data.images.dataset import ImageSplit
from data.synthetic.guard import HeldOut
from evaluation.judges import arms as module
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.images import CLASSIFIERS, Classifier
from foundation.errors import InputError


def split_of(count: int, seed: int) -> ImageSplit:
    images = np.random.default_rng(seed).integers(0, 256, (count, 5, 5, 1), dtype=np.uint8)
    return ImageSplit(images, np.arange(count) % 2)


TRAIN, VALIDATION = split_of(20, 0), split_of(6, 1)


def trainer_of(candidates: int = 1) -> ArmTrainer:
    held_out = HeldOut.of_parts(validation=VALIDATION.images)
    return ArmTrainer(held_out, 2, VALIDATION, candidates, updates=2, batch_size=64)


def plain() -> Arm:
    return Arm(TRAIN.images, TRAIN.labels)


def test_every_arm_gets_the_same_of_everything(monkeypatch):
    calls = []

    def watched(*given):
        calls.append(given)
        return Classifier(given[0], {}, len)

    monkeypatch.setattr(module, "train_classifier", watched)
    weighted = Arm(TRAIN.images[::-1], TRAIN.labels, np.arange(20.0), len, 3.5)
    arms = {"plain": plain(), "lost": None, "weighted": weighted}
    trained = trainer_of(3).train_all(arms, ["LDA", "CNN"], 7)
    assert trained["lost"] is None
    assert [[*each] for each in (trained["plain"], trained["weighted"])] == [["LDA", "CNN"]] * 2
    assert trained["weighted"]["CNN"].name == "CNN"
    expected = [
        (name, arm.images, arm.labels, 7, arm.sample_weight, VALIDATION, 2, 3, None, 2)
        for arm in (plain(), weighted)
        for name in ("LDA", "CNN")
    ]
    assert [call[10:] for call in calls] == [(None, 64)] * 2 + [(len, 64)] * 2
    for call, given in zip(calls, expected, strict=True):
        assert all(a is b or a == b for a, b in zip(call[:10], given, strict=True))


def test_what_one_seed_has_chosen_is_not_chosen_again():
    worst = CLASSIFIERS["LDA"].candidates[2]
    again = trainer_of(3).train(plain(), "LDA", 1, worst)
    assert again.choice == worst


def test_no_arm_may_hold_a_held_out_image():
    leaking = Arm(np.concatenate([TRAIN.images, VALIDATION.images[:1]]), np.arange(21) % 2)
    message = r"the training set 'x' holds 1 samples of the validation or test data \(20 is "
    with pytest.raises(InputError, match=message):
        trainer_of().train_all({"x": leaking}, ["LDA"], 0)
