"""Which baselines there are, found by reading the folder; fitting any of them. No heavy import."""

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import baselines
from baselines import entry
from baselines.entry import Baseline
from data.kinds import kinds_of, unknown
from foundation.errors import InputError
from foundation.quiet import load_quietly

if TYPE_CHECKING:
    import numpy as np

    from training.generator import Generator


def read_folder(folder: str) -> dict[str, Baseline]:
    """Every `BASELINE = Baseline(...)` in folder/NAME.py or folder/NAME/__init__.py, by NAME.

    The files are read and not imported, so that `--help` need not wait for what they import: an
    entry may use the names of baselines/entry.py and no others.
    """
    found = {}
    for path in [*Path(folder).glob("*.py"), *Path(folder).glob("*/__init__.py")]:
        text = path.read_text(encoding="utf-8")
        if "\nBASELINE = " not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BASELINE":
                code = compile(ast.Expression(node.value), str(path), "eval")
                name = path.parent.name if path.name == "__init__.py" else path.stem
                found[name] = eval(code, dict(vars(entry)))
    return dict(sorted(found.items()))


BASELINES = {
    name: baseline
    for folder in baselines.__path__
    for name, baseline in read_folder(folder).items()
}


def kind_of(model: str, data: str) -> str:
    """As what `model` reads `data`: "images", "text", "series" or "table".

    Raises: InputError if there is no such data, or the model cannot learn it.
    """
    kinds = kinds_of(data)
    if not kinds:
        raise unknown(data)
    baseline = BASELINES[model]
    found = [kind for kind in baseline.generators if kind in kinds]
    if not found:
        learnt = " or ".join(baseline.generators)
        raise InputError(
            f"{model} with --data {data}", f"{learnt}", f"leave --data out for {baseline.data}"
        )
    return found[0]


def generator_class(model: str, kind: str) -> type:
    """The Generator of a model for a kind of data."""
    return load_quietly(BASELINES[model].generators[kind])


def learner_class(model: str, kind: str) -> type | None:
    """The BaselineLearner of a model for a kind of data; None if it is fitted at once."""
    path = BASELINES[model].learners.get(kind)
    return None if path is None else load_quietly(path)


def fit(model: str, kind: str, data: object, settings: object) -> "Generator":
    """Fit a model to `data.train`, without a run directory.

    Choices are made by `data.validation`; `data.test` is not looked at.

    Args:
      model: a name in BASELINES.
      kind: of the data, one that the model learns.
      data: an ImageDataset, a TextCorpus, a SeriesDataset or a TableDataset.
      settings: a BaselineSettings of that model.

    Raises: InputError if the model cannot be fitted to such data; Diverged if its training fails.
    """
    learner = learner_class(model, kind)
    if learner is None:
        return load_quietly(BASELINES[model].fits[kind])(data, settings)
    from training.loop import fit_in_memory  # with TensorFlow, which not every model needs

    return fit_in_memory(learner(data, settings), settings.epochs)


def restore(description: dict, arrays: dict[str, "np.ndarray"]) -> "Generator":
    """The generator that RUN/model describes; see training.stored.load_run.

    Raises: KeyError, ValueError, TypeError or InputError if they are no such model.
    """
    model, kind = description["model"], description["kind"]
    if kind not in BASELINES[model].generators:
        raise ValueError(f"a {model} of {kind}")
    return generator_class(model, kind).restore(description, arrays)
