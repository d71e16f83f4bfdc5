"""`run.py augment ...` as the shell sees it, at smoke size."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import run
from augmentation.folders.output import OutputDirectory
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
    made = command(*words, "--out", "out", "--masks", "in", cwd=tmp_path)
    assert made.returncode == 2 and "--masks in is in or lies in it" in made.stderr
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


def test_interrupted_and_resumed_in_the_shell(tmp_path):
    """Ended by Ctrl-C in the middle, then taken up: the bytes of a run that was never stopped."""
    for index in range(300):
        path = tmp_path / "in" / f"{index % 3}" / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(index).integers(0, 256, (40, 30 + index % 5), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
    written(tmp_path / "r.toml", TONES)
    words = ["apply", "--data", "folder:in", "--recipe", "r.toml", "--balance-to", "1200"]
    program = [sys.executable, str(ROOT / "run.py"), "augment"]
    process = subprocess.Popen(
        [*program, *words, "--out", "out", "--workers", "2"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    record, deadline = tmp_path / "out" / ".partial" / "manifest.csv", time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if record.exists() and record.read_bytes().count(b"\n") > 400:  # originals, and some copies
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    (line,) = errors.splitlines()
    assert line.startswith("interrupted after ") and "--resume goes on" in line
    assert not (tmp_path / "out" / "manifest.csv").exists()
    refused = command(*words, "--out", "out", cwd=tmp_path)
    assert refused.returncode == 2 and "is not empty" in refused.stderr
    resumed = command(*words, "--out", "out", "--resume", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    whole = command(*words, "--out", "whole", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


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


def test_a_disk_that_refuses_exits_4_and_can_be_resumed(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made_folder(tmp_path / "in")
    written(tmp_path / "r.toml", TONES)
    words = ["augment", "apply", "--data", "folder:in", "--recipe", "r.toml", "--out", "o"]
    words += ["--copies", "1", "--quiet"]
    with monkeypatch.context() as patch:

        def full(self, file, content):
            raise OSError(28, "No space left on device")

        patch.setattr(OutputDirectory, "write", full)
        assert run.main(words) == 4
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("error: the system refused: [Errno 28]")
    assert run.main([*words, "--resume"]) == 0
    assert len(list((tmp_path / "o").rglob("*.png"))) == 6
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("verb", ["list", "preview", "apply"])
def test_help_needs_no_heavy_import(verb):
    code = (
        "import sys, run\n"
        "try: run.main(sys.argv[1:])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'PIL', 'matplotlib', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "augment", verb, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert f"usage: run.py augment {verb}" in done.stdout
