"""`X evaluate RUN` for images, text, series and tables, on small fitted runs."""

import dataclasses
import json
import math

import numpy as np
import pytest
from PIL import Image

import run
from data.texts.load import load_text
from evaluation.config import BaselineEvaluateSettings
from evaluation.runs.evaluate import evaluate, load_run_data
from evaluation.texts.ngram import fit_ngram
from evaluation.texts.scores import score_density
from foundation.errors import InputError
from tests.tables import mixed_table, write_csv
from training.stored import load_run


def write_images(path, seed=0):
    """120 colour images in two classes, mostly red and mostly blue."""
    generator = np.random.default_rng(seed)
    labels = np.arange(120) % 2
    images = generator.integers(0, 90, (120, 8, 8, 3), dtype=np.uint8)
    images[labels == 0, ..., 0] += 150
    images[labels == 1, ..., 2] += 150
    np.savez(path, images=images, labels=labels)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A directory with data and a run of each kind; the feature cache goes there too."""
    directory = tmp_path_factory.mktemp("work")
    random = np.random.default_rng(0)
    write_images(directory / "small.images.npz")
    words = random.choice(["the", "cat", "and", "dog", "sat", "on", "a", "mat"], 2500)
    (directory / "text.txt").write_text(" ".join(words))
    waves = np.sin(np.arange(400)[:, None] / [5, 9]) + random.normal(0, 0.1, (400, 2))
    rows = "".join(f"{x:.4f},{y:.4f}\n" for x, y in waves)
    (directory / "waves.csv").write_text("a,b\n" + rows)
    table = mixed_table(120, 0)
    write_csv(directory / "rows.csv", table.names, table.rows())
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        for out, words in {
            "images": ["gmm", "--data", "npz:small.images.npz", "--pca-dims", "8"],
            "between": ["interpolation", "--data", "npz:small.images.npz"],
            "text": ["hmm", "--data", "file:text.txt", "--epochs", "2"],
            "series": ["hmm", "--data", "csv:waves.csv", "--epochs", "2"],
            "table": ["gmm", "--data", "csv:rows.csv", "--target", "state"],
        }.items():
            given = ["--preset", "smoke", "--quiet", "--out", out]
            assert run.main(["baseline", "train", *words, *given]) == 0
    return directory


@pytest.fixture(autouse=True)
def inside(work, monkeypatch):
    monkeypatch.chdir(work)


def measured(name, **given):
    given = {"run": name, "preset": "smoke", "count": 40, **given}
    return evaluate(BaselineEvaluateSettings.resolve(given))


def test_images_get_all_metrics_a_likelihood_and_pictures(work, capsys):
    report = measured("images")
    assert json.loads((work / "images/metrics.json").read_text()) == report
    shown = capsys.readouterr().out
    assert "Theis" in shown and "±" in shown
    for name, metric in report["metrics"].items():
        assert metric["value"] is not None, name
        assert name in shown or isinstance(metric["value"], list)
    assert report["metrics"]["class_confirmed"]["value"] > 0.9
    for name in ("nearest_closest.png", "nearest_first.png", "class_histogram.png"):
        with Image.open(work / "images/evaluation" / name) as picture:
            assert picture.width > 50
    again = measured("images", quiet=True)
    assert capsys.readouterr().out == "" and again == report


def test_the_likelihood_is_that_of_held_out_beside_training_images():
    baseline = load_run("images", "baseline")
    data = load_run_data(baseline)
    expected = {
        "value": baseline.generator.log_likelihood(data.test.images, data.test.labels),
        "real": baseline.generator.log_likelihood(data.train.images, data.train.labels),
    }
    metric = measured("images", count=5, seed=1)["metrics"]["log_likelihood"]
    everything = measured("images", count=400)["metrics"]["log_likelihood"]
    for side, scores in expected.items():
        assert everything[side] == pytest.approx(scores.mean())
        assert metric[side] != everything[side]
        assert metric[side] == pytest.approx(scores.mean(), abs=6 * scores.std() / math.sqrt(5))
    error = expected["value"].std(ddof=1) / math.sqrt(len(data.test))
    assert everything["standard_error"] == pytest.approx(error)


def test_without_a_density_that_is_said_and_validation_can_be_chosen(capsys):
    report = measured("between", split="validation")
    assert report["split"] == "validation"
    metric = report["metrics"]["log_likelihood"]
    assert metric["value"] is None and "no density" in metric["reason"]
    assert "not computed: this model has no density" in capsys.readouterr().out


def test_text_gets_bits_a_character_beside_the_n_gram(work, capsys):
    report = measured("text")
    assert json.loads((work / "text/metrics.json").read_text()) == report
    corpus = load_text("file:text.txt")
    generator, ngram = load_run("text", "baseline").generator, fit_ngram(corpus)
    held_out = np.concatenate([corpus.validation, corpus.test], axis=1)
    nats = -generator.log_likelihood(held_out)[0]
    border = corpus.validation.shape[1]
    parts = {"held_out": nats, "validation": nats[:border], "test": nats[border:]}
    for part, chosen in parts.items():
        scores = report["scores"][part]
        assert scores["model"] == pytest.approx(chosen.mean())
        assert scores["model_bits"] == pytest.approx(chosen.mean() / math.log(2))
        assert scores["characters"] == chosen.size and scores["unknown"] == 0
    expected = ngram.cross_entropy(held_out)
    assert report["scores"]["held_out"]["ngram"] == pytest.approx(expected)
    assert report["metrics"]["novelty"]["value"] is not None
    assert len((work / "text/evaluation/sample.txt").read_text()) > 2000
    shown = capsys.readouterr().out
    assert f"{report['scores']['test']['model']:.4f}" in shown and "ngram" in shown


def test_unknown_characters_are_left_out_of_the_mean():
    corpus = load_text("file:text.txt")
    generator, ngram = load_run("text", "baseline").generator, fit_ngram(corpus)
    test = corpus.test.copy()
    test[0, 3:6] = 0
    scores = score_density(generator, ngram, dataclasses.replace(corpus, test=test))
    assert scores["test"]["unknown"] == 3 and scores["validation"]["unknown"] == 0
    joined = np.concatenate([corpus.validation, test], axis=1)
    nats = -generator.log_likelihood(joined)[0, corpus.validation.shape[1] :]
    assert scores["test"]["model"] == pytest.approx(nats.sum() / (test.size - 3))
    strange = dataclasses.replace(corpus, test=np.zeros_like(corpus.test))
    with pytest.raises(InputError, match=r"a test part of .* without a character"):
        score_density(generator, ngram, strange)


def test_a_series_is_measured_beside_the_end_of_its_training_part(capsys):
    words = ["baseline", "evaluate", "series", "--preset", "smoke", "--json"]
    assert run.main(words) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert report["model"] == "hmm" and "autocorrelation_difference" in printed.err
    assert set(report["metrics"]) == {"log_likelihood", "ks", "autocorrelation_difference"}
    generator = load_run("series", "baseline").generator
    data = load_run_data(load_run("series"))
    likelihood = report["metrics"]["log_likelihood"]
    expected = generator.log_likelihood(data.test[None])[0] / len(data.test)
    assert likelihood["value"] == pytest.approx(expected)
    expected = generator.log_likelihood(data.train[None, -len(data.test) :])[0] / len(data.test)
    assert likelihood["real"] == pytest.approx(expected)


def test_a_table_gets_the_metrics_of_tables(capsys):
    report = measured("table", count=200)
    assert {"ks", "correlation_difference", "log_likelihood"} <= set(report["metrics"])
    assert report["metrics"]["log_likelihood"]["value"] is not None
    assert "ks" in capsys.readouterr().out


def test_data_are_known_by_their_hash_wherever_they_lie(work, tmp_path):
    stored = load_run("images")
    (work / "small.images.npz").rename(tmp_path / "moved.npz")
    try:
        with pytest.raises(InputError, match=r"small\.images\.npz"):
            load_run_data(stored)
        write_images("small.images.npz", seed=1)
        with pytest.raises(InputError, match="as when images was trained"):
            measured("images")
        found = load_run_data(stored, f"npz:{tmp_path / 'moved.npz'}")
    finally:
        (tmp_path / "moved.npz").rename(work / "small.images.npz")
    assert found.sha256 == load_run_data(stored).sha256


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda config: config.update(data_sha256=3), "cannot be read"),
        (lambda config: config["settings"].pop("data"), "KeyError..data"),
        (lambda config: config["settings"].pop("max_images"), "KeyError..max_images"),
        (lambda config: config["settings"].update(image_size="9"), "cannot be read"),
    ],
)
def test_a_config_that_is_not_whole_is_refused_by_name(damage, named):
    stored = load_run("images")
    damage(stored.config)
    with pytest.raises(InputError, match=named):
        load_run_data(stored)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"split": "train"}, "--split train; one of test, validation"),
        ({"count": 0}, "--count 0"),
        ({"name": "nowhere"}, "does not exist"),
    ],
)
def test_illegal_values_are_named(given, message):
    with pytest.raises(InputError, match=message):
        measured(**{"name": "images", **given})
