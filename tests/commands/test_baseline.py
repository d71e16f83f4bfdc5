"""`baseline train | generate`: what each model takes, writes, and refuses."""

import csv
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import run
from baselines.config import BaselineSettings, GenerateSettings
from baselines.generate import generate
from baselines.registry import BASELINES, kind_of
from data.kinds import all_sources
from data.synthetic.reading import read_generated
from foundation.errors import InputError
from tests.shell import PROGRAM, ran
from training.stored import load_run


def done(*arguments) -> int:
    return run.main(["baseline", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(shared_npz, tmp_path_factory):
    """A directory with one small run of each kind of data."""
    folder = tmp_path_factory.mktemp("runs")
    random = np.random.default_rng(0)
    (folder / "text.txt").write_text(" ".join(random.choice(["to", "be", "or", "not"], 4000)))
    walk = np.cumsum(random.normal(size=(200, 2)), axis=0)
    rows = "".join(f"{x:.4f},{y:.4f}\n" for x, y in walk)
    (folder / "walk.csv").write_text("left,right\n" + rows)
    for name, model, data in (
        ("images", "gmm", f"npz:{shared_npz}"),
        ("text", "ngram", f"file:{folder / 'text.txt'}"),
        ("walk", "hmm", f"csv:{folder / 'walk.csv'}"),
        ("table", "inverse_transform", "breast_cancer"),
    ):
        given = ("--data", data, "--preset", "smoke", "--quiet", "--out", folder / name)
        assert done("train", model, *given) == 0
    return folder


def rows_of(path: Path) -> list[dict]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("form", "files"),
    [
        ("npz", [f"images-0000{n}-of-00003.npz" for n in range(3)]),
        ("png", ["0", "1"]),
        ("tfrecord", [f"images-0000{n}-of-00003.tfrecord" for n in range(3)]),
    ],
)
def test_images_are_written_in_every_format(folder, tmp_path, form, files):
    given = ("--format", form, "--shard-size", 10, "--batch-size", 4, "--quiet")
    made, run_directory = tmp_path / form, folder / "images"
    assert done("generate", run_directory, "--count", 25, *given, "--out", made) == 0
    assert sorted(path.name for path in made.iterdir()) == [*files, "manifest.csv"]
    source, labels = read_generated(made), np.arange(25) % 2  # it checks every hash
    generator = load_run(run_directory, "baseline").generator
    assert np.array_equal(source.samples, generator.sample(0, 0, 25, labels))
    assert source.labels.tolist() == labels.tolist()
    manifest = rows_of(made / "manifest.csv")
    assert {row["generator"] for row in manifest} == {"baseline-gmm"}
    assert {row["run"] for row in manifest} == {str(run_directory)}
    ones = ("--count", 3, "--label", 1, "--quiet", "--out", tmp_path / "ones")
    assert done("generate", run_directory, *ones) == 0
    assert read_generated(tmp_path / "ones").labels.tolist() == [1, 1, 1]


def test_text_goes_to_the_screen_or_into_files(folder, tmp_path, capsys):
    given = ("--streams", 3, "--length", 40, "--prime", "to ", "--temperature", 0.7, "--quiet")
    assert done("generate", folder / "text", *given, "--out", tmp_path / "made") == 0
    manifest = rows_of(tmp_path / "made" / "manifest.csv")
    texts = [(tmp_path / "made" / f"{i:06d}.txt").read_text() for i in range(3)]
    assert [row["sha256"] for row in manifest] == [
        hashlib.sha256(text.encode()).hexdigest() for text in texts
    ]
    assert all(text.startswith("to ") and len(text) == 43 for text in texts)
    assert set("".join(texts)) <= set("to be or not")
    capsys.readouterr()
    assert done("generate", folder / "text", *given) == 0
    shown = capsys.readouterr().out
    assert shown == "".join(f"=== stream {i} of 3\n{t}\n" for i, t in enumerate(texts, start=1))
    assert done("generate", folder / "text", *given[2:]) == 0
    assert capsys.readouterr().out == texts[0] + "\n"


def test_a_series_is_written_as_csv(folder, tmp_path):
    given = ("--streams", 2, "--length", 30, "--quiet", "--out", tmp_path / "made")
    assert done("generate", folder / "walk", *given) == 0
    rows = rows_of(tmp_path / "made" / "000001.csv")
    assert len(rows) == 30 and list(rows[0]) == ["left", "right"]
    drawn = load_run(folder / "walk", "baseline").generator.sample(0, 1, 1, length=30)[0]
    assert np.array_equal([[float(value) for value in row.values()] for row in rows], drawn)
    assert len(rows_of(tmp_path / "made" / "manifest.csv")) == 2


def test_a_table_is_written_with_the_columns_and_shares_of_the_data(folder, tmp_path):
    given = ("--count", 300, "--batch-size", 70, "--quiet", "--out", tmp_path / "made")
    assert done("generate", folder / "table", *given) == 0
    rows = rows_of(tmp_path / "made" / "table.csv")
    assert len(rows) == 300 and "mean radius" in rows[0]
    share = np.mean([row["diagnosis"] == "malignant" for row in rows])
    assert share == pytest.approx(0.37, abs=0.1)
    manifest = rows_of(tmp_path / "made" / "manifest.csv")
    hashes = [hashlib.sha256("\x1f".join(row.values()).encode()).hexdigest() for row in rows]
    assert [row["sha256"] for row in manifest] == hashes


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("images", {"length": 5}, "--length 5? ?with .*gmm of images; one of --count"),
        ("text", {"count": 5}, "--count with .*ngram of text; one of --length"),
        ("walk", {"temperature": 0.5}, "--temperature with .*hmm of series"),
        ("images", {"label": "2"}, "--label 2; 0, 1, 0 to 1"),
        ("images", {"label": "1", "balanced": True}, "--balanced with --label 1"),
        ("text", {"prime": "XYZ"}, "--prime has 'X'"),
    ],
)
def test_flags_that_a_run_has_no_use_for_are_refused(folder, tmp_path, name, given, message):
    with pytest.raises(InputError, match=message):
        generate(GenerateSettings(run=str(folder / name), out=str(tmp_path / "x"), **given))
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"model": "ngram", "states": 3}, "--states with ngram on shakespeare; a flag .*--context"),
        ({"model": "gmm", "batch_size": 3}, "--batch-size with gmm"),
        ({"model": "gmm", "data": "breast_cancer", "pca_dims": 3}, "--pca-dims with gmm on breast"),
        ({"model": "hmm", "per_class": False}, "--per-class with hmm on shakespeare"),
        ({"model": "gmm", "target": "x"}, "--target with gmm on mnist"),
        ({"model": "vae", "data": "shakespeare"}, "vae with --data shakespeare; images"),
        ({"model": "gmm", "data": "csv:"}, "DATA 'csv:'; one of cifar10"),
        ({"model": "gmm", "data": "minst"}, "DATA 'minst'"),
        ({"model": "regression", "latent": "RUN"}, "--latent with regression on breast_cancer"),
        ({"model": "interpolation", "data": "csv:a.csv", "latent": "RUN"}, "--latent with inter"),
        ({"model": "gan"}, "MODEL gan; one of gmm"),
        ({"model": "gmm", "max_components": 0}, "--max-components 0; a number of at least 1"),
        ({"model": "gmm", "resume": True, "out": "/does/not/exist"}, "no config.json"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given, message):
    with pytest.raises(InputError, match=message):
        BaselineSettings.resolve(given)


def test_presets_follow_the_model_and_the_kind_of_data():
    for given, name, value in (
        ({"model": "gmm", "preset": "smoke"}, "max_images", 512),
        ({"model": "gmm", "preset": "smoke", "data": "breast_cancer"}, "max_images", None),
        ({"model": "hmm"}, "max_characters", 1_200_000),
        ({"model": "hmm", "preset": "full"}, "max_characters", None),
        ({"model": "gmm", "epochs": 7}, "epochs", 7),
    ):
        assert getattr(BaselineSettings.resolve(given), name) == value


def test_every_name_of_data_is_of_a_known_kind_and_csv_is_what_the_model_learns():
    assert kind_of("hmm", "csv:a.csv") == "series" and kind_of("gmm", "csv:a.csv") == "table"
    assert kind_of("hmm", "folder:x") == "text" and kind_of("gmm", "folder:x") == "images"
    learnt = {kind for baseline in BASELINES.values() for kind in baseline.generators}
    assert {kind for source in all_sources() for kind in source.kinds} == learnt


def test_a_run_whose_description_is_damaged_is_refused(folder, tmp_path):
    shutil.copytree(folder / "text", tmp_path / "copy")
    path = tmp_path / "copy" / "model" / "model.json"
    description = json.loads(path.read_text())
    for change in ({"model": "gmm"}, {"vocabulary": {"characters": "ba"}}, {"kind": "images"}):
        path.write_text(json.dumps(description | change))
        with pytest.raises(InputError):
            load_run(tmp_path / "copy", "baseline")


def test_an_output_directory_in_use_is_refused_before_the_work(folder, capsys):
    code = done("train", "gmm", "--preset", "smoke", "--out", folder)
    assert code == 2 and "is not empty" in capsys.readouterr().err


def test_in_the_shell(tmp_path):
    """One whole training and its samples, as a user types it."""
    for words in ("train regression --out RUN", "generate RUN --count 20 --out made"):
        assert ran(tmp_path, PROGRAM, "baseline", *words.split()).stderr == ""
    assert len(rows_of(tmp_path / "made" / "table.csv")) == 20
