"""Utility: what is trained on what, how it is judged, and what the figures say of themselves."""

import json

import numpy as np
import pytest

from data.images.dataset import ImageSplit
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.images import CLASSIFIERS, Classifier
from evaluation.judges.utility import NOTHING, print_utility, utility
from evaluation.statistics.intervals import interval, paired
from foundation.errors import InputError

NAMES = ("zero", "one", "two")


def bars(count: int, seed: int) -> ImageSplit:
    """8 x 8 images of three classes: a bright band above, in the middle, or below."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    images = generator.integers(0, 60, (count, 8, 8, 1), dtype=np.uint8)
    for label in range(3):
        rows = slice(1 + 2 * label, 3 + 2 * label)
        images[labels == label, rows] += 150
    return ImageSplit(images, labels)


@pytest.fixture(scope="module")
def data():
    """Training and test images."""
    return bars(120, 0), bars(60, 2)


@pytest.fixture(scope="module")
def arms(data):
    """Real images, and synthetic ones of which most bear a false label."""
    made = bars(90, 10)
    false = np.random.default_rng(0).random(90) < 0.75
    return {
        "real": Arm(data[0].images, data[0].labels),
        "synthetic": Arm(made.images, np.where(false, (made.labels + 1) % 3, made.labels)),
    }


@pytest.fixture(scope="module")
def report(data, arms):
    chosen = {"classifiers": ("LDA", "CNN"), "updates": 40, "quiet": True}
    return utility(arms, data[1], NAMES, seeds=(0, 1, 2), **chosen)


def test_the_report_is_json_and_says_what_was_done(report):
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["test_images"] == 60 and report["seeds"] == [0, 1, 2]
    assert report["ceiling"] == "real" and report["level"] == 0.95
    assert report["training_sets"] == {"real": {"images": 120}, "synthetic": {"images": 90}}


def test_the_figures_fit_together(report):
    for cells in report["classifiers"].values():
        assert cells["real"]["accuracy"]["mean"] == 1.0
        assert cells["real"]["below_ceiling"]["mean"] == 0.0
        values = cells["synthetic"]["values"]
        assert len(values) == 3 and max(values) < 0.5  # most labels are false
        assert cells["synthetic"]["accuracy"] == interval(values).as_json()
        expected = paired(cells["real"]["values"], values).as_json()
        assert cells["synthetic"]["below_ceiling"] == expected
        low, high = cells["synthetic"]["other_test_images"]
        assert low <= np.mean(values) <= high and high - low > 0.01


def test_each_cell_says_what_its_seeds_vary(report):
    for name, varied in (("LDA", NOTHING), ("CNN", CLASSIFIERS["CNN"].varies)):
        for cell in report["classifiers"][name].values():
            assert cell["seeds_vary"] == varied
            assert cell["choice"] == CLASSIFIERS[name].candidates[0]
    assert report["classifiers"]["LDA"]["real"]["accuracy"]["low"] == 1.0


def test_the_table_has_a_line_a_set_and_the_causes(report, capsys):
    print_utility(report)
    lines = capsys.readouterr().out.splitlines()
    assert "60 real test images" in lines[0] and "95%" in lines[0] and "3 seeds" in lines[0]
    assert lines[2].startswith("real ") and "100.00 [100.00, 100.00]" in lines[2]
    assert lines[3].startswith("synthetic ") and "90" in lines[3]
    assert sum(line.startswith("seeds vary: ") for line in lines) == 2


def test_recall_is_counted_by_class_and_averaged_over_seeds(arms, monkeypatch):
    asked = []

    def train(self, arm, name, seed):
        asked.append((arm, name, seed, self.updates, self.num_classes))
        answers = np.array([0, 0, 1, 1, 1, 1]) if seed == 0 else np.zeros(6, np.int64)
        found = np.eye(3, dtype=np.float32)[answers]
        return Classifier(name, {}, None, lambda images: found)

    monkeypatch.setattr(ArmTrainer, "train", train)
    six = ImageSplit(np.zeros((6, 8, 8, 1), np.uint8), np.array([0, 0, 0, 1, 1, 1]))
    given = {"classifiers": ("LDA", "MLP"), "updates": 70, "quiet": True}
    cell = utility(arms, six, NAMES, (0, 1), **given)["classifiers"]["LDA"]["real"]
    # Seed 0 finds 2 of 3 zeros and 3 of 3 ones, seed 1 finds all zeros and no one.
    assert cell["values"] == pytest.approx([5 / 6, 3 / 6])
    assert cell["recall"][:2] == pytest.approx([5 / 6, 3 / 6])
    assert cell["recall"][2] is None  # no test image of it
    assert cell["worst_class"] == "one"
    # Every classifier sees every set with every seed, all alike.
    assert asked == [
        (arm, name, seed, 70, 3)
        for arm in arms.values()
        for name in ("LDA", "MLP")
        for seed in (0, 1)
    ]


def test_a_set_that_cannot_be_trained_on_ends_nothing(data, arms, capsys):
    train, test = data
    kept = train.take(np.flatnonzero(train.labels == 1))
    broken = {"one class": Arm(kept.images, kept.labels)}
    chosen = {"classifiers": ("LDA",), "quiet": True, "seeds": (0, 1)}
    found = utility(arms | broken, test, NAMES, **chosen)["classifiers"]["LDA"]
    assert found["one class"]["value"] is None and "of 1 class" in found["one class"]["reason"]
    assert "below_ceiling" not in found["one class"]
    assert found["real"]["accuracy"]["mean"] == 1.0
    report = utility(broken | arms, test, NAMES, **chosen)
    assert report["ceiling"] == "one class"
    found = report["classifiers"]["LDA"]
    assert "no figure for 'one class'" in found["real"]["below_ceiling"]["reason"]
    print_utility(report)
    assert "–" in capsys.readouterr().out


def test_one_seed_has_no_interval(data, arms, capsys):
    found = utility(arms, data[1], NAMES, seeds=(0,), classifiers=("LDA",), quiet=True)
    assert found["classifiers"]["LDA"]["real"]["accuracy"] == {
        "mean": 1.0,
        "low": None,
        "high": None,
        "n": 1,
    }
    print_utility(found)
    assert capsys.readouterr().out.splitlines()[2].endswith("100.00")


def test_test_images_may_not_be_trained_on(data):
    train, test = data
    images = np.concatenate([train.images, test.images[:1]])
    leaking = {"leaking": Arm(images, np.append(train.labels, 0))}
    with pytest.raises(InputError, match=r"'leaking' holds 1 samples .*120 is test\[0\]"):
        utility(leaking, test, NAMES, classifiers=("LDA",), quiet=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"arms": {}}, "no training set"),
        ({"classifiers": ("forest",)}, "classifiers \\['forest'\\]"),
        ({"test": ImageSplit(np.zeros((2, 8, 8, 1), np.uint8), None)}, "labels missing"),
        ({"test": ImageSplit(np.zeros((0, 8, 8, 1), np.uint8), np.zeros(0, int))}, "0 test images"),
        ({"seeds": ()}, "seeds \\[\\]"),
        ({"seeds": (1, 1)}, "seeds \\[1, 1\\]"),
    ],
)
def test_wrong_arguments_are_refused(data, arms, change, message):
    given = {"arms": arms, "test": data[1], **change}
    with pytest.raises(InputError, match=message):
        utility(class_names=NAMES, quiet=True, **given)
