"""`run_trials`: a file a seed with its recipe and provenance, and nothing measured twice."""

import dataclasses
import json
import math
import sys
import types

import numpy as np
import pytest

from chapter.claims.experiment import CHOICE_SEED, Measured, Trial
from chapter.claims.seeds import stored as stored_module
from chapter.claims.seeds.measuring import run_trials
from chapter.claims.seeds.stored import packed, read_seed, unpacked
from foundation.errors import InputError

SIZES = {"seeds": 3, "first_seed": 5, "rows": 7, "arms": ("a", "b"), "limit": None}
TRIAL = Trial("Is b more?", "made_trial:measure", "b", {"quick": SIZES}, ("README.md",))


@pytest.fixture
def measured(monkeypatch):
    """The seeds that were measured, in order; what is in `failing` is not."""
    module = types.ModuleType("made_trial")
    module.seeds, module.failing, module.sizes = [], {}, []

    def measure(seed, sizes):
        if seed in module.failing:
            return Measured(module.failing[seed])
        module.seeds.append(seed)
        module.sizes.append(sizes)
        measures = {"a": {"rows": 7.0, "none": None}, "b": {"rows": seed + 0.5}}
        return Measured(measures, {"b": {"rows": np.arange(4.0)}}, np.array([3, 1, 4, 2]), 9)

    module.measure = measure
    module.choose = lambda seed, sizes: {"b": {"seed": seed}}
    monkeypatch.setitem(sys.modules, "made_trial", module)
    return module


def run(out, trial=TRIAL, first_seed=0):
    return run_trials({"made": trial, "other": TRIAL}, ["made"], "quick", first_seed, out, True)


def file_of(out, seed=5):
    return out / "trials" / "made" / f"seed-{seed:04d}.json"


def changed(trial=TRIAL, **sizes):
    return dataclasses.replace(trial, sizes={"quick": {**SIZES, **sizes}})


def test_every_seed_has_a_file_with_its_recipe_and_where_it_was_measured(measured, tmp_path):
    found = run(tmp_path)["made"]
    assert measured.seeds == list(found) == [5, 6, 7]
    assert found[6].measures == {"a": {"rows": 7.0, "none": None}, "b": {"rows": 6.5}}
    stored = json.loads(file_of(tmp_path, 6).read_text())
    assert stored["trial"] == "made" and stored["seed"] == 6 and stored["cpu_seconds"] >= 0
    assert stored["recipe"]["sizes"] == {"rows": 7, "arms": ["a", "b"], "limit": None}
    assert list(stored["recipe"]["files"]) == ["README.md"]
    where = stored["provenance"]
    assert len(where["commit"]) == 40 and isinstance(where["clean"], bool)
    assert {"python", "tensorflow", "numpy"} <= set(where["versions"]) and where["processor"]
    assert sorted(path.name for path in tmp_path.rglob("*.json")) == [
        f"seed-{seed:04d}.json" for seed in (5, 6, 7)
    ]
    again = read_seed(file_of(tmp_path, 6), TRIAL, "quick")
    assert again.measures == found[6].measures
    assert again.rows["b"]["rows"].tolist() == [0, 1, 2, 3] and again.units.tolist() == [3, 1, 4, 2]
    assert again.training == 9


def test_a_run_gives_what_its_resume_gives(measured, tmp_path, monkeypatch):
    many = np.linspace(0, 1, 1000)  # kept with three digits
    monkeypatch.setattr(
        measured, "measure", lambda seed, sizes: Measured({"a": {"x": 0.5}}, {"a": {"x": many}})
    )
    first, again = run(tmp_path)["made"], run(tmp_path)["made"]
    assert np.array_equal(first[5].rows["a"]["x"], again[5].rows["a"]["x"])


def test_only_what_is_missing_is_measured_and_the_file_has_the_word(measured, tmp_path):
    run(tmp_path)
    file_of(tmp_path, 6).unlink()
    stored = json.loads(file_of(tmp_path, 7).read_text())
    stored["measures"]["b"]["rows"] = 99.0
    file_of(tmp_path, 7).write_text(json.dumps(stored))
    measured.seeds.clear()
    assert run(tmp_path)["made"][7].measures["b"]["rows"] == 99.0
    assert measured.seeds == [6]
    measured.seeds.clear()
    assert list(run(tmp_path, changed(seeds=5), first_seed=-1)["made"]) == [4, 5, 6, 7, 8]
    assert measured.seeds == [4, 8]


@pytest.mark.parametrize(
    "other",
    [
        changed(rows=8),
        changed(arms=("a",)),
        changed(more=1),
        dataclasses.replace(TRIAL, version=2),
        dataclasses.replace(TRIAL, reads=("LICENSE",)),
    ],
)
def test_a_seed_of_another_recipe_is_refused_before_anything_is_measured(measured, tmp_path, other):
    run(tmp_path)
    file_of(tmp_path).unlink()
    measured.seeds.clear()
    with pytest.raises(
        InputError, match=r"seed-0006\.json, made by another recipe .*another --out"
    ):
        run(tmp_path, other)
    assert measured.seeds == []


def test_a_file_that_has_changed_is_another_recipe(measured, tmp_path, monkeypatch):
    run(tmp_path)
    monkeypatch.setattr(stored_module, "file_hash", lambda name: "0" * 64)
    with pytest.raises(InputError, match=r"another recipe \(files\)"):
        run(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: "",
        lambda stored: "[1]",
        lambda stored: "{}",
        lambda stored: json.dumps(stored | {"measures": {}}),
        lambda stored: json.dumps(stored | {"measures": {"a": {"rows": math.nan}}}),
        lambda stored: json.dumps(stored | {"measures": {"a": {"rows": "1"}}}),
        lambda stored: json.dumps(stored | {"measures": [1.0]}),
        lambda stored: json.dumps(stored | {"recipe": 3}),
        lambda stored: json.dumps(stored | {"rows": {"b": {"rows": {"dtype": "|O"}}}}),
        lambda stored: json.dumps(stored | {"units": packed(np.arange(3)) | {"data": "eA=="}}),
    ],
)
def test_a_damaged_file_is_refused_by_name(measured, tmp_path, change):
    run(tmp_path)
    stored = json.loads(file_of(tmp_path, 7).read_text())
    file_of(tmp_path, 7).write_text(change(stored))
    measured.seeds.clear()
    with pytest.raises(InputError, match=r"seed-0007\.json: .*delete it: it is measured again"):
        run(tmp_path)
    assert measured.seeds == []


@pytest.mark.parametrize(
    ("measures", "message"),
    [
        ({"a": {"rows": math.nan}}, "a, rows: nan; a finite number, or None"),
        ({"a": {"rows": -math.inf}}, "a, rows: -inf; a finite"),
        ({}, "no arms"),
    ],
)
def test_what_is_no_measure_is_a_fault_and_leaves_no_file(measured, tmp_path, measures, message):
    measured.failing[6] = measures
    with pytest.raises(ValueError, match=message):
        run(tmp_path)
    assert file_of(tmp_path, 5).exists() and not file_of(tmp_path, 6).exists()
    measured.failing.clear()
    assert list(run(tmp_path)["made"]) == measured.seeds == [5, 6, 7]  # the first one only once


def test_arms_choose_once_and_every_seed_is_told(measured, tmp_path):
    choosing = dataclasses.replace(TRIAL, choice_path="made_trial:choose")
    run(tmp_path / "not", choosing)  # nothing to choose from at these sizes
    assert all("choices" not in sizes for sizes in measured.sizes)
    measured.sizes.clear()
    choosing = changed(choosing, candidates=2)
    run(tmp_path, choosing)
    assert [sizes["choices"] for sizes in measured.sizes] == [{"b": {"seed": CHOICE_SEED}}] * 3
    place = file_of(tmp_path).with_name("choices.json")
    place.write_text(place.read_text().replace(f'"seed": {CHOICE_SEED}', '"seed": 98'))
    with pytest.raises(InputError, match=r"seed-0005\.json, measured with other choices"):
        run(tmp_path, choosing)
    for seed in (5, 6, 7):
        file_of(tmp_path, seed).unlink()
    run(tmp_path, choosing)
    assert measured.sizes[-1]["choices"] == {"b": {"seed": 98}}
    for seed in (5, 6, 7):
        file_of(tmp_path, seed).unlink()
    place.write_text(place.read_text().replace('"version": 1', '"version": 0'))
    with pytest.raises(InputError, match=r"choices\.json, made by another recipe"):
        run(tmp_path, choosing)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        (np.array([1.0, 0.0, 1.0]), 0),
        (np.array([0.25, 1 / 3, 0.25]), 0),
        (np.arange(1000), 0),
        (np.linspace(0, 1, 1000), 3e-4),
    ],
)
def test_packed_numbers_come_back(values, error):
    found = unpacked(json.loads(json.dumps(packed(values))))
    assert np.abs(found - values).max() <= error and found.shape == values.shape
