"""`evaluate images` on files of any origin: planted copies, leaks and biases are found."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import run
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.synthetic.provenance import Samples
from evaluation import metrics as metrics_folder
from evaluation.config import ImagesEvaluateSettings
from evaluation.images import evidence as image_evidence
from evaluation.images import use as image_use
from evaluation.images.command import evaluate, with_held_out
from evaluation.images.evidence import Sides, attacks, bias, copies, evidence
from evaluation.images.features import FeatureNetwork
from evaluation.images.use import Effort, use, worth
from foundation.errors import InputError

COMMAND = [sys.executable, str(Path(run.__file__))]
NAMES = ("low", "middle", "high")


def bars(count, seed, labels=None):
    """A bright bar at one of three heights (the class), drawn from five kinds in each."""
    generator = np.random.default_rng([9, seed])
    labels = np.arange(count) % 3 if labels is None else np.asarray(labels)
    images = generator.integers(0, 70, (count, 9, 9, 1))
    starts = generator.integers(0, 5, count)
    for image, label, start in zip(images, labels, starts, strict=True):
        image[3 * label : 3 * label + 3, start : start + 5] += 170
    return ImageSplit(images.astype(np.uint8), labels.astype(np.int64))


def made_dataset(labelled=True, names=NAMES):
    parts = [bars(count, seed) for count, seed in ((360, 0), (150, 1), (180, 2))]
    if not labelled:
        parts, names = [ImageSplit(part.images, None) for part in parts], ()
    return ImageDataset("made", *parts, names)


DATASET = made_dataset()


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    cache = tmp_path_factory.mktemp("networks")
    return FeatureNetwork.for_dataset(DATASET, epochs=25, cache=cache)


def sides(network, split, dataset=DATASET):
    source = Samples("made", split.images, split.labels)
    return Sides.of(dataset, source, network, count=200, seed=0)


@pytest.fixture(scope="module")
def good(network):
    return sides(network, bars(180, 7))


@pytest.fixture(scope="module")
def answers(good):
    return evidence(good)


def test_every_question_has_its_figure_the_real_one_and_words(answers):
    metrics, plane = answers
    assert set(metrics) == set(image_evidence.HOW_TO_READ) and plane is not None
    for name, metric in metrics.items():
        assert metric["value"] is not None and metric["real"] is not None, (name, metric)
        assert metric["how_to_read"], name
    json.dumps(metrics, allow_nan=False)


def test_honest_samples_are_accused_of_nothing(answers):
    metrics, _ = answers
    assert metrics["held_out_copies"]["value"] == metrics["near_copies"]["value"] == 0
    for name in ("attack_auc_distance", "attack_auc_calibrated"):
        assert metrics[name]["low"] < 0.5, name
        assert metrics[name]["if_copied"] > metrics[name]["real"] + 0.05, name
    assert metrics["class_share_bias"]["over"] == metrics["class_share_bias"]["under"] == []
    assert metrics["plane_accuracy"]["value"] > 0.9


def test_planted_copies_are_found_by_the_memorisation_check(network, answers):
    split = bars(250, 7)  # of which 200 are drawn
    split.images[20:240] = DATASET.train.images[100:320]
    noise = np.random.default_rng(0).integers(-6, 7, (220, 9, 9, 1))
    split.images[20:240] = np.clip(split.images[20:240] + noise, 0, 255)  # no hash finds them
    planted = sides(network, split)
    metrics = copies(planted) | attacks(planted)
    near = metrics["near_copies"]
    drawn = ((planted.numbers >= 20) & (planted.numbers < 240)).sum()
    assert near["value"] == drawn > 100 and near["real"] == 0
    assert near["pairs"] and all(made + 80 == original for made, original in near["pairs"])
    honest = answers[0]["nearer_to_training"]["value"]
    assert metrics["nearer_to_training"]["value"] > honest + 0.1
    for name in ("attack_auc_distance", "attack_auc_calibrated"):
        assert metrics[name]["low"] > 0.55, name
        assert metrics[name]["real"] < metrics[name]["value"], name
        assert metrics[name]["real"] == answers[0][name]["real"], name  # no synthetic image in it
        assert metrics[name]["found_at_1_percent"] > 0.15, name
        assert "distances alone prove nothing" in metrics[name]["caution"]


def test_a_held_out_image_among_the_samples_is_counted_and_not_trained_on(network):
    split = bars(180, 7)
    split.images[0], split.images[1] = DATASET.test.images[3], DATASET.validation.images[4]
    planted = sides(network, split)
    found = copies(planted)["held_out_copies"]
    assert found["value"] == 2 and found["real"] == 0
    refused = worth(planted, Effort(("LDA",), 1, None), quiet=True)
    assert refused["value"] is None and "holds 2 samples" in refused["reason"]


def test_a_planted_bias_of_shares_is_found_by_its_class(network):
    asked = np.arange(180) % 3
    shown = asked.copy()
    shown[np.flatnonzero(asked == 2)[:40]] = 0  # two of three "high" show "low"
    metrics = bias(sides(network, ImageSplit(bars(180, 7, shown).images, asked)))
    assert metrics["class_share_bias"]["over"] == [0]
    assert metrics["class_share_bias"]["under"] == [2]
    assert metrics["class_confirmed_gap"]["worst"] == 2
    assert metrics["class_confirmed_gap"]["value"] > 0.5 > metrics["class_confirmed_gap"]["real"]


def test_a_class_of_which_one_kind_is_drawn_is_found_by_its_coverage(network):
    split = bars(180, 7)
    highs = np.flatnonzero(split.labels == 2)
    split.images[highs] = split.images[highs[0]]
    gap = bias(sides(network, split))["coverage_gap"]
    assert gap["worst"] == 2 and gap["value"] > gap["real"] + 0.3


def test_shares_are_those_of_the_real_data_where_nothing_was_asked_for(network):
    unlabelled = sides(network, ImageSplit(bars(180, 7, np.repeat([0, 0, 1], 60)).images, None))
    metrics, _ = evidence(unlabelled)
    assert metrics["class_share_bias"]["over"] == [0]
    assert metrics["class_share_bias"]["under"] == [2]
    assert metrics["plane_accuracy"]["real"] > 0.8  # the real side has an answer
    used, corrupted = use(unlabelled, Effort.of("smoke", 1))
    for found in (metrics["class_confirmed_gap"], metrics["plane_accuracy"], *used.values()):
        assert found["value"] is None and "without labels" in found["reason"]
    assert corrupted is None
    assert "without labels" in worth(unlabelled, Effort.of("smoke", 1))["reason"]


def test_a_class_that_is_missing_puts_its_samples_at_a_disadvantage(network):
    planted = sides(network, bars(180, 7, np.arange(180) % 2))  # no "high"
    used, corrupted = use(planted, Effort(("LDA",), 1, updates=150))
    recall = used["recall_gap_trained_on_it"]
    assert recall["disadvantaged"] == [2] and recall["worst"] == 2 and recall["worst_recall"] == 0
    assert recall["value"] > 0.8 > recall["real"] and recall["trained_on"] == 180
    assert used["accuracy_corrupted"]["value"] < used["accuracy_corrupted"]["real"] - 0.1
    assert set(corrupted["classifiers"]) == {"synthetic", "real"}
    json.dumps(used, allow_nan=False)


def test_the_worth_of_honest_samples_is_that_of_real_ones(good):
    report = worth(good, Effort(("SVM", "LDA"), 2, None), quiet=True)
    assert report["ceiling"] == "real" and report["seeds"] == [0, 1]
    assert report["training_sets"]["real + synthetic"]["images"] == 360 + 180
    assert list(report["classifiers"]) == ["SVM", "LDA"]
    # A seed changes nothing of LDA: it is trained once.
    assert [len(cells["real"]["values"]) for cells in report["classifiers"].values()] == [2, 1]
    for cells in report["classifiers"].values():
        made, real = (cells[name]["accuracy"]["mean"] for name in ("synthetic", "real"))
        assert made == pytest.approx(real, abs=0.1) and real > 0.8


def test_without_labels_what_cannot_be_answered_says_why(tmp_path):
    dataset = made_dataset(labelled=False)
    network = FeatureNetwork.for_dataset(dataset, epochs=1, cache=tmp_path)
    unlabelled = sides(network, ImageSplit(bars(60, 7).images, None), dataset)
    metrics, plane = evidence(unlabelled)
    for name in ("class_share_bias", "coverage_gap", "plane_accuracy"):
        assert metrics[name]["value"] is None and metrics[name]["reason"], name
    assert metrics["attack_auc_distance"]["value"] is not None and plane is None
    json.dumps(metrics, allow_nan=False)


def test_one_sample_has_reasons_and_a_report(network):
    metrics, _ = evidence(sides(network, bars(1, 7)))
    assert metrics["attack_auc_distance"]["value"] is None
    assert "at least 2 of each" in metrics["attack_auc_distance"]["reason"]
    assert metrics["near_copies"]["value"] == 0


@pytest.mark.parametrize(
    ("preset", "classifiers", "updates"), [("smoke", 1, 10), ("quick", 3, 1000), ("full", 5, None)]
)
def test_a_preset_says_how_much_is_trained(preset, classifiers, updates):
    effort = Effort.of(preset, 4)
    assert (len(effort.classifiers), effort.updates, effort.seeds) == (classifiers, updates, 4)


# The command --------------------------------------------------------------------------------------


def save(path, split, **more):
    np.savez(path, images=split.images, labels=split.labels, **more)
    return f"npz:{path}"


def folder(root, split, names=NAMES):
    for name in names:
        (root / name).mkdir(parents=True)
    for index, (image, label) in enumerate(zip(split.images, split.labels, strict=True)):
        Image.fromarray(image[..., 0]).save(root / names[label] / f"{index:03d}.png")
    return f"folder:{root}"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("images")
    save(path / "real.npz", bars(300, 0), class_names=np.array(NAMES))
    save(path / "other.npz", bars(80, 3), class_names=np.array(NAMES))
    save(path / "made.npz", bars(90, 7))
    folder(path / "made", bars(30, 8))
    return path


def test_in_the_shell(place):
    words = ["evaluate", "images", "npz:real.npz", "npz:made.npz", "--preset", "smoke"]
    done = subprocess.run(
        [*COMMAND, *words, "--json", "--out", "report"], capture_output=True, text=True, cwd=place
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report == json.loads((place / "report" / "metrics.json").read_text())
    names = {"frechet_distance", *image_evidence.HOW_TO_READ, *image_use.HOW_TO_READ}
    assert names <= set(report["metrics"])
    assert set(report["utility"]["training_sets"]) == {"real", "synthetic", "real + synthetic"}
    for name in ("plane", "robustness", "nearest_first", "class_histogram"):
        with Image.open(place / "report" / f"{name}.png") as picture:
            assert picture.width > 100, name
    assert "distances alone prove nothing" in done.stderr
    assert "drawn too often" in done.stderr and "WARNING" not in done.stderr


TOY = '''"""How dark the images are."""

from evaluation.metrics.metric import Metric, Words


def darkness(candidate, real):
    return {"darkness": {"value": float(255 - candidate.images.mean())}}


METRIC = Metric(9, darkness, "training", {"darkness": Words("Darkness", "of 255", "like the real")})
'''


def test_a_folder_held_out_images_and_a_metric_that_is_one_file_more(
    place, monkeypatch, capsys, tmp_path
):
    (tmp_path / "darkness.py").write_text(TOY)
    monkeypatch.setattr("evaluation.metrics.__path__", [*metrics_folder.__path__, str(tmp_path)])
    monkeypatch.chdir(place)
    given = {"real": "npz:real.npz", "synthetic": "folder:made", "preset": "smoke"}
    report = evaluate(ImagesEvaluateSettings.resolve({**given, "held_out": "npz:other.npz"}))
    assert report["synthetic_count"] == 30 and report["held_out_count"] == 30
    assert report["utility"]["test_images"] == 40
    table = capsys.readouterr().out
    assert "attack_auc_calibrated" in table and "recognised least" in table
    dark = report["metrics"]["darkness"]
    assert dark["value"] == pytest.approx(dark["real"], abs=20) and "like the real" in table
    assert sorted(path.name for path in place.glob("metrics*")) == []


def test_with_held_out_images_all_of_real_is_training_data(place):
    real, other = (load_images(f"npz:{place / name}") for name in ("real.npz", "other.npz"))
    dataset = with_held_out(real, other)
    assert len(dataset.train) == 300 and len(dataset.validation) == len(dataset.test) == 40
    assert np.abs(np.bincount(dataset.test.labels) - 80 / 6).max() <= 1
    pixels = [{image.tobytes() for image in part.images} for part in dataset.splits.values()]
    assert not pixels[0] & pixels[1] and not pixels[1] & pixels[2] and not pixels[0] & pixels[2]


def test_images_in_both_are_left_out_of_the_held_out_ones(place, tmp_path):
    real = load_images(f"npz:{place / 'real.npz'}")
    split = bars(60, 3)
    split.images[:50], split.labels[:50] = real.train.images[:50], real.train.labels[:50]
    other = load_images(save(tmp_path / "o.npz", split, class_names=np.array(NAMES)))
    dataset = with_held_out(real, other)
    assert len(dataset.validation) + len(dataset.test) == 10
    same = load_images(f"npz:{place / 'real.npz'}")
    with pytest.raises(InputError, match="0 images that"):
        with_held_out(real, same)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"synthetic": "npz:nowhere.npz"}, "nowhere.npz is no file"),
        ({"synthetic": "made.npz"}, "made.npz has no manifest"),
        ({"held_out": "npz:made.npz"}, "--held-out npz:made.npz with classes 0, 1, 2"),
        ({"out": "made"}, "is not empty"),
    ],
)
def test_what_is_at_fault_is_named(place, monkeypatch, given, message):
    monkeypatch.chdir(place)
    words = {"real": "npz:real.npz", "synthetic": "npz:made.npz", "preset": "smoke", **given}
    with pytest.raises(InputError, match=message):
        evaluate(ImagesEvaluateSettings.resolve({**words, "quiet": True}))
