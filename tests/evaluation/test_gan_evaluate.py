"""`gan evaluate` on a colour data set and a real, very short training."""

import json

import numpy as np
import pytest
from PIL import Image

from evaluation.config import GanEvaluateSettings
from evaluation.gan import evaluate
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
    """A directory with data.npz and a trained run; the feature cache goes there too."""
    directory = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        write_data("data.npz")
        given = {"data": "npz:data.npz", "variant": "conditional", "preset": "smoke", "epochs": 1}
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
    original = (work / "data.npz").read_bytes()
    write_data("data.npz", seed=1)
    try:
        with pytest.raises(ValueError, match="as when run was trained"):
            evaluate(settings())
    finally:
        (work / "data.npz").write_bytes(original)


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
