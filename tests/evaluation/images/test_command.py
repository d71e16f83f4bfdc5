"""`evaluate images` on files of any origin: planted copies, leaks and biases are found."""

import json

import numpy as np
import pytest
from PIL import Image

from data.images.dataset import ImageSplit
from data.images.load import load_images
from evaluation import metrics as metrics_folder
from evaluation.config import ImagesEvaluateSettings
from evaluation.images.command import evaluate, with_held_out
from evaluation.images.evidence import attacks, bias, copies, evidence
from evaluation.images.features import FeatureNetwork
from foundation.errors import InputError
from tests.contributing import example
from tests.evaluation.images.made import DATASET, NAMES, bars, made_dataset, sides
from tests.shell import PROGRAM, ran

EVIDENCE = {
    "held_out_copies",
    "near_copies",
    "nearer_to_training",
    "attack_auc_distance",
    "attack_auc_calibrated",
    "class_share_bias",
    "class_confirmed_gap",
    "coverage_gap",
    "plane_accuracy",
}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    cache = tmp_path_factory.mktemp("networks")
    return FeatureNetwork.for_dataset(DATASET, epochs=14, cache=cache)


@pytest.fixture(scope="module")
def answers(network):
    return evidence(sides(network, bars(180, 7)))


def test_every_question_has_its_figure_the_real_one_and_words(answers):
    metrics, plane = answers
    assert set(metrics) == EVIDENCE and plane is not None
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
    split.images[0], split.images[1] = DATASET.test.images[3], DATASET.validation.images[4]
    planted = sides(network, split)
    metrics = copies(planted) | attacks(planted)
    near = metrics["near_copies"]
    drawn = ((planted.numbers >= 20) & (planted.numbers < 240)).sum()
    assert near["value"] == drawn > 100 and near["real"] == 0
    assert near["pairs"] and all(made + 80 == original for made, original in near["pairs"])
    held_out = metrics["held_out_copies"]
    assert held_out["value"] == np.isin([0, 1], planted.numbers).sum() > 0 == held_out["real"]
    honest = answers[0]["nearer_to_training"]["value"]
    assert metrics["nearer_to_training"]["value"] > honest + 0.1
    assert metrics["nearer_to_training"]["compared_with"] == len(DATASET.test)
    for name in ("attack_auc_distance", "attack_auc_calibrated"):
        assert metrics[name]["low"] > 0.55, name
        assert metrics[name]["real"] < metrics[name]["value"], name
        assert metrics[name]["real"] == answers[0][name]["real"], name  # no synthetic image in it
        assert metrics[name]["found_at_1_percent"] > 0.15, name
        assert "distances alone prove nothing" in metrics[name]["caution"]


def test_held_out_images_with_noise_on_them_are_noticed(network, answers):
    split, noise = bars(180, 7), np.random.default_rng(0).normal(0, 20, (180, 9, 9, 1))
    assert not any("warning" in metric for metric in answers[0].values())
    split.images[:] = np.clip(DATASET.test.images + noise, 0, 255)
    metrics, _ = evidence(sides(network, split))
    assert {name for name, metric in metrics.items() if "warning" in metric} == {
        "nearer_to_training",
        "attack_auc_distance",
        "attack_auc_calibrated",
    }


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
    for found in (metrics["class_confirmed_gap"], metrics["plane_accuracy"]):
        assert found["value"] is None and "without labels" in found["reason"]


def test_what_cannot_be_answered_says_why(network):
    dataset = made_dataset(labelled=False)
    metrics, plane = evidence(sides(network, ImageSplit(bars(60, 7).images, None), dataset))
    for name in ("class_share_bias", "coverage_gap", "plane_accuracy"):
        assert metrics[name]["value"] is None and metrics[name]["reason"], name
    assert metrics["attack_auc_distance"]["value"] is not None and plane is None
    one, _ = evidence(sides(network, bars(1, 7)))
    assert one["attack_auc_distance"]["value"] is None
    assert "at least 2 of each" in one["attack_auc_distance"]["reason"]
    assert one["near_copies"]["value"] == 0
    json.dumps([metrics, one], allow_nan=False)


# The command --------------------------------------------------------------------------------------


def save(path, split, **more):
    np.savez(path, images=split.images, labels=split.labels, **more)
    return f"npz:{path}"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    path = tmp_path_factory.mktemp("images")
    save(path / "real.npz", bars(300, 0), class_names=np.array(NAMES))
    save(path / "other.npz", bars(80, 3), class_names=np.array(NAMES))
    save(path / "made.npz", bars(90, 7))
    few = bars(30, 8)
    for index, (image, label) in enumerate(zip(few.images, few.labels, strict=True)):
        (path / "made" / NAMES[label]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[..., 0]).save(path / "made" / NAMES[label] / f"{index:03d}.png")
    return path


def test_in_the_shell(place):
    words = ["evaluate", "images", "npz:real.npz", "npz:made.npz", "--preset", "smoke"]
    done = ran(place, PROGRAM, *words, "--json", "--out", "report")
    report = json.loads(done.stdout)
    assert report == json.loads((place / "report" / "metrics.json").read_text())
    others = {"frechet_distance", "recall_gap_trained_on_it", "accuracy_corrupted"}
    assert others | EVIDENCE <= set(report["metrics"])
    assert set(report["utility"]["training_sets"]) == {"real", "synthetic", "real + synthetic"}
    for name in ("plane", "robustness", "nearest_first", "class_histogram"):
        with Image.open(place / "report" / f"{name}.png") as picture:
            assert picture.width > 100, name
    assert "distances alone prove nothing" in done.stderr
    assert "drawn too often" in done.stderr and "WARNING" not in done.stderr


def test_a_folder_held_out_images_and_a_metric_that_is_one_file_more(
    place, monkeypatch, capsys, tmp_path
):
    (tmp_path / "darkness.py").write_text(example("A metric"))
    monkeypatch.setattr("evaluation.metrics.__path__", [*metrics_folder.__path__, str(tmp_path)])
    monkeypatch.setattr("evaluation.images.utility.JUDGE", "LDA")  # trained in no time
    monkeypatch.chdir(place)
    given = {"real": "npz:real.npz", "synthetic": "folder:made", "preset": "smoke"}
    report = evaluate(ImagesEvaluateSettings.resolve({**given, "held_out": "npz:other.npz"}))
    assert report["synthetic_count"] == 30 and report["held_out_count"] == 30
    assert report["utility"]["test_images"] == 40
    table = capsys.readouterr().out
    assert "attack_auc_calibrated" in table and "recognised least" in table
    assert {metric["few"] for metric in report["metrics"].values()} == {30}
    assert "from 30 images, too few to go by" in table
    dark = report["metrics"]["darkness"]
    assert dark["value"] == pytest.approx(dark["real"], abs=20) and "like the real" in table
    assert sorted(path.name for path in place.glob("metrics*")) == []


def test_with_held_out_images_all_of_real_is_training_data(place, tmp_path):
    real, other = (load_images(f"npz:{place / name}") for name in ("real.npz", "other.npz"))
    dataset = with_held_out(real, other)
    assert len(dataset.train) == 300 and len(dataset.validation) == len(dataset.test) == 40
    assert np.abs(np.bincount(dataset.test.labels) - 80 / 6).max() <= 1
    pixels = [{image.tobytes() for image in part.images} for part in dataset.splits.values()]
    assert not pixels[0] & pixels[1] and not pixels[1] & pixels[2] and not pixels[0] & pixels[2]
    split = bars(60, 3)  # images in both are left out of the held-out ones
    split.images[:50], split.labels[:50] = real.train.images[:50], real.train.labels[:50]
    other = load_images(save(tmp_path / "o.npz", split, class_names=np.array(NAMES)))
    dataset = with_held_out(real, other)
    assert len(dataset.validation) + len(dataset.test) == 10
    with pytest.raises(InputError, match="0 images that"):
        with_held_out(real, real)


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
