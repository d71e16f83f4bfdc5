"""Rounds in turn in processes of their own, their comparison, and the tables."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import command
from benchmarks.command import benchmark, warn_if_busy
from benchmarks.config import BenchmarkSettings
from benchmarks.rounds import compare
from benchmarks.table import table
from benchmarks.worker import Worker

PROJECT = Path(__file__).resolve().parents[2]
SIDE = {"version": "1.2", "threads": 2, "how": "by hand", "cores": [1.9] * 5}


@pytest.fixture
def arrays_path(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (100, 28, 28, 1), dtype=np.uint8)
    np.savez(tmp_path / "arrays.npz", images=images)
    return tmp_path / "arrays.npz"


def test_a_side_that_cannot_start_is_a_system_error(arrays_path, capfd):
    with pytest.raises(ChildProcessError, match="exit code 1"):
        Worker("benchmarks.nowhere:Nothing", {}, arrays_path)
    assert "benchmarks.nowhere" in capfd.readouterr().err


def test_a_side_that_dies_between_two_rounds_is_a_system_error(arrays_path):
    pytest.importorskip("torch")
    side = "benchmarks.gan.pytorch:PytorchGan"
    with Worker(side, {"batch_size": 64}, arrays_path) as worker:
        worker.process.kill()
        worker.process.wait()
        with pytest.raises(ChildProcessError, match="exit code -9"):
            worker.work()


def test_speeds_and_ratios_by_hand():
    """Speeds 100, 50, 25 beside 50, 50, 20 and, with twice the work, 200, 100, 25."""
    sides = {
        "ours": {"units": [100, 100, 100], "seconds": [1.0, 2.0, 4.0]},
        "theirs": {"units": [100, 100, 100], "seconds": [2.0, 2.0, 5.0]},
        "another": {"units": [200, 200, 200], "seconds": [1.0, 2.0, 8.0]},
    }
    result = compare(sides, {"theirs": 1.0, "another": 0.51})
    ours, theirs, another = result["per_second"].values()
    assert ours == {"median": 50, "min": 25, "max": 100, "rounds": [100, 50, 25]}
    assert theirs == {"median": 50, "min": 20, "max": 50, "rounds": [50, 50, 20]}
    assert another["rounds"] == [200, 100, 25]
    assert result["ratios"]["theirs"] == {
        "of_medians": 1.0,
        **{"median": 1.25, "min": 1.0, "max": 2.0, "rounds": [2, 1, 1.25]},
        **{"target": 1.0, "reached": True},
    }
    ratio = result["ratios"]["another"]
    assert ratio["of_medians"] == 0.5 and ratio["rounds"] == [0.5, 0.5, 1.0]
    assert ratio["reached"] is False
    without = compare(sides, {})["ratios"]["theirs"]
    assert without["target"] is None and without["reached"] is None


@pytest.fixture
def result():
    sides = {
        "ours": {**SIDE, "units": [10_000] * 5, "seconds": [1.0] * 5, "measured": {}},
        "another way": {
            **SIDE,
            "units": [10_000] * 5,
            "seconds": [2.0, 2.0, 2.0, 2.5, 1.25],
            "measured": {"loss": [1.5, 1.0, 0.7]},
        },
    }
    return {
        "unit": "images",
        "a_round": "10,000 images",
        "mflop_a_unit": 9.15,
        "sides": sides,
        **compare(sides, {}),
    }


def test_the_table_shows_speeds_ratios_threads_and_versions(result):
    lines = table("training", result).splitlines()
    assert lines[0] == "training"
    assert lines[1].split() == ["images/s", "median", "min", "max", "GFLOP/s", "cores"]
    # 10,000 images/s * 9.15 MFLOP = 91.5 GFLOP/s; half of it for the other
    assert lines[2].split() == ["ours", "10,000", "10,000", "10,000", "92", "1.90"]
    assert lines[3].split() == ["another", "way", "5,000", "4,000", "8,000", "46", "1.90"]
    assert {len(line) for line in lines[1:4]} == {len(lines[1])}
    assert lines[4] == "ours / another way: 2.00 (ratio of medians); round by round 1.25 to 2.50"
    assert "warm-up: 5, each of 10,000 images;" in lines[5] and "9.15 MFLOP" in lines[5]
    assert lines[6] == "ours: 1.2, 2 threads, by hand"
    assert lines[7].startswith("another way: 1.2, 2 threads, by hand; ")
    assert lines[7].endswith("loss 1.5 to 0.7")


def test_the_table_without_operations_and_with_a_target(result):
    result["mflop_a_unit"] = None
    for target, word in ((2.0, "reached"), (10.0, "missed")):
        given = {**result, **compare(result["sides"], {"another way": target})}
        lines = table("writing", given).splitlines()
        assert lines[1].split() == ["images/s", "median", "min", "max", "cores"]
        assert lines[2].split() == ["ours", "10,000", "10,000", "10,000", "1.90"]
        assert lines[4].endswith(f"; target {target:g}: {word}")
        assert "FLOP" not in "".join(lines)


@pytest.mark.parametrize("name", ["gan", "text"])
def test_the_command_prints_every_table_and_returns_json(name, result, monkeypatch, capsys):
    asked = []
    measures = {"one": result, "two": result}
    monkeypatch.setitem(command.FUNCTIONS, name, lambda given: asked.append(given) or measures)
    settings = BenchmarkSettings(name=name)
    answer = json.loads(json.dumps(benchmark(settings), allow_nan=False))
    assert asked == [settings]
    assert answer["benchmark"] == name and list(answer["measures"]) == ["one", "two"]
    assert answer["machine"]["cpus"] >= 1
    printed = capsys.readouterr().out
    assert "\none\n" in printed and "\ntwo\n" in printed


def test_a_busy_machine_is_named(capsys):
    warn_if_busy(0.1)
    warn_if_busy(None)
    assert not capsys.readouterr().out
    warn_if_busy(3.14)
    assert "load average was 3.1" in capsys.readouterr().out


def test_the_parent_imports_no_framework():
    code = (
        "import json, sys, benchmarks.command;"
        "print(json.dumps([name for name in ('tensorflow', 'torch') if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []
