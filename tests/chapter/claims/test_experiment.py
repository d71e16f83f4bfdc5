"""`run_trials`: a file a seed, and nothing measured twice."""

import dataclasses
import json
import math
import sys
import types

import pytest

from chapter.claims.experiment import Trial, check_measures, read_seed, run_trials
from foundation.errors import InputError

SIZES = {"seeds": 3, "rows": 7, "share": 0.5, "arms": ("a", "b"), "limit": None}
TRIAL = Trial("Is b more than a?", "made_trial:measure", "b", {"quick": SIZES})


@pytest.fixture
def measured(monkeypatch):
    """The seeds that were measured, in order; what is in `failing` is not."""
    module = types.ModuleType("made_trial")
    module.seeds, module.failing = [], {}

    def measure(seed, sizes):
        if seed in module.failing:
            return module.failing[seed]()
        module.seeds.append(seed)
        return {
            "a": {"rows": float(sizes["rows"]), "none": None},
            "b": {"rows": seed + sizes["share"]},
        }

    module.measure = measure
    monkeypatch.setitem(sys.modules, "made_trial", module)
    return module


def run(out, trial=TRIAL, first_seed=0):
    return run_trials({"made": trial, "other": TRIAL}, ["made"], "quick", first_seed, out, True)


def file_of(out, seed=0):
    return out / "trials" / "made" / f"seed-{seed:04d}.json"


def changed(**sizes):
    return dataclasses.replace(TRIAL, sizes={"quick": {**SIZES, **sizes}})


def test_every_seed_has_a_file_of_its_own(measured, tmp_path):
    found = run(tmp_path, first_seed=5)
    assert measured.seeds == [5, 6, 7]
    assert found == {
        "made": {
            seed: {"a": {"rows": 7.0, "none": None}, "b": {"rows": seed + 0.5}}
            for seed in (5, 6, 7)
        }
    }
    paths = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.json"))
    assert paths == [file_of(tmp_path, seed).relative_to(tmp_path) for seed in (5, 6, 7)]
    stored = json.loads(file_of(tmp_path, 6).read_text())
    assert stored["trial"] == "made" and stored["seed"] == 6
    assert stored["measures"] == found["made"][6]
    assert stored["sizes"] == json.loads(json.dumps(SIZES))
    assert stored["seconds"] >= 0 and stored["cpu_seconds"] >= 0


def test_what_is_there_is_kept_and_only_what_is_missing_is_measured(measured, tmp_path):
    first = run(tmp_path)
    file_of(tmp_path, 1).unlink()
    measured.seeds.clear()
    assert run(tmp_path) == first
    assert measured.seeds == [1]
    stored = json.loads(file_of(tmp_path, 2).read_text())
    stored["measures"]["b"]["rows"] = 99.0  # the file has the word, not the function
    file_of(tmp_path, 2).write_text(json.dumps(stored))
    assert run(tmp_path)["made"][2]["b"]["rows"] == 99.0


def test_more_seeds_add_to_what_is_there_in_order(measured, tmp_path):
    run(tmp_path, first_seed=1)
    measured.seeds.clear()
    assert list(run(tmp_path, changed(seeds=5))["made"]) == [0, 1, 2, 3, 4]
    assert measured.seeds == [0, 4]
    assert list(run(tmp_path, changed(seeds=2))["made"]) == [0, 1]


@pytest.mark.parametrize("sizes", [{"rows": 8}, {"arms": ("a",)}, {"limit": 3}, {"more": 1}])
def test_other_sizes_are_refused_before_anything_is_measured(measured, tmp_path, sizes):
    run(tmp_path)
    file_of(tmp_path, 0).unlink()
    measured.seeds.clear()
    with pytest.raises(InputError, match=r"seed-0001\.json, made with .*another --out"):
        run(tmp_path, changed(**sizes))
    assert measured.seeds == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"measures": {"a": {"rows": 1.0}}',
        "[1]",
        "{}",
        '{"measures": {"a": {"rows": 1.0}}}',
        '{"measures": {}, SIZES}',
        '{"measures": {"a": {"rows": NaN}}, SIZES}',
        '{"measures": {"a": {"rows": Infinity}}, SIZES}',
        '{"measures": {"a": {"rows": "1"}}, SIZES}',
        '{"measures": {"a": 1.0}, SIZES}',
        '{"measures": [1.0], SIZES}',
        '{"measures": {"a": {"rows": 1.0}}, "sizes": 3}',
    ],
)
def test_a_damaged_file_is_refused_by_name(measured, tmp_path, content):
    run(tmp_path)
    content = content.replace("SIZES", f'"sizes": {json.dumps(SIZES)}')
    file_of(tmp_path, 2).write_text(content)
    measured.seeds.clear()
    with pytest.raises(InputError, match=r"seed-0002\.json: .*delete it: it is measured again"):
        run(tmp_path)
    assert measured.seeds == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_a_fault_and_leaves_no_file(measured, tmp_path, value):
    measured.failing[1] = lambda: {"a": {"rows": value}}
    with pytest.raises(ValueError, match=r"a, rows: .*; a finite number, or None"):
        run(tmp_path)
    assert file_of(tmp_path, 0).exists() and not file_of(tmp_path, 1).exists()
    measured.failing.clear()
    assert list(run(tmp_path)["made"]) == [0, 1, 2]
    assert measured.seeds == [0, 1, 2]  # the first one only once


def test_a_trial_without_arms_is_a_fault(measured, tmp_path):
    measured.failing[0] = dict
    with pytest.raises(ValueError, match="no arms"):
        run(tmp_path)
    assert not file_of(tmp_path, 0).exists()


def test_none_stands_for_no_answer():
    check_measures({"a": {"rows": None, "share": 0.0}})


def test_a_file_of_other_sizes_alone_is_told_apart(measured, tmp_path):
    run(tmp_path)
    assert read_seed(file_of(tmp_path), SIZES)["a"]["rows"] == 7.0
    assert read_seed(file_of(tmp_path), {**SIZES, "seeds": 30})["a"]["rows"] == 7.0
    with pytest.raises(InputError):
        read_seed(file_of(tmp_path), {"seeds": 3})
