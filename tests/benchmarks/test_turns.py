"""Rounds in turn in processes of their own, and their comparison."""

import os
import time

import numpy as np
import pytest

from benchmarks.turns import Worker, measure_in_turn, ratios, summary

HERE = "tests.benchmarks.test_turns"


class Sleeper:
    """A side that sleeps; told to, it ends its process instead."""

    def __init__(self, settings, arrays):
        self.settings, self.arrays, self.rounds = settings, arrays, 0
        print("a library's greeting")

    @classmethod
    def use_threads(cls, threads):
        cls.threads = threads

    def facts(self):
        return {"version": "1.2", "threads": self.threads or 3, "how": "asleep"}

    def work(self, task="rest"):
        self.rounds += 1
        if task == "end":
            os._exit(9)
        time.sleep(self.settings["seconds"])
        return {"units": len(self.arrays["images"]), "measured": {"rounds": self.rounds}}


@pytest.fixture
def arrays_path(tmp_path):
    np.savez(tmp_path / "arrays.npz", images=np.zeros((100, 2)))
    return tmp_path / "arrays.npz"


def test_a_side_that_cannot_start_is_a_system_error(arrays_path, capfd):
    with pytest.raises(ChildProcessError, match="nowhere:Nothing ended early"):
        Worker("benchmarks.nowhere:Nothing", {}, arrays_path)
    assert "benchmarks.nowhere" in capfd.readouterr().err


def test_a_side_that_dies_between_two_rounds_is_a_system_error(arrays_path):
    with Worker(f"{HERE}:Sleeper", {"seconds": 0.0}, arrays_path) as worker:
        assert worker.work("rest")["units"] == 100
        with pytest.raises(ChildProcessError, match="Sleeper ended early"):
            worker.work("end")


def test_sides_work_in_turn_and_the_warm_up_does_not_count(capfd):
    sides = {
        "quick": (f"{HERE}:Sleeper", {"seconds": 0.01}),
        "slow": (f"{HERE}:Sleeper", {"seconds": 0.05}),
    }
    result = measure_in_turn("images", sides, {"images": np.zeros((100, 2))}, rounds=3)
    assert list(result["sides"]) == ["quick", "slow"] and result["unit"] == "images"
    for side in result["sides"].values():
        assert side["threads"] == 3  # the last one's own choice, kept by the other
        assert len(side["per_second"]["rounds"]) == 3
        assert side["measured"] == {"rounds": [1, 2, 3, 4]}
        assert side["cores"] < 0.9
    assert result["sides"]["slow"]["per_second"]["max"] <= 2000
    assert result["ratios"]["slow"]["of_medians"] > 1.5
    printed = capfd.readouterr()
    lines = printed.out.splitlines()
    assert lines[0].startswith("warm-up: quick ") and lines[3].startswith("round 3 of 3: quick ")
    assert len(lines) == 4 and "a library's greeting" in printed.err


def test_speeds_and_ratios_by_hand():
    """Speeds 100, 50, 25 beside 50, 50, 20 and, with twice the work, 200, 100, 25."""
    seconds = {"ours": (9.0, 1.0, 2.0, 4.0), "theirs": (9.0, 2.0, 2.0, 5.0)}
    units = {"ours": 100, "theirs": 100, "another": 200}
    seconds["another"] = (9.0, 1.0, 2.0, 8.0)
    sides = {
        name: summary(
            [{"units": units[name], "seconds": s, "cores": s, "measured": {}} for s in each]
        )
        for name, each in seconds.items()
    }
    ours, theirs, another = (side["per_second"] for side in sides.values())
    assert ours == {"median": 50, "min": 25, "max": 100, "rounds": [100, 50, 25]}
    assert theirs == {"median": 50, "min": 20, "max": 50, "rounds": [50, 50, 20]}
    assert another["rounds"] == [200, 100, 25]
    assert sides["ours"]["cores"] == 2.0
    found = ratios(sides)
    assert found["theirs"] == {
        "of_medians": 1.0,
        **{"median": 1.25, "min": 1.0, "max": 2.0, "rounds": [2, 1, 1.25]},
    }
    assert found["another"]["of_medians"] == 0.5
    assert found["another"]["rounds"] == [0.5, 0.5, 1.0]
