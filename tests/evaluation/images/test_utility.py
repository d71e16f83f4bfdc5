"""What images are worth: what is trained on what, how it is judged, and who loses by it."""

import json

import numpy as np
import pytest

from data.images.dataset import ImageDataset, ImageSplit
from evaluation.images import utility as module
from evaluation.images.utility import NOTHING, Effort, use, worth
from evaluation.judges.arms import ArmTrainer
from evaluation.judges.images import CLASSIFIERS, Classifier
from evaluation.statistics.intervals import interval, paired
from tests.evaluation.images.made import DATASET, bars, made_dataset, sides


def of(split, dataset=DATASET):
    return sides(None, split, dataset)  # no network: nothing here looks at features


@pytest.fixture(scope="module")
def report():
    """Of images of which most bear a false label."""
    made = bars(90, 10)
    false = np.random.default_rng(0).random(90) < 0.75
    planted = ImageSplit(made.images, np.where(false, (made.labels + 1) % 3, made.labels))
    return worth(of(planted), Effort(("CNN", "LDA"), 2, 40), quiet=True)


def test_the_report_is_json_and_says_what_was_done(report):
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["test_images"] == 180 and report["seeds"] == [0, 1]
    assert report["ceiling"] == "real" and report["level"] == 0.95
    sizes = {name: found["images"] for name, found in report["training_sets"].items()}
    assert sizes == {"real": 360, "synthetic": 90, "real + synthetic": 450}
    assert list(report["classifiers"]) == ["CNN", "LDA"]


def test_the_figures_fit_together(report):
    for name, cells in report["classifiers"].items():
        count = 2 if name == "CNN" else 1  # a seed changes nothing of LDA: it is trained once
        assert cells["real"]["accuracy"]["mean"] > 0.95
        assert cells["real"]["below_ceiling"]["mean"] == 0.0
        values = cells["synthetic"]["values"]
        assert len(values) == count and max(values) < 0.5
        assert cells["synthetic"]["accuracy"] == interval(values).as_json()
        expected = paired(cells["real"]["values"], values).as_json()
        assert cells["synthetic"]["below_ceiling"] == expected
        low, high = cells["synthetic"]["other_test_images"]
        assert low <= np.mean(values) <= high and high - low > 0.01
        for cell in cells.values():
            assert cell["seeds_vary"] == (CLASSIFIERS[name].varies or NOTHING)
            assert cell["choice"] == CLASSIFIERS[name].candidates[0]


def test_recall_is_counted_by_class_and_averaged_over_seeds(monkeypatch):
    asked = []

    def train(self, arm, name, seed):
        asked.append((len(arm.images), name, seed, self.updates, self.num_classes))
        answers = np.array([0, 0, 1, 1, 1, 1]) if seed == 0 else np.zeros(6, np.int64)
        found = np.eye(3, dtype=np.float32)[answers]
        return Classifier(name, {}, lambda images: found)

    monkeypatch.setattr(ArmTrainer, "train", train)
    six = ImageSplit(DATASET.test.images[:6], np.array([0, 0, 0, 1, 1, 1]))
    dataset = ImageDataset("six", DATASET.train, DATASET.validation, six, DATASET.class_names)
    found = worth(of(bars(90, 7), dataset), Effort(("SVM", "MLP"), 2, 70), quiet=True)
    cell = found["classifiers"]["SVM"]["real"]
    # Seed 0 finds 2 of 3 zeros and 3 of 3 ones, seed 1 finds all zeros and no one.
    assert cell["values"] == pytest.approx([5 / 6, 3 / 6])
    assert cell["recall"][:2] == pytest.approx([5 / 6, 3 / 6])
    assert cell["recall"][2] is None  # no test image of it
    assert cell["worst_class"] == "middle"
    # Every classifier sees every set with every seed, all alike.
    assert asked == [
        (size, name, seed, 70, 3)
        for size in (360, 90, 450)
        for name in ("SVM", "MLP")
        for seed in (0, 1)
    ]


def test_a_set_that_cannot_be_trained_on_ends_nothing(monkeypatch):
    one_class = bars(60, 7, np.ones(60, int))
    found = worth(of(one_class), Effort(("LDA",), 1, None), quiet=True)["classifiers"]["LDA"]
    assert found["synthetic"]["value"] is None and "of 1 class" in found["synthetic"]["reason"]
    assert "below_ceiling" not in found["synthetic"]
    assert found["real"]["accuracy"]["mean"] > 0.95 and found["real"]["accuracy"]["low"] is None
    monkeypatch.setattr(module, "CEILING", "none")
    cells = {"none": {"value": None}, "real": {"values": [1.0]}}
    module._add_distance(cells)
    assert "no figure for 'none'" in cells["real"]["below_ceiling"]["reason"]


def test_a_held_out_image_is_not_trained_on():
    split = bars(180, 7)
    split.images[0], split.images[1] = DATASET.test.images[3], DATASET.validation.images[4]
    refused = worth(of(split), Effort(("LDA",), 1, None), quiet=True)
    assert refused["value"] is None and "holds 2 samples" in refused["reason"]


@pytest.mark.parametrize("labelled", [True, False])
def test_without_labels_there_is_a_reason(labelled):
    dataset = made_dataset(labelled)
    unlabelled = of(ImageSplit(bars(60, 7).images, None), dataset)
    reason = "without labels" if labelled else "data with no labels"
    used, corrupted = use(unlabelled, Effort.of("smoke", 1))
    for found in (*used.values(), worth(unlabelled, Effort.of("smoke", 1))):
        assert found["value"] is None and reason in found["reason"]
    assert corrupted is None


def test_a_class_that_is_missing_puts_its_samples_at_a_disadvantage(monkeypatch):
    monkeypatch.setattr(module, "JUDGE", "LDA")  # trained in no time
    planted = of(bars(180, 7, np.arange(180) % 2))  # no "high"
    used, corrupted = use(planted, Effort(("LDA",), 1, updates=60))
    recall = used["recall_gap_trained_on_it"]
    assert recall["disadvantaged"] == [2] and recall["worst"] == 2 and recall["worst_recall"] == 0
    assert recall["value"] > 0.8 > recall["real"] and recall["trained_on"] == 180
    assert used["accuracy_corrupted"]["value"] < used["accuracy_corrupted"]["real"] - 0.1
    assert set(corrupted["classifiers"]) == {"synthetic", "real"}
    json.dumps(used, allow_nan=False)


@pytest.mark.parametrize(
    ("preset", "classifiers", "updates"), [("smoke", 1, 10), ("quick", 3, 1000), ("full", 5, None)]
)
def test_a_preset_says_how_much_is_trained(preset, classifiers, updates):
    effort = Effort.of(preset, 4)
    assert (len(effort.classifiers), effort.updates, effort.seeds) == (classifiers, updates, 4)
