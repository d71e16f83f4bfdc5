"""`baseline evaluate` for images, text, series and tables, on small fitted runs."""

import json
import math

import numpy as np
import pytest

import run
from data.texts.load import load_text
from evaluation.config import BaselineEvaluateSettings
from evaluation.runs.evaluate import evaluate
from evaluation.runs.stored_data import load_run_data
from evaluation.runs.texts import score_density
from evaluation.texts.ngram import fit_ngram
from foundation.errors import InputError
from tests.conftest import make_small_npz
from training.stored import load_run


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A directory with data and a run of each kind; the feature cache goes there too."""
    directory = tmp_path_factory.mktemp("work")
    random = np.random.default_rng(0)
    make_small_npz(directory / "small.npz")
    words = random.choice(["the", "cat", "and", "dog", "sat", "on", "a", "mat"], 2500)
    (directory / "text.txt").write_text(" ".join(words))
    waves = np.sin(np.arange(400)[:, None] / [5, 9]) + random.normal(0, 0.1, (400, 2))
    rows = "".join(f"{x:.4f},{y:.4f}\n" for x, y in waves)
    (directory / "waves.csv").write_text("a,b\n" + rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        for out, words in {
            "images": ["gmm", "--data", "npz:small.npz", "--pca-dims", "8"],
            "between": ["interpolation", "--data", "npz:small.npz"],
            "text": ["hmm", "--data", "file:text.txt", "--epochs", "8"],
            "series": ["hmm", "--data", "csv:waves.csv", "--epochs", "8"],
            "table": ["gmm", "--data", "breast_cancer"],
        }.items():
            given = ["--preset", "smoke", "--quiet", "--out", out]
            assert run.main(["baseline", "train", *words, *given]) == 0
    return directory


def settings(name, **given) -> BaselineEvaluateSettings:
    return BaselineEvaluateSettings.resolve({"run": name, "preset": "smoke", "count": 40, **given})


def test_images_get_all_metrics_of_the_gan_and_a_likelihood(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    report = evaluate(settings("images"))
    assert json.loads((work / "images/metrics.json").read_text()) == report
    shown = capsys.readouterr().out
    for name in ("frechet_distance", "precision", "class_confirmed", "exact_copies"):
        assert report["metrics"][name]["value"] is not None and name in shown
    assert report["metrics"]["class_confirmed"]["value"] > 0.9
    for picture in ("nearest_first.png", "class_histogram.png"):
        assert (work / "images/evaluation" / picture).is_file()
    baseline = load_run("images", "baseline")
    data = load_run_data(baseline)
    expected = {
        "value": baseline.generator.log_likelihood(data.test.images, data.test.labels),
        "real": baseline.generator.log_likelihood(data.train.images, data.train.labels),
    }
    metric = report["metrics"]["log_likelihood"]
    assert "log_likelihood" in shown
    everything = evaluate(settings("images", count=400, quiet=True))["metrics"]["log_likelihood"]
    for side, scores in expected.items():
        assert everything[side] == pytest.approx(scores.mean())
        assert metric[side] == pytest.approx(scores.mean(), abs=5 * scores.std() / math.sqrt(40))
    error = expected["value"].std(ddof=1) / math.sqrt(len(data.test))
    assert everything["standard_error"] == pytest.approx(error)


def test_a_model_without_a_density_says_so(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    metric = evaluate(settings("between"))["metrics"]["log_likelihood"]
    assert metric["value"] is None and "no density" in metric["reason"]
    assert "not computed: this model has no density" in capsys.readouterr().out


def test_text_gets_bits_a_character_beside_the_n_gram(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    report = evaluate(settings("text"))
    assert json.loads((work / "text/metrics.json").read_text()) == report
    corpus = load_text("file:text.txt")
    generator, ngram = load_run("text", "baseline").generator, fit_ngram(corpus)
    held_out = np.concatenate([corpus.validation, corpus.test], axis=1)
    nats = -generator.log_likelihood(held_out)[0]
    border = corpus.validation.shape[1]
    for part, chosen in (
        ("held_out", nats),
        ("validation", nats[:border]),
        ("test", nats[border:]),
    ):
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


def test_unknown_characters_are_left_out_of_the_mean(work, monkeypatch):
    monkeypatch.chdir(work)
    corpus = load_text("file:text.txt")
    generator, ngram = load_run("text", "baseline").generator, fit_ngram(corpus)
    test = corpus.test.copy()
    test[0, 3:6] = 0
    changed = type(corpus)(**{**vars(corpus), "test": test})
    scores = score_density(generator, ngram, changed)
    assert scores["test"]["unknown"] == 3 and scores["validation"]["unknown"] == 0
    joined = np.concatenate([corpus.validation, test], axis=1)
    nats = -generator.log_likelihood(joined)[0, corpus.validation.shape[1] :]
    assert scores["test"]["model"] == pytest.approx(nats.sum() / (test.size - 3))


def test_a_series_is_measured_beside_the_end_of_its_training_part(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    report = evaluate(settings("series"))
    assert set(report["metrics"]) == {"log_likelihood", "ks", "autocorrelation_difference"}
    generator = load_run("series", "baseline").generator
    data = load_run_data(load_run("series"))
    expected = generator.log_likelihood(data.test[None])[0] / len(data.test)
    assert report["metrics"]["log_likelihood"]["value"] == pytest.approx(expected)
    expected = generator.log_likelihood(data.train[None, -len(data.test) :])[0] / len(data.test)
    assert report["metrics"]["log_likelihood"]["real"] == pytest.approx(expected)
    assert "autocorrelation_difference" in capsys.readouterr().out


def test_a_table_gets_the_metrics_of_tables(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    report = evaluate(settings("table", count=200))
    assert {"ks", "correlation_difference", "log_likelihood"} <= set(report["metrics"])
    assert report["metrics"]["log_likelihood"]["value"] is not None
    assert "ks" in capsys.readouterr().out


def test_quiet_prints_nothing_and_validation_can_be_chosen(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    report = evaluate(settings("images", quiet=True, split="validation"))
    assert capsys.readouterr().out == ""
    assert report["split"] == "validation"


def test_json_is_one_object_on_stdout(work, monkeypatch, capsys):
    monkeypatch.chdir(work)
    words = ["baseline", "evaluate", "series", "--preset", "smoke", "--json"]
    assert run.main(words) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "hmm"


def test_data_that_changed_since_the_training_are_refused(work, monkeypatch, tmp_path):
    monkeypatch.chdir(work)
    (tmp_path / "other.txt").write_text((work / "text.txt").read_text() + " and")
    with pytest.raises(InputError, match="as when text was trained"):
        evaluate(settings("text", data=f"file:{tmp_path / 'other.txt'}"))


def test_a_damaged_config_is_refused(work, monkeypatch, tmp_path):
    monkeypatch.chdir(work)
    config = json.loads((work / "text/config.json").read_text())
    del config["settings"]["split"]
    copy = tmp_path / "text"
    (copy / "model").mkdir(parents=True)
    for path in (work / "text/model").iterdir():
        (copy / "model" / path.name).write_bytes(path.read_bytes())
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=r"config\.json cannot be read"):
        evaluate(settings(str(copy)))
