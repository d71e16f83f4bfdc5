"""`benchmark`: the tables, the JSON, and a busy machine named."""

import importlib.metadata
import json

import pytest

from benchmarks import command
from benchmarks.command import benchmark, warn_if_busy
from benchmarks.config import BenchmarkSettings
from benchmarks.sides import require
from benchmarks.tables import table
from benchmarks.turns import ratios, spread
from foundation.errors import InputError
from tests.shell import PROGRAM, ran

SIDE = {"version": "1.2", "threads": 2, "how": "by hand", "cores": 1.9}


@pytest.fixture
def result():
    sides = {
        "ours": {**SIDE, "per_second": spread([10_000] * 5), "measured": {}},
        "another way": {
            **SIDE,
            "per_second": spread([5_000, 5_000, 5_000, 4_000, 8_000]),
            "measured": {"loss": [1.5, 1.0, 0.7]},
        },
    }
    return {"unit": "images", "sides": sides, "ratios": ratios(sides)}


def test_the_table_shows_speeds_ratios_threads_and_versions(result):
    lines = table("training", result).splitlines()
    assert lines[0] == "training"
    assert lines[1].split() == ["images/s", "median", "min", "max", "cores"]
    assert lines[2].split() == ["ours", "10,000", "10,000", "10,000", "1.90"]
    assert lines[3].split() == ["another", "way", "5,000", "4,000", "8,000", "1.90"]
    assert {len(line) for line in lines[1:4]} == {len(lines[1])}
    assert lines[4] == "ours / another way: 2.00 (ratio of medians); round by round 1.25 to 2.50"
    assert lines[5].startswith("5 rounds in turn after a warm-up")
    assert lines[6] == "ours: 1.2, 2 threads, by hand"
    assert lines[7].startswith("another way: 1.2, 2 threads, by hand; ")
    assert lines[7].endswith("loss 1.5 to 0.7")


def test_the_command_prints_every_table_and_returns_json(result, monkeypatch, capsys):
    asked = []
    measures = {"one": result, "two": result}
    monkeypatch.setitem(command.FUNCTIONS, "gan", lambda given: asked.append(given) or measures)
    settings = BenchmarkSettings(name="gan")
    answer = json.loads(json.dumps(benchmark(settings), allow_nan=False))
    assert asked == [settings]
    assert answer["benchmark"] == "gan" and list(answer["measures"]) == ["one", "two"]
    machine, printed = answer["machine"], capsys.readouterr().out
    assert f"processor: {machine['processor']}, {machine['cpus']} CPUs" in printed
    assert "\none\n" in printed and "\ntwo\n" in printed


def test_a_busy_machine_is_named(capsys):
    warn_if_busy(0.1)
    warn_if_busy(None)
    assert not capsys.readouterr().out
    warn_if_busy(3.14)
    assert "load average was 3.1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("found", "version", "message"),
    [
        (
            None,
            None,
            "torch missing; the package torch, to compare with; pip install -r benchmarks/",
        ),
        ("2.1.0", "2.0.8", "torch 2.1.0; the package torch 2.0.8, "),
    ],
)
def test_without_the_package_the_error_says_what_to_install(monkeypatch, found, version, message):
    def installed(name):
        if found is None:
            raise importlib.metadata.PackageNotFoundError
        return found

    monkeypatch.setattr(importlib.metadata, "version", installed)
    with pytest.raises(InputError, match=message):
        require("torch", version)
    if found:
        require("torch")
        require("torch", found)
    else:
        for measure in command.FUNCTIONS.values():
            with pytest.raises(InputError, match="missing"):
                measure(BenchmarkSettings(name="gan"))


def test_the_parent_imports_no_framework():
    code = (
        "import json, sys, benchmarks.command;"
        "print(json.dumps([name for name in ('tensorflow', 'torch') if name in sys.modules]))"
    )
    assert json.loads(ran(PROGRAM.parent, "-c", code).stdout) == []
