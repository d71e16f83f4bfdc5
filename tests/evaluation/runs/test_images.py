"""`gan evaluate` on a colour data set and a real, very short training."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from data.images.load import ImageDataset, ImageSplit
from evaluation.config import GanEvaluateSettings
from evaluation.images.pictures import MOST_CLASSES, WIDEST, class_histogram, draw, in_pairs
from evaluation.images.printing import print_table
from evaluation.runs.evaluate import evaluate
from foundation.errors import InputError
from gan.config import GanSettings
from gan.train import train


def write_data(path, seed=0):
    """60 colour images in two classes, mostly red and mostly blue."""
    generator = np.random.default_rng(seed)
    labels = np.arange(60) % 2
    images = generator.integers(0, 90, (60, 12, 12, 3), dtype=np.uint8)
    images[labels == 0, ..., 0] += 150
    images[labels == 1, ..., 2] += 150
    np.savez(path, images=images, labels=labels)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A directory with data.images.npz and a trained run; the feature cache goes there too."""
    directory = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        write_data("data.images.npz")
        given = {
            "data": "npz:data.images.npz",
            "variant": "conditional",
            "preset": "smoke",
            "epochs": 1,
        }
        train(GanSettings.resolve({**given, "out": "run", "batch_size": 16}))
    return directory


def settings(**given):
    return GanEvaluateSettings.resolve({"run": "run", "preset": "smoke", "count": 24, **given})


def test_writes_metrics_and_pictures_and_prints_both_figures(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    report = evaluate(settings())
    assert json.loads((work / "run/metrics.json").read_text()) == report
    assert report["metrics"]["class_confirmed"]["value"] is not None
    table = capsys.readouterr().out
    assert "Theis" in table and "±" in table
    for name, metric in report["metrics"].items():
        assert name in table or isinstance(metric["value"], list)
    for name in ("nearest_closest.png", "nearest_first.png", "class_histogram.png"):
        with Image.open(work / "run/evaluation" / name) as picture:
            assert picture.width > 50


def test_same_seed_same_report_and_quiet_prints_nothing(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    first = evaluate(settings(quiet=True))
    assert capsys.readouterr().out == ""
    assert evaluate(settings(quiet=True)) == first
    assert evaluate(settings(quiet=True, seed=1))["metrics"] != first["metrics"]


def test_data_that_changed_since_the_training_are_refused(work, monkeypatch):
    monkeypatch.chdir(work)
    original = (work / "data.images.npz").read_bytes()
    write_data("data.images.npz", seed=1)
    try:
        with pytest.raises(ValueError, match="as when run was trained"):
            evaluate(settings())
    finally:
        (work / "data.images.npz").write_bytes(original)


def test_data_that_moved_are_found_and_must_be_the_same(work, monkeypatch):
    monkeypatch.chdir(work)
    expected = evaluate(settings(quiet=True))
    (work / "elsewhere").mkdir()
    (work / "data.images.npz").rename(work / "elsewhere/moved.npz")
    write_data("other.npz", seed=1)
    try:
        with pytest.raises(InputError, match=r"data\.images\.npz"):
            evaluate(settings(quiet=True))
        with pytest.raises(InputError, match="as when run was trained"):
            evaluate(settings(quiet=True, data="npz:other.npz"))
        found = evaluate(settings(quiet=True, data="npz:elsewhere/moved.npz"))
    finally:
        (work / "elsewhere/moved.npz").rename(work / "data.images.npz")
    assert found["metrics"] == expected["metrics"]
    assert found["data_sha256"] == expected["data_sha256"]


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda config: config.pop("data_sha256"), "data_sha256"),
        (lambda config: config.update(data_sha256=3), "cannot be read"),
        (lambda config: config.pop("settings"), "settings"),
        (lambda config: config["settings"].pop("data"), "KeyError..data"),
        (lambda config: config["settings"].pop("max_images"), "KeyError..max_images"),
        (lambda config: config["settings"].update(image_size="9"), "cannot be read"),
    ],
)
def test_a_config_that_is_not_whole_is_refused_by_name(work, tmp_path, monkeypatch, damage, named):
    monkeypatch.chdir(work)
    run = shutil.copytree(work / "run", tmp_path / "run")
    config = json.loads((run / "config.json").read_text())
    damage(config)
    (run / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=named):
        evaluate(settings(run=str(run)))


def report_of_shares(value, real):
    """What `draw` and `print_table` read of a report, with made figures."""
    parzen = {"value": -1572.25, "standard_error": 104.5, "real": -223.8, "how_to_read": "up"}
    return {
        "data": "mnist",
        "features": "classes",
        "feature_network_test_accuracy": 0.98,
        "synthetic_count": 4,
        "real_count": 4,
        "held_out_count": 4,
        "split": "test",
        "metrics": {
            "class_shares": {"value": value, "real": real},
            "nearest_training_pixels": {"value": None, "reason": "none"},
            "parzen_log_likelihood": parzen | {"real_standard_error": 56.4},
        },
    }


def test_class_names_are_drawn_as_they_are(tmp_path):
    """Warnings are errors here: no formula in a name, no glyph that the font lacks."""
    names = ("$cat^$", "猫", "a name that is longer than the bars are high, by far")
    split = ImageSplit(np.zeros((4, 8, 8, 1), np.uint8), np.arange(4) % 3)
    dataset = ImageDataset("made", split, split, split, names)
    report = report_of_shares([0.5, 0.25, 0.25], [0.2, 0.3, 0.5])
    draw(tmp_path, report, split.images, dataset)
    assert (tmp_path / "class_histogram.png").stat().st_size > 1000


def test_each_sample_stands_before_its_neighbour_nearest_pair_first():
    generator = np.random.default_rng(2)
    training, samples = (
        generator.integers(0, 256, (count, 6, 5, 1), dtype=np.uint8) for count in (5, 3)
    )
    pairs = in_pairs(samples, training, np.array([4, 0, 2]), np.array([3.0, 1, 2]))
    expected = [samples[1], training[0], samples[2], training[2], samples[0], training[4]]
    assert np.array_equal(pairs, np.stack(expected))


def test_hundreds_of_classes_fit_and_the_most_different_are_drawn():
    count = 3 * MOST_CLASSES
    synthetic, real = np.full(count, 1 / count), np.full(count, 1 / count)
    synthetic[::2] += 1e-4
    shares = {"value": synthetic.tolist(), "real": real.tolist()}
    figure = class_histogram(shares, tuple(map(str, range(count))))
    (axes,) = figure.axes
    assert figure.get_figwidth() == WIDEST
    assert len(axes.patches) == 2 * MOST_CLASSES
    assert f"{MOST_CLASSES} of {count}" in axes.get_xlabel()
    heights = {round(bar.get_height(), 9) for bar in axes.patches[:MOST_CLASSES]}
    assert heights == {round(1 / count + 1e-4, 9)}
    few = class_histogram({"value": [0.5] * 2, "real": [0.5] * 2}, ("a", "b"))
    assert [text.get_text() for text in few.axes[0].get_xticklabels()] == ["a", "b"]


def test_columns_stay_apart_and_a_weak_network_is_said(capsys):
    report = report_of_shares([0.5, 0.5], [0.5, 0.5])
    print_table(report)
    said = capsys.readouterr().out
    assert " -1572.2 ± 104.5 " in said and " -223.8 ± 56.4 " in said
    assert "note: below 99% on MNIST" in said
    print_table(report | {"feature_network_test_accuracy": 0.9929})
    print_table(report | {"data": "folder:photos"})
    assert "note" not in capsys.readouterr().out


def test_a_run_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="does not exist"):
        evaluate(settings(run=str(tmp_path / "nowhere")))


def test_settings_name_their_legal_values():
    assert GanEvaluateSettings.resolve({"run": "r"}).count == 10_000
    assert GanEvaluateSettings.resolve({"run": "r", "preset": "smoke"}).count == 200
    with pytest.raises(ValueError, match="--split train; one of test, validation"):
        settings(split="train")
    with pytest.raises(ValueError, match="--count 0"):
        settings(count=0)
