"""Which baselines there are, and fitting any of them to the data it reads. No heavy import."""

import importlib
import pkgutil
from typing import TYPE_CHECKING

import baselines
from data.kinds import kinds_of, unknown
from data.source import IMAGES, SERIES, TEXT
from foundation.errors import InputError
from foundation.quiet import load_quietly

if TYPE_CHECKING:
    import numpy as np

    from data.texts.vocabulary import Vocabulary
    from training.generator import Generator


def read_folder() -> dict[str, baselines.Baseline]:
    """The BASELINE of every folder baselines/NAME, by NAME."""
    names = [module.name for module in pkgutil.iter_modules(baselines.__path__) if module.ispkg]
    packages = {name: importlib.import_module(f"baselines.{name}") for name in sorted(names)}
    return {
        name: package.BASELINE for name, package in packages.items() if hasattr(package, "BASELINE")
    }


BASELINES = read_folder()


def kind_of(model: str, data: str) -> str:
    """As what `model` reads `data`: "images", "text", "series" or "table".

    Raises: InputError if there is no such data, or the model cannot learn it.
    """
    kinds = kinds_of(data)
    if not kinds:
        raise unknown(data)
    baseline = BASELINES[model]
    for kind in baseline.generators:
        if kind in kinds:
            return kind
    learnt = " or ".join(baseline.generators)
    raise InputError(f"{model} with --data {data}", learnt, f"leave --data out for {baseline.data}")


def load_data(
    kind: str, data: str, settings: dict, quiet: bool, known: "Vocabulary | None" = None
) -> object:
    """Read `data` as a kind, by the fields of a BaselineSettings, as RUN/config.json keeps them.

    `known` are characters that a text's vocabulary has in any case.

    Returns: an ImageDataset, TextCorpus, SeriesDataset or TableDataset; each has `name`, `sha256`,
      `train`, `validation` and `test`.
    Raises: InputError if the data are at fault.
    """
    if kind == IMAGES:
        from data.images.load import load_images

        return load_images(data, settings["image_size"], settings["max_images"], quiet=quiet)
    if kind == TEXT:
        from data.texts.load import load_text

        chosen = (settings[name] for name in ("split", "encoding", "max_characters"))
        return load_text(data, *chosen, quiet=quiet, known=known)
    from data.tables.columns import Reading

    reading = Reading.of(settings)
    if kind == SERIES:
        from data.tables.series import load_series

        loaded = load_series(data.partition(":")[2], reading)
    else:
        from data.tables.load import load_table

        loaded = load_table(data, settings["target"], settings["features"], reading)
    for step in () if quiet else loaded.steps:
        if step.counts or step.name == "types":
            print(f"{step.name}: {step.told}")
    return loaded


def learner_class(model: str, kind: str) -> type | None:
    """What fits a model to a kind of data in epochs; None if it is fitted at once."""
    path = BASELINES[model].learners.get(kind)
    return None if path is None else load_quietly(path)


def fit(model: str, kind: str, data: object, settings: object) -> "Generator":
    """Fit a model to `data.train`, without a run directory.

    Choices are made by `data.validation`; `data.test` is not looked at.

    Args:
      model: a name in BASELINES.
      kind: of the data, one that the model learns.
      data: what `load_data` returns for this kind.
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
    path = BASELINES[description["model"]].generators[description["kind"]]
    return load_quietly(path).restore(description, arrays)
