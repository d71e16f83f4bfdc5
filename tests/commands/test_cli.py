"""The real commands: in subprocesses at smoke size, and every wrong input as the shell sees it."""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import run

ROOT = Path(run.__file__).parent


def command(*arguments, cwd, **options) -> subprocess.CompletedProcess:
    """`python run.py ...` in a directory of the test's own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        **options,
    )


def refused(capsys, *arguments) -> str:
    """Run a command here that must end with exit code 2 and one line; return the line."""
    try:
        code = run.main([str(argument) for argument in arguments])
    except SystemExit as end:  # argparse's own way out
        code = end.code
    lines = capsys.readouterr().err.strip().splitlines()
    assert code == 2, lines
    errors = [line for line in lines if line.startswith("error: ")]
    assert len(errors) == 1 and errors[0].count("; ") >= 2, lines
    assert not any("Traceback" in line for line in lines)
    return errors[0]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A directory with RUN in it, trained by the real command, and what that command said."""
    folder = tmp_path_factory.mktemp("trained")
    done = command(
        "gan", "train", "--preset", "smoke", "--variant", "conditional", "--out", "RUN", cwd=folder
    )
    return folder, done


def test_train_in_the_shell_then_generate_and_evaluate(trained, monkeypatch, capsys):
    folder, training = trained
    assert training.returncode == 0, training.stderr
    # No note about missing GPUs, nothing but the epochs' lines:
    assert all(line.startswith("epoch ") for line in training.stderr.splitlines()), training.stderr
    monkeypatch.chdir(folder)
    assert run.main(["gan", "generate", "RUN", "--count", "20", "--out", "made"]) == 0
    assert capsys.readouterr().err == ""
    assert run.main(["gan", "evaluate", "RUN", "--preset", "smoke", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((folder / "RUN" / "metrics.json").read_text())
    for name, metric in report["metrics"].items():
        assert {"value", "real"} <= set(metric) or "reason" in metric, name


def started(*arguments, cwd) -> subprocess.Popen:
    """The same command, still running; what it says as an error can be read."""
    words = [sys.executable, str(ROOT / "run.py"), *map(str, arguments)]
    return subprocess.Popen(
        words, cwd=cwd, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )


def test_sigterm_during_generation_leaves_nothing(trained, tmp_path):
    words = ("gan", "generate", trained[0] / "RUN", "--count", 5_000_000, "--out", "made")
    process = started(*words, cwd=tmp_path)
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("made/.partial*/*.npz")) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 130, errors
    # No note about missing GPUs, no traceback:
    assert [line.split()[0] for line in errors.splitlines()] == ["interrupted"], errors
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_saves_and_exits_130_and_resume_goes_on(tmp_path):
    words = ("gan", "train", "--preset", "smoke", "--epochs", 2000, "--out", "RUN")
    process = started(*words, cwd=tmp_path)
    assert process.stderr.readline().startswith("epoch 1/2000")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors and errors.splitlines()[-1].startswith("stopped ")
    done = int(re.findall(r"(?:after epoch |in epoch )(\d+)", errors)[-1])
    resumed = command(
        "gan", "train", "--resume", "--out", "RUN", "--epochs", done + 2, cwd=tmp_path
    )
    assert resumed.returncode == 0, resumed.stderr
    rows = (tmp_path / "RUN" / "history.csv").read_text().splitlines()[1:]
    assert [int(row.split(",")[0]) for row in rows] == list(range(1, done + 3))


def test_divergence_exits_3(tmp_path, capsys):
    words = ["gan", "train", "--preset", "smoke", "--learning-rate", "1e30", "--epochs", "50"]
    code = run.main([*words, "--quiet", "--out", str(tmp_path / "run")])
    line = capsys.readouterr().err.strip()
    assert code == 3
    assert line.startswith("error: training diverged in epoch") and "\n" not in line


def test_a_system_that_refuses_exits_4(tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("foundation.files.os.replace", full)
    code = run.main(["gan", "train", "--preset", "smoke", "--quiet", "--out", str(tmp_path / "r")])
    line = capsys.readouterr().err.strip()
    assert code == 4
    assert line.startswith("error: the system refused: [Errno 28]") and "\n" not in line


@pytest.mark.parametrize(
    "words", [[], ["gan"], ["gan", "train"], ["data", "inspect"], ["chapter"], ["errata"]]
)
def test_help_needs_no_heavy_import(words):
    code = (
        "import sys, run\n"
        "try: run.main(sys.argv[1:])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'PIL', 'matplotlib', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "usage: run.py" in done.stdout


def test_every_command_loads_its_settings_and_its_function():
    for settings_path, function_path, description in run.COMMANDS.values():
        assert isinstance(run.load(settings_path), type)
        if not function_path.startswith("benchmarks."):  # has requirements of its own
            assert callable(run.load(function_path))
        assert description


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["gan", "train", "--epochs", "0"], "--epochs 0; a number of at least 1"),
        (["gan", "train", "--epochs", "many"], "--epochs"),
        (["gan", "train", "--variant", "wgan"], "--variant"),
        (["gan", "train", "--learning-rate", "nan"], "--learning-rate nan"),
        (["gan", "train", "--data", "minst"], "minst"),
        (["gan", "train", "--data", "folder:/does/not/exist"], "/does/not/exist"),
        (["gan", "train", "--data", "npz:/does/not/exist.npz"], "/does/not/exist.npz"),
        (["gan", "train", "--epoch", "3"], "unrecognized arguments"),
        (["gan", "generate", "/does/not/exist"], "does not exist; a run directory"),
        (["gan", "evaluate", "/does/not/exist"], "does not exist; a run directory"),
        (["gan", "sing"], "sing"),
        (["data", "clean", "mnist"], "--out"),
    ],
)
def test_wrong_words_are_refused_in_one_line(capsys, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    assert message in refused(capsys, *words)
    assert list(tmp_path.iterdir()) == []


def test_an_output_directory_that_is_not_empty_is_refused(capsys, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    line = refused(capsys, "gan", "train", "--preset", "smoke", "--out", tmp_path)
    assert "is not empty" in line
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_an_empty_folder_is_refused(capsys, tmp_path):
    (tmp_path / "images").mkdir()
    assert "images" in refused(capsys, "gan", "train", "--data", f"folder:{tmp_path / 'images'}")


def made_folder(path: Path) -> Path:
    random = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (path / name).mkdir(parents=True)
        for index in range(20):
            pixels = random.integers(0, 256, (12, 12), dtype=np.uint8)
            Image.fromarray(pixels).save(path / name / f"{index:02d}.png")
    return path


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims to be enormous: decoding it would take gigabytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_an_unreadable_file_and_an_image_bomb_are_listed_and_the_run_goes_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = made_folder(tmp_path / "images")
    (folder / "cats" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnot at all")
    (folder / "dogs" / "bomb.png").write_bytes(png_header(60_000, 60_000))
    assert run.main(["data", "inspect", f"folder:{folder}", "--json", "--out", "look"]) == 0
    listed = (tmp_path / "look" / "cleaning.csv").read_text()
    assert "broken.png" in listed and "bomb.png" in listed and listed.count("dropped") == 2
    words = ["gan", "train", "--data", f"folder:{folder}", "--preset", "smoke", "--out", "RUN"]
    assert run.main(words) == 0


def test_labels_that_do_not_match_are_refused(capsys, tmp_path):
    np.savez(tmp_path / "x.npz", images=np.zeros((30, 8, 8), np.uint8), labels=np.zeros(29, int))
    line = refused(capsys, "gan", "train", "--data", f"npz:{tmp_path / 'x.npz'}")
    assert "shape (29,) for 30 images" in line


def test_the_program_runs_from_any_directory(tmp_path):
    listed = command("data", "list", "--json", cwd=tmp_path, env={**os.environ, "LC_ALL": "C"})
    assert listed.returncode == 0, listed.stderr
    assert "mnist" in json.loads(listed.stdout)["images"]
