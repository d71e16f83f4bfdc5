"""What the registry finds in the folder, and what a baseline costs: one file in a folder."""

import csv

import pytest

from baselines import Baseline, Flag
from baselines.config import fields_of
from baselines.registry import BASELINES, learner_class
from foundation.quiet import load_quietly
from tests.contributing import example
from tests.shell import ran

PROGRAM = """
import contextlib
import baselines
baselines.__path__.append("more")
import run
with contextlib.suppress(SystemExit):
    run.main(["baseline", "train", "--help"])
words = ["toy", "--preset", "smoke", "--quiet", "--out", "RUN"]
assert run.main(["baseline", "train", *words, "--states", "3"]) == 2
assert run.main(["baseline", "train", *words]) == 0
assert run.main(["baseline", "generate", "RUN", "--count", "5", "--out", "made"]) == 0
"""


def test_a_baseline_is_one_file_in_a_folder(tmp_path):
    """Added to the package, it is in the help, it trains, and its run is read back and drawn from;
    where the file says nothing of a flag, the flag is refused. Other folders are no baselines, and
    files are not imported."""
    for name, text in (
        ("toy/__init__", example("A baseline")),
        ("other/__init__", ""),
        ("file", "1 / 0"),
    ):
        path = tmp_path / "more" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = ran(tmp_path, "-c", PROGRAM)
    assert "--states with toy on breast_cancer; a flag that it takes" in done.stderr
    assert "toy: by which every number is moved (default 1.0)" in " ".join(done.stdout.split())
    with open(tmp_path / "made" / "table.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5 and all(float(row["mean radius"]) > 2 for row in rows)


@pytest.mark.parametrize("model", BASELINES)
def test_an_entry_names_what_there_is(model):
    baseline = BASELINES[model]
    for kind, path in baseline.generators.items():
        assert load_quietly(path).kind == kind
        learner = learner_class(model, kind)
        assert (learner is None) == (kind in baseline.fits)
        assert callable(learner.train_steps if learner else load_quietly(baseline.fits[kind]))
        legal = {"max_images", "max_characters", *baseline.flags_of(kind)}
        for preset in ("smoke", "quick", "full"):
            values = baseline.presets.get(preset, {}) | baseline.presets.get((kind, preset), {})
            assert set(values) <= legal, (kind, preset)


def test_one_flag_of_several_models_names_each_and_its_default():
    def field(*flags):
        models = {
            m: Baseline("", "", {}, flags={"size": f}) for m, f in zip("ab", flags, strict=True)
        }
        ((name, kind, found),) = fields_of(models)
        assert (name, kind) == ("size", int)
        return found.metadata["help"], found.default, found.metadata["minimum"]

    one = Flag(int, 3, "of a thing", minimum=1)
    assert field(one, one) == ("a, b: of a thing", 3, 1)
    other = Flag(int, 4, "of another", minimum=1)
    assert field(one, other) == ("a: of a thing; b: of another; default: a 3, b 4", None, 1)
    with pytest.raises(ValueError, match="a and b take --size of another type or range"):
        field(one, Flag(int, 3, "of a thing", minimum=2))
