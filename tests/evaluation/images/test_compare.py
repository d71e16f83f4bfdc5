"""The whole report: a real figure beside every value, reasons, planted faults."""

import dataclasses
import json

import numpy as np
import pytest

from data.images.load import ImageDataset, ImageSplit
from evaluation.images.compare import compare_images
from evaluation.images.features import FeatureNetwork
from evaluation.metrics.arrays import drawn
from evaluation.metrics.likeness.frechet import frechet_distance
from evaluation.metrics.metric import image_metrics, titles
from foundation.errors import InputError
from foundation.purposes import COMPARED_IMAGES

COUNT = 60
NAMES = [
    "frechet_distance",
    "precision",
    "recall",
    "density",
    "coverage",
    "class_confirmed",
    "class_shares",
    "class_distance",
    "parzen_log_likelihood",
    "different_bins",
    "different_bins_published",
    "jensen_shannon",
    "nearest_training_pixels",
    "nearest_training_features",
    "exact_copies",
]


def make_split(count, seed, labelled=True):
    """Noise around 60 (class 0) and around 190 (class 1)."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = generator.integers(-50, 50, (count, 8, 8, 1)) + 60 + 130 * labels[:, None, None, None]
    return ImageSplit(images.astype(np.uint8), labels.astype(np.int64) if labelled else None)


def make_dataset(labelled=True):
    splits = (make_split(n, seed, labelled) for n, seed in ((256, 0), (80, 1), (70, 2)))
    return ImageDataset("made", *splits, ("dark", "bright") if labelled else ())


@pytest.fixture(scope="module")
def dataset():
    return make_dataset()


@pytest.fixture(scope="module")
def network(dataset, tmp_path_factory):
    cache = tmp_path_factory.mktemp("feature_networks")
    return FeatureNetwork.for_dataset(dataset, epochs=6, cache=cache)


@pytest.fixture(scope="module")
def good(dataset, network):
    """The report on samples of the very distribution of the data."""
    split = make_split(COUNT, seed=9)
    return compare_images(dataset, split.images, split.labels, network)


def test_every_metric_has_a_value_its_real_figure_and_its_words(good):
    assert list(good["metrics"]) == NAMES
    for name, metric in good["metrics"].items():
        assert metric["value"] is not None and metric["real"] is not None, name
        assert metric["protocol"] and metric["how_to_read"], name
    json.dumps(good, allow_nan=False)


def test_every_metric_has_a_place_of_its_own_a_stand_in_and_a_title():
    metrics = image_metrics()
    assert len({metric.place for metric in metrics}) == len(metrics)
    assert {metric.stand_in for metric in metrics} == {"other", "training", "held_out"}
    assert titles()["frechet_distance"] == "Fréchet distance" and list(titles()) == NAMES


def test_the_report_says_what_was_compared(good, dataset):
    assert (good["synthetic_count"], good["real_count"], good["held_out_count"]) == (60, 60, 60)
    assert good["split"] == "test" and good["data_sha256"] == dataset.sha256
    assert good["features"] == "classes" and good["feature_network_test_accuracy"] == 1.0


def test_good_samples_have_figures_like_the_real_ones(good):
    metrics = good["metrics"]
    for name in ("precision", "recall", "coverage", "class_confirmed"):
        assert metrics[name]["value"] == pytest.approx(metrics[name]["real"], abs=0.2), name
    assert metrics["class_confirmed"]["value"] == 1.0
    assert metrics["class_shares"]["value"] == [0.5, 0.5]
    assert metrics["exact_copies"]["value"] == 0


def test_a_generator_that_drops_a_class_is_seen(dataset, network, good):
    split = make_split(2 * COUNT, seed=9)
    dark = split.images[split.labels == 0]
    metrics = compare_images(dataset, dark, np.zeros(COUNT, int), network)["metrics"]
    assert metrics["class_shares"]["value"] == [1.0, 0.0]
    assert metrics["class_distance"]["value"] > 0.3
    assert metrics["recall"]["value"] < 0.7 < good["metrics"]["recall"]["value"]
    worse = good["metrics"]["frechet_distance"]["value"]
    assert metrics["frechet_distance"]["value"] > 5 * worse
    assert metrics["different_bins"]["value"] > 2 * good["metrics"]["different_bins"]["value"]


def test_wrong_labels_are_not_confirmed(dataset, network):
    split = make_split(COUNT, seed=9)
    metrics = compare_images(dataset, split.images, 1 - split.labels, network)["metrics"]
    assert metrics["class_confirmed"]["value"] == 0.0
    assert metrics["class_confirmed"]["real"] == 1.0


def test_planted_copies_are_counted_and_listed_by_the_callers_index(dataset, network):
    """The caller's also where only some of the samples are drawn."""
    images = make_split(COUNT, seed=9).images
    images[::2] = dataset.train.images[100:130]
    report = compare_images(dataset, images, None, network, count=40)
    metrics = report["metrics"]
    assert report["synthetic_count"] == 40
    assert 10 < metrics["exact_copies"]["value"] < 30 and metrics["exact_copies"]["real"] == 0
    closest = metrics["nearest_training_pixels"]["closest"]
    for pair in closest:
        sample, neighbour = images[pair["sample"]], dataset.train.images[pair["training"]]
        difference = (sample.astype(float) - neighbour) / 255
        assert pair["distance"] == pytest.approx(np.sqrt((difference**2).sum()), rel=1e-5)
    copies = [pair for pair in closest if pair["distance"] == 0]
    assert len(copies) == min(20, metrics["exact_copies"]["value"])
    assert all(pair["training"] == 100 + pair["sample"] // 2 for pair in copies)


def test_the_training_images_pass_through_the_network_once(dataset, network, monkeypatch):
    passed, outputs = [], FeatureNetwork.outputs
    monkeypatch.setattr(
        FeatureNetwork,
        "outputs",
        lambda network, images: passed.append(len(images)) or outputs(network, images),
    )
    for seed in (9, 10):
        compare_images(dataset, make_split(COUNT, seed).images, None, network, count=37)
    assert passed.count(len(dataset.train)) == 1


@pytest.mark.parametrize(
    ("split", "count", "expected"),
    [("test", 60, "validation"), ("test", 90, "train"), ("validation", 60, "train")],
)
def test_the_real_figure_is_of_images_that_nobody_learnt_from(
    dataset, network, split, count, expected
):
    """80 validation images are too few for 90; by them nobody looks at the test images."""
    images = make_split(90, seed=9).images
    report = compare_images(dataset, images, None, network, count, split)
    assert report["real_split"] == expected
    held_out, other = (getattr(dataset, name).images for name in (split, expected))
    features = (
        network.outputs(images[drawn(len(images), count, 0, COMPARED_IMAGES, number)])[0]
        for number, images in enumerate((other, held_out), 1)
    )
    found = report["metrics"]["frechet_distance"]["real"]
    assert found == pytest.approx(frechet_distance(*features), rel=1e-6)


def test_a_metric_without_an_answer_says_why_and_the_others_stand(dataset, network):
    report = compare_images(dataset, make_split(3, seed=9).images, None, network)
    metrics = report["metrics"]
    assert metrics["precision"]["value"] is None
    assert "3 samples; at least 6" in metrics["precision"]["reason"]
    assert metrics["class_confirmed"]["value"] is None
    assert "without labels" in metrics["class_confirmed"]["reason"]
    assert metrics["parzen_log_likelihood"]["value"] is not None
    one = compare_images(dataset, make_split(1, seed=9).images, None, network)["metrics"]
    assert "at least 2" in one["frechet_distance"]["reason"]
    json.dumps([report, one], allow_nan=False)


@pytest.mark.parametrize("classes", [0, 1])
def test_without_classes_there_are_no_class_metrics_and_the_others_stand(network, classes):
    dataset, images = make_dataset(labelled=False), make_split(COUNT, seed=9).images
    labels = np.zeros(COUNT, int) if classes else None
    if classes:
        splits = (
            ImageSplit(each.images, np.zeros(len(each.images), int))
            for each in dataset.splits.values()
        )
        dataset = ImageDataset("made", *splits, ("dark",))
    uncached = dataclasses.replace(network, directory=None)
    metrics = compare_images(dataset, images, labels, uncached)["metrics"]
    for name in ("class_shares", "class_distance", "class_confirmed"):
        assert metrics[name]["value"] is None
        assert ("no labels", "one class")[classes] in metrics[name]["reason"]
    assert metrics["frechet_distance"]["value"] is not None


def test_without_a_cache_the_figures_are_the_same(dataset, network, good, monkeypatch, capsys):
    split = make_split(COUNT, seed=9)
    uncached = dataclasses.replace(network, directory=None)
    assert compare_images(dataset, split.images, split.labels, uncached) == good

    def read_only(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("evaluation.images.compare.write_json", read_only)
    report = compare_images(dataset, split.images, split.labels, network, seed=11)
    assert report["metrics"]["recall"]["real"] is not None
    assert "warning: what real images score cannot be cached" in capsys.readouterr().err


def test_validation_never_looks_at_the_test_images(dataset, network):
    """Choices are made on this split: its report must be the same whatever the test images are."""
    split = make_split(COUNT, seed=9)
    noise = ImageSplit(255 - dataset.test.images, dataset.test.labels)
    other = dataclasses.replace(dataset, test=noise)
    reports = []
    for data in (dataset, other):
        for figures in network.directory.glob("real-*"):
            figures.unlink()
        reports.append(
            compare_images(data, split.images, split.labels, network, split="validation")
        )
    assert reports[0]["metrics"] == reports[1]["metrics"]
    assert reports[0]["data_sha256"] != reports[1]["data_sha256"]


def test_real_figures_are_measured_once_and_anew_if_damaged(dataset, network):
    split = make_split(COUNT, seed=9)
    first = compare_images(dataset, split.images, split.labels, network, seed=5)
    (stored,) = network.directory.glob("real-*-5.json")
    for content in ("{", "{}"):
        stored.write_text(content)
        assert compare_images(dataset, split.images, split.labels, network, seed=5) == first
    figures = json.loads(stored.read_text())
    figures["recall"]["value"] = 0.123
    stored.write_text(json.dumps(figures))
    again = compare_images(dataset, split.images, split.labels, network, seed=5)
    assert again["metrics"]["recall"]["real"] == 0.123


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((4, 8, 8, 1), np.float32), "dtype float32"),
        (np.zeros((4, 9, 8, 1), np.uint8), "image-size"),
        (np.zeros((0, 8, 8, 1), np.uint8), "no synthetic images"),
    ],
)
def test_bad_input_is_refused_by_name(dataset, network, images, message):
    with pytest.raises(InputError, match=message):
        compare_images(dataset, images, None, network)
