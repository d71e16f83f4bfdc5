"""`run.py augment ...` as the shell sees it, at smoke size."""

import csv
import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import run
from augmentation import preview
from augmentation.folders.maker import Maker
from augmentation.transforms.catalog import TRANSFORMS
from tests.augmentation.folders.folders import TONES, TURNING, contents, made_folder, written
from tests.shell import PROGRAM

FOLDER = ["apply", "--data", "folder:in", "--recipe", "r.toml", "--out", "out"]
APPLY = ["apply", "--data", "folder:x", "--recipe", "nowhere", "--out", "o"]


def test_list(capsys):
    assert run.main(["augment", "list", "--json"]) == 0
    listed = capsys.readouterr()
    assert listed.err.startswith("Every transform takes")  # what people read
    assert "mnist_elastic" in json.loads(listed.out)["recipes"]["image"]


def test_apply_and_preview(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", TURNING)
    words = [*FOLDER, "--copies", "2", "--seed", "7", "--workers", "2"]
    assert run.main(["augment", *words]) == 0
    made = capsys.readouterr()
    assert made.err == "" and "12 augmented images and 0 originals -> out" in made.out
    with open(tmp_path / "out" / "manifest.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 and all((tmp_path / "out" / row["file"]).is_file() for row in rows)

    images = np.random.default_rng(0).integers(0, 256, (60, 4, 4), dtype=np.uint8)
    np.savez(tmp_path / "x.npz", images=images)
    few = {"a": {name: TRANSFORMS[name] for name in ("invert", "hue")}}
    monkeypatch.setattr(preview, "image_groups", lambda: few)
    words = ["preview", "--data", "npz:x.npz", "--draws", "1", "--images", "1", "--out", "look"]
    assert run.main(["augment", *words]) == 0
    assert set(contents(tmp_path / "look")) == {"recipe.png", "transforms.png"}


def test_apply_interrupted_in_the_shell(tmp_path):
    """Ended by Ctrl-C in the middle: one line, no notes of TensorFlow's, and nothing is left."""
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", TONES)
    process = subprocess.Popen(
        [sys.executable, PROGRAM, "augment", *FOLDER, "--copies", "20000"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if len(list(tmp_path.glob("out/.partial-*/cat/*.png"))) > 100:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "interrupted\n")
    assert not (tmp_path / "out").exists()


def refused(capsys, *arguments) -> str:
    """Run a command here that must end with exit code 2 and one line; return the line."""
    try:
        code = run.main(["augment", *map(str, arguments)])
    except SystemExit as end:  # argparse's own way out
        code = end.code
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert code == 2 and line.startswith("error: ") and line.count("; ") >= 2, line
    return line


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["apply"], "--data"),
        (APPLY, "neither --copies nor --balance-to; one of the two"),
        ([*APPLY, "--copies", "1", "--balance-to", "1"], "--copies and --balance-to; one of"),
        (["apply", "--data", "folder:x", "--recipe", "tones", "--out", "o", "--copies", "0"], "0"),
        (
            ["apply", "--data", "folder:x", "--recipe", "tones", "--out", "o", "--copies", "1"],
            "tones",
        ),
        ([*APPLY, "--copies", "1", "--masks", "x"], "--masks x is x or lies in it"),
        (["preview"], "--out"),
        (["preview", "--out", "o", "--recipe", "tones"], "recipe tones"),
        (["sing"], "sing"),
    ],
)
def test_wrong_words_are_refused_in_one_line(capsys, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    assert message in refused(capsys, *words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ("not toml [", "error: r.toml ("),
        ('schema = 1\nname = "r"\n[[steps]]\ntransform = "spin"', "steps[0].transform spin"),
        (
            'schema = 1\nname = "r"\n[[steps]]\ntransform = "invert"\nprobability = 1.2',
            "r.toml: steps[0].probability 1.2; ",
        ),
    ],
)
def test_a_wrong_recipe_is_refused_with_the_path_of_the_field(
    capsys, tmp_path, monkeypatch, recipe, message
):
    monkeypatch.chdir(tmp_path)
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", recipe)
    assert message in refused(capsys, *FOLDER, "--copies", "1").replace('"', "")
    assert not (tmp_path / "out").exists()


def test_a_disk_that_refuses_exits_4_and_leaves_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", TURNING)

    def full(self, *arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Maker, "_write", full)
    assert run.main(["augment", *FOLDER, "--copies", "1"]) == 4
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("error: the system refused: [Errno 28]")
    assert not (tmp_path / "out").exists()
