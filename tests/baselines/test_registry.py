"""What the registry finds in the folder, and what a baseline costs: one file."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

import run
from baselines.config import fields_of
from baselines.entry import IMAGES, Baseline, Flag
from baselines.registry import BASELINES, fit, generator_class, learner_class, read_folder
from data.tables.dataset import TableDataset
from tests.baselines.settings import settings_of
from tests.tables import mixed_dataset, mixed_table

ROOT = Path(run.__file__).parent
TOY = """
import numpy as np

from baselines.entry import TABLE, Baseline, Flag
from data.tables.dataset import Column, Table

BASELINE = Baseline(
    "training rows, moved a little",
    data="breast_cancer",
    generators={TABLE: "baselines.toy:Toy"},
    fits={TABLE: "baselines.toy:fit"},
    flags={"shift": Flag(float, 1.0, "by which every number is moved", minimum=0.0)},
    presets={"smoke": {"shift": 2.0}},
)


class Toy:
    kind, num_classes, class_shares = "table", 0, None

    def __init__(self, columns, values, shift):
        self.columns, self.values, self.shift = columns, values, shift

    def sample(self, seed, start, count, labels=None):
        rows = self.values[np.arange(start, start + count) % len(self.values)]
        return Table(self.columns, rows + self.shift)

    def describe(self):
        return {"columns": [each.describe() for each in self.columns], "shift": self.shift}

    def arrays(self):
        return {"values": self.values}

    @classmethod
    def restore(cls, description, arrays):
        columns = tuple(map(Column.restore, description["columns"]))
        return cls(columns, arrays["values"], description["shift"])


def fit(data, settings):
    train = data.train.without_target()
    return Toy(train.columns, train.values, settings.shift)
"""


def test_a_baseline_is_one_file(tmp_path):
    """Added to the package, it is in the help, it trains, and its run is read back and drawn from;
    where the file says nothing of a flag, the flag is refused."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "toy.py").write_text(TOY)
    program = f"""
import sys
import baselines
baselines.__path__.append({str(tmp_path / "more")!r})
import run
try:
    run.main(["baseline", "train", "--help"])
except SystemExit:
    pass
words = ["toy", "--preset", "smoke", "--quiet", "--out", "RUN"]
assert run.main(["baseline", "train", *words, "--states", "3"]) == 2
assert run.main(["baseline", "train", *words]) == 0
sys.exit(run.main(["baseline", "generate", "RUN", "--count", "5", "--out", "made"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "--states with toy on breast_cancer; a flag that it takes" in done.stderr
    assert "toy: by which every number is moved (default 1.0)" in " ".join(done.stdout.split())
    with open(tmp_path / "made" / "table.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5 and all(float(row["mean radius"]) > 2 for row in rows)


def test_files_without_an_entry_are_no_baselines_and_none_is_imported(tmp_path):
    (tmp_path / "toy.py").write_text(TOY.replace("import numpy", "import no_such_module"))
    (tmp_path / "helper.py").write_text("raise RuntimeError\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "__init__.py").write_text('\nBASELINE = Baseline("x", "mnist", {})\n')
    found = read_folder(tmp_path)
    assert list(found) == ["folder", "toy"]
    assert found["toy"].flags["shift"].default == 1.0 and found["folder"].data == "mnist"


@pytest.mark.parametrize("model", BASELINES)
def test_an_entry_names_what_there_is(model):
    baseline = BASELINES[model]
    for kind in baseline.generators:
        assert generator_class(model, kind).kind == kind
        learner = learner_class(model, kind)
        assert (learner is None) == (kind in baseline.fits)
        assert learner is None or callable(learner.train_steps)
        legal = {"max_images", "max_characters", *baseline.flags_of(kind)}
        for preset in ("smoke", "quick", "full"):
            values = {
                **baseline.presets.get(preset, {}),
                **baseline.presets.get((kind, preset), {}),
            }
            assert set(values) <= legal, (kind, preset)


def test_one_flag_of_several_models_names_each_and_its_default():
    def model(default, help, **limits):
        return Baseline(
            "", "mnist", {IMAGES: ""}, flags={"size": Flag(int, default, help, **limits)}
        )

    def field(**models):
        ((name, kind, found),) = fields_of(models)
        assert (name, kind) == ("size", int)
        return found

    same = field(a=model(3, "of a thing", minimum=1), b=model(3, "of a thing", minimum=1))
    assert same.metadata["help"] == "a, b: of a thing" and same.default == 3
    assert same.metadata["minimum"] == 1
    apart = field(a=model(3, "of a thing"), b=model(4, "of another"))
    assert apart.metadata["help"] == "a: of a thing; b: of another; default: a 3, b 4"
    assert apart.default is None
    with pytest.raises(ValueError, match="a and b take --size of another type or range"):
        fields_of({"a": model(3, "", minimum=1), "b": model(3, "", minimum=2)})


def test_only_the_training_part_is_fitted_at_once():
    """Neither validation nor test rows reach a model that makes no choice."""
    data = mixed_dataset()
    other = TableDataset("other", data.train, mixed_table(50, 8), mixed_table(50, 9))
    for model in ("interpolation", "inverse_transform", "regression"):
        a, b = (fit(model, "table", each, settings_of(model)).arrays() for each in (data, other))
        assert all((a[name] == b[name]).all() for name in a), model
