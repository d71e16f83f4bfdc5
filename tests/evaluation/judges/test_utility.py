"""Utility: what is trained on what, how it is judged, and what the figures say of themselves."""

import json

import numpy as np
import pytest

from data.images.dataset import ImageSplit
from evaluation.judges import utility as module
from evaluation.judges.images import CLASSIFIERS, Classifier
from evaluation.judges.utility import NOTHING, Drawn, TrainingSet, table, utility
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
    """Training, validation and test images."""
    return bars(120, 0), bars(30, 1), bars(60, 2)


def sets(train: ImageSplit) -> list[TrainingSet]:
    """Real images, and synthetic ones of which more and more bear a false label."""

    def draw(seed: int) -> Drawn:
        generator = np.random.default_rng(seed)
        made = bars(90, seed + 10)
        false = generator.random(90) < 0.75
        return Drawn(made.images, np.where(false, (made.labels + 1) % 3, made.labels))

    real = TrainingSet.fixed("real", train.images, train.labels)
    return [real, TrainingSet("synthetic", draw, "the synthetic images")]


@pytest.fixture(scope="module")
def report(data):
    train, validation, test = data
    chosen = {"classifiers": ("LDA", "CNN"), "updates": 40, "quiet": True}
    return utility(sets(train), test, validation, NAMES, seeds=(0, 1, 2), **chosen)


def test_the_report_is_json_and_says_what_was_done(report):
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["test_images"] == 60 and report["seeds"] == [0, 1, 2]
    assert report["validation_images"] == 0  # one candidate: nothing was chosen by them
    assert report["ceiling"] == "real" and report["level"] == 0.95
    assert report["training_sets"] == {
        "real": {"images": 120, "seed_changes": ""},
        "synthetic": {"images": 90, "seed_changes": "the synthetic images"},
    }


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
        assert low < np.mean(values) < high


def test_each_cell_says_what_its_seeds_vary(report):
    cells = report["classifiers"]
    assert cells["LDA"]["real"]["seeds_vary"] == NOTHING
    assert cells["LDA"]["real"]["accuracy"]["low"] == 1.0
    assert cells["LDA"]["synthetic"]["seeds_vary"] == "the synthetic images"
    network = CLASSIFIERS["CNN"].varies
    assert cells["CNN"]["real"]["seeds_vary"] == network
    assert cells["CNN"]["synthetic"]["seeds_vary"] == f"{network}; the synthetic images"


def test_the_table_has_a_line_a_set_and_the_causes(report):
    lines = table(report).splitlines()
    assert "60 real test images" in lines[0] and "95%" in lines[0] and "3 seeds" in lines[0]
    assert lines[2].startswith("real ") and "100.00 [100.00, 100.00]" in lines[2]
    assert lines[3].startswith("synthetic ") and "90" in lines[3]
    assert sum(line.startswith("seeds vary: ") for line in lines) == 4


@pytest.fixture
def trainings(monkeypatch):
    """Classifiers that answer what the test says, and remember how they were trained."""
    calls = []

    def train_classifier(name, images, labels, seed, weight, validation, num_classes, *more):
        candidates, choice, updates, augment = more
        calls.append(
            {
                "name": name,
                "images": images,
                "seed": seed,
                "weight": weight,
                "validation": validation,
                "choice": choice,
                "budget": (candidates, updates),
                "augment": augment,
            }
        )
        answers = np.array([0, 0, 1, 1, 1, 1])[None] * np.ones((1, 6), np.int64)
        if seed == 1:
            answers = np.zeros((1, 6), np.int64)
        found = np.eye(num_classes, dtype=np.float32)[answers[0]]
        return Classifier(name, choice or {"chosen with": seed}, None, lambda images: found)

    monkeypatch.setattr(module, "train_classifier", train_classifier)
    return calls


def six_images() -> ImageSplit:
    return ImageSplit(np.zeros((6, 8, 8, 1), np.uint8), np.array([0, 0, 0, 1, 1, 1]))


def test_recall_is_counted_by_class_and_averaged_over_seeds(data, trainings):
    train, _, _ = data
    cells = utility(
        sets(train)[:1], six_images(), None, NAMES, (0, 1), classifiers=("LDA",), quiet=True
    )
    cell = cells["classifiers"]["LDA"]["real"]
    # Seed 0 finds 2 of 3 zeros and 3 of 3 ones, seed 1 finds all zeros and no one.
    assert cell["values"] == pytest.approx([5 / 6, 3 / 6])
    assert cell["recall"][:2] == pytest.approx([5 / 6, 3 / 6])
    assert cell["recall"][2] is None  # no test image of it
    assert cell["worst_class"] == "one"


def test_a_choice_is_made_once_for_each_set_and_classifier(data, trainings):
    train, validation, _ = data
    draws = []

    def draw(seed: int) -> Drawn:
        draws.append(seed)
        return Drawn(train.images, train.labels, np.full(120, 2.0), len)

    utility(
        [TrainingSet("a", draw), TrainingSet("b", draw)],
        six_images(),
        validation,
        NAMES,
        seeds=(4, 5),
        classifiers=("LDA", "MLP"),
        candidates=3,
        updates=70,
        quiet=True,
    )
    assert all(call["budget"] == (3, 70) for call in trainings)
    assert draws == [4, 5, 4, 5]  # once for both classifiers
    assert [(call["name"], call["seed"]) for call in trainings] == 2 * [
        ("LDA", 4),
        ("MLP", 4),
        ("LDA", 5),
        ("MLP", 5),
    ]
    assert [call["choice"] for call in trainings if call["seed"] == 4] == [None] * 4
    assert [call["choice"] for call in trainings if call["seed"] == 5] == [{"chosen with": 4}] * 4
    assert all(call["validation"] is validation and call["augment"] is len for call in trainings)
    assert all((call["weight"] == 2).all() for call in trainings)


def test_a_set_that_cannot_be_trained_on_is_a_reason_and_no_end(data):
    train, _, test = data
    one = train.take(np.flatnonzero(train.labels == 0))
    real = TrainingSet.fixed("real", train.images, train.labels)
    broken = TrainingSet.fixed("one class", one.images, one.labels)
    chosen = {"classifiers": ("LDA",), "quiet": True, "seeds": (0, 1)}
    found = utility([real, broken], test, None, NAMES, **chosen)["classifiers"]["LDA"]
    assert found["one class"]["value"] is None and "of 1 class" in found["one class"]["reason"]
    assert "below_ceiling" not in found["one class"]
    assert found["real"]["accuracy"]["mean"] == 1.0
    report = utility([real, broken], test, None, NAMES, ceiling="one class", **chosen)
    found = report["classifiers"]["LDA"]
    assert "no figure for 'one class'" in found["real"]["below_ceiling"]["reason"]
    assert "–" in table(report)


def test_one_seed_has_no_interval(data):
    train, _, test = data
    found = utility(
        sets(train)[:1], test, None, NAMES, seeds=(0,), classifiers=("LDA",), quiet=True
    )
    assert found["classifiers"]["LDA"]["real"]["accuracy"] == {
        "mean": 1.0,
        "low": None,
        "high": None,
        "n": 1,
    }
    assert table(found).splitlines()[2].endswith("100.00")


@pytest.mark.parametrize("part", ["validation", "test"])
def test_held_out_images_may_not_be_trained_on(data, part):
    train, validation, test = data
    leaked = {"validation": validation, "test": test}[part].images[:1]
    images = np.concatenate([train.images, leaked])
    leaking = TrainingSet.fixed("leaking", images, np.append(train.labels, 0))
    with pytest.raises(InputError, match=rf"'leaking' holds 1 samples .*120 is {part}\[0\]"):
        utility([leaking], test, validation, NAMES, classifiers=("LDA",), quiet=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"training_sets": []}, "no training set"),
        ({"training_sets": "twice"}, "different names"),
        ({"ceiling": "gan"}, "ceiling 'gan'"),
        ({"classifiers": ("forest",)}, "classifiers \\['forest'\\]"),
        ({"test": ImageSplit(np.zeros((2, 8, 8, 1), np.uint8), None)}, "labels missing"),
        ({"test": ImageSplit(np.zeros((0, 8, 8, 1), np.uint8), np.zeros(0, int))}, "0 test images"),
        ({"seeds": ()}, "seeds \\[\\]"),
        ({"seeds": (1, 1)}, "seeds \\[1, 1\\]"),
        ({"candidates": 0}, "0 candidates"),
    ],
)
def test_wrong_arguments_are_refused(data, change, message):
    train, validation, test = data
    real = TrainingSet.fixed("real", train.images, train.labels)
    given = {"training_sets": [real], "test": test, "validation": validation, **change}
    if given["training_sets"] == "twice":
        given["training_sets"] = [real, real]
    with pytest.raises(InputError, match=message):
        utility(class_names=NAMES, quiet=True, **given)
