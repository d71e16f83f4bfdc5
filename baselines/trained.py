"""A fitted baseline in RUN/model, and back."""

import dataclasses
from pathlib import Path

from baselines.registry import BASELINES, generator_class
from foundation.errors import InputError
from training.finished import load_arrays, read_description, save_arrays
from training.generator import Generator
from training.run_directory import read_config


@dataclasses.dataclass(frozen=True)
class StoredBaseline:
    """A baseline read back from its run.

    Args:
      run: the run directory.
      settings: the fields of its BaselineSettings.
      data_sha256: of the data it was fitted to.
      model, kind: which baseline, of which kind of data.
      generator: the fitted model.
    """

    run: Path
    settings: dict
    data_sha256: str
    model: str
    kind: str
    generator: Generator

    @property
    def name(self) -> str:
        """What a manifest calls it."""
        return f"baseline-{self.model}"


def save_baseline(run: Path, model: str, generator: Generator) -> None:
    """Write RUN/model: the arrays, and the JSON that names them."""
    description = {"model": model, "kind": generator.kind, **generator.describe()}
    save_arrays(run, generator.arrays(), description)


def load_baseline(run: str | Path) -> StoredBaseline:
    """Read a fitted baseline back.

    Raises: InputError if `run` is no run of a baseline, or its model is missing or damaged.
    """
    config = read_config(run, "baseline")
    description = read_description(run, ("model", "kind"))
    model, kind = description["model"], description["kind"]
    try:
        if kind not in BASELINES[model].generators:
            raise ValueError(f"a {model} of {kind}")
        arrays = load_arrays(run, description)
        generator = generator_class(model, kind).restore(description, arrays)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{Path(run) / 'model' / 'model.json'} does not describe its arrays ({error!r})",
            "the files that `baseline train` wrote",
            "restore them from a copy, or train again in another --out",
        ) from None
    return StoredBaseline(
        Path(run), config["settings"], config["data_sha256"], model, kind, generator
    )
