"""The real commands: in subprocesses at smoke size, and every wrong input as the shell sees it."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

import run
from tests.runs import refused
from tests.shell import PROGRAM, ran


def started(*arguments, cwd) -> subprocess.Popen:
    """The same command, still running; what it says as an error can be read."""
    words = [sys.executable, PROGRAM, *map(str, arguments)]
    return subprocess.Popen(
        words, cwd=cwd, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A directory with RUN in it, a training that got Ctrl-C; its exit code, and what it said."""
    folder = tmp_path_factory.mktemp("stopped")
    words = ("--preset", "smoke", "--variant", "conditional", "--epochs", 2000, "--out", "RUN")
    process = started("gan", "train", *words, cwd=folder)
    first = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    return folder, process.returncode, [first, *errors.splitlines()]


def test_ctrl_c_saves_and_exits_130_and_resume_goes_on(stopped, tmp_path, monkeypatch):
    folder, code, (*epochs, last) = stopped
    assert code == 130 and last.startswith("stopped "), (code, epochs, last)
    # No note about missing GPUs, no traceback, nothing but the epochs' lines:
    assert all(line.startswith("epoch ") for line in epochs), epochs
    run_of_its_own = shutil.copytree(folder / "RUN", tmp_path / "RUN")
    done = int(re.findall(r"(?:after epoch |in epoch )(\d+)", last)[-1])
    words = ["gan", "train", "--resume", "--out", str(run_of_its_own), "--epochs", str(done + 1)]
    assert run.main(words) == 0
    rows = (run_of_its_own / "history.csv").read_text().splitlines()[1:]
    assert [int(row.split(",")[0]) for row in rows] == list(range(1, done + 2))


def test_what_was_stopped_generates(stopped, tmp_path, capsys):
    made = ["--count", "20", "--out", str(tmp_path / "made")]
    assert run.main(["gan", "generate", str(stopped[0] / "RUN"), *made]) == 0
    assert capsys.readouterr().err == ""


def test_sigterm_during_generation_leaves_nothing(stopped, tmp_path):
    words = ("gan", "generate", stopped[0] / "RUN", "--count", 5_000_000, "--out", "made")
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


def test_a_system_that_refuses_exits_4(tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("foundation.files.os.replace", full)
    code = run.main(["gan", "train", "--preset", "smoke", "--quiet", "--out", str(tmp_path / "r")])
    line = capsys.readouterr().err.strip()
    assert code == 4
    assert line.startswith("error: the system refused: [Errno 28]") and "\n" not in line


HELP = """
import sys, run
for words in sys.argv[1:]:
    assert run.main([*words.split(), "--help"]) == 0
heavy = {"tensorflow", "keras", "numpy", "PIL", "matplotlib", "rich"} & set(sys.modules)
assert not heavy, heavy
"""


def test_help_needs_no_heavy_import(tmp_path):
    commands = ["", "gan", "gan train", "data inspect", "chapter", "errata", "augment"]
    commands += [f"augment {verb}" for verb in ("list", "preview", "apply", "text")]
    shown = ran(tmp_path, "-c", HELP, *commands).stdout
    for words in commands:
        assert f"usage: run.py {words}".strip() in shown, words


def test_every_command_loads_its_settings_and_its_function():
    for settings_path, function_path in run.COMMANDS.values():
        assert not run.load(settings_path).__doc__.startswith("Settings of")  # it is the help
        if not function_path.startswith("benchmarks."):  # has requirements of its own
            assert callable(run.load(function_path))


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
        (["gan", "train", "--out", str(PROGRAM.parent)], "is not empty"),
        (["gan", "evaluate", "/does/not/exist"], "does not exist; a run directory"),
        (["gan", "sing"], "sing"),
        (["data", "clean", "mnist"], "--out"),
    ],
)
def test_wrong_words_are_refused_in_one_line(capsys, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    assert message in refused(capsys, *words)
    assert list(tmp_path.iterdir()) == []


def test_the_program_runs_from_any_directory(tmp_path):
    listed = ran(tmp_path, PROGRAM, "data", "list", "--json", LC_ALL="C")
    assert "mnist" in json.loads(listed.stdout)["images"]
