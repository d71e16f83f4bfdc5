"""`run.py augment ...` as the shell sees it, at smoke size."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import run
from augmentation.folders.maker import Maker
from tests.augmentation.folders.folders import TONES, TURNING, contents, made_folder, written

ROOT = Path(run.__file__).parent
APPLY = ["apply", "--data", "folder:x", "--recipe", "nowhere", "--out", "o"]


def command(*arguments, cwd) -> subprocess.CompletedProcess:
    """`python run.py augment ...` in a directory of the test's own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "augment", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_list_apply_and_preview_in_the_shell(tmp_path):
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", TURNING)
    listed = command("list", "--json", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert listed.stderr.startswith("Every transform takes")  # what people read
    assert "mnist_elastic" in json.loads(listed.stdout)["recipes"]["image"]

    words = ["apply", "--data", "folder:in", "--recipe", "r.toml", "--copies", "2", "--seed", "7"]
    made = command(*words, "--out", "out", "--workers", "2", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert made.stderr == "" and "12 augmented images and 0 originals -> out" in made.stdout
    with open(tmp_path / "out" / "manifest.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 and all((tmp_path / "out" / row["file"]).is_file() for row in rows)

    images = np.random.default_rng(0).integers(0, 256, (60, 4, 4), dtype=np.uint8)
    np.savez(tmp_path / "x.npz", images=images)
    words = ["preview", "--data", "npz:x.npz", "--draws", "1", "--images", "1"]
    shown = command(*words, "--out", "look", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert shown.stderr == ""  # TensorFlow's notes are held back
    assert set(contents(tmp_path / "look")) == {"recipe.png", "transforms.png"}


def test_interrupted_in_the_shell(tmp_path):
    """Ended by Ctrl-C in the middle: one line, and nothing is left."""
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", TONES)
    words = ["apply", "--data", "folder:in", "--recipe", "r.toml", "--copies", "20000"]
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), "augment", *words, "--out", "out"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if len(list(tmp_path.glob("out/.partial-*/cat/*.png"))) > 100:
            break
        time.sleep(0.01)
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
    words = ["apply", "--data", "folder:in", "--recipe", "r.toml", "--out", "o", "--copies", "1"]
    assert message in refused(capsys, *words).replace('"', "")
    assert not (tmp_path / "o").exists()


def test_a_disk_that_refuses_exits_4_and_leaves_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", TONES)

    def full(self, *arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Maker, "_write", full)
    words = ["augment", "apply", "--data", "folder:in", "--recipe", "r.toml", "--out", "o"]
    assert run.main([*words, "--copies", "1"]) == 4
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("error: the system refused: [Errno 28]")
    assert not (tmp_path / "o").exists()


def run_here(words: list[str], check: str, cwd) -> str:
    """Run a command and then `check` in one process of its own; what it printed."""
    code = f"import sys, run\ntry: run.main(sys.argv[1:])\nexcept SystemExit: pass\n{check}"
    done = subprocess.run(
        [sys.executable, "-c", code, "augment", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_needs_no_heavy_import(tmp_path):
    heavy = "{'tensorflow', 'keras', 'numpy', 'PIL', 'matplotlib', 'rich'}"
    check = f"assert not {heavy} & set(sys.modules)"
    for verb in ("list", "preview", "apply", "text"):
        assert f"usage: run.py augment {verb}" in run_here([verb, "--help"], check, tmp_path)


def test_text_is_augmented_without_tensorflow(tmp_path):
    (tmp_path / "t.txt").write_text("Shall I compare thee to a summer's day?\n" * 5)
    check = "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    said = run_here(["text", "--data", "file:t.txt", "--out", "o"], check, tmp_path)
    assert "1 copies of 5 lines" in said and (tmp_path / "o" / "copy-0001.txt").exists()
