"""A run read back: one door for every family of generators, named by its config.json."""

import dataclasses
from pathlib import Path

from foundation.errors import InputError
from foundation.quiet import load_quietly
from training.finished import load_arrays, read_description
from training.generator import Generator
from training.run_directory import read_config

# The kind of run in config.json: the function that restores its generator ("module:name", imported
# only when it is asked for), and what a manifest calls it, made of the settings of its training.
FAMILIES = {
    "gan": ("gan.trained:TrainedGenerator.restore", "gan-{variant}"),
    "text": ("lstm_text.trained:TrainedText.restore", "lstm_text"),
    "baseline": ("baselines.registry:restore", "baseline-{model}"),
}


@dataclasses.dataclass(frozen=True)
class StoredRun:
    """A run and its generator.

    Args:
      run: the run directory.
      config: the content of RUN/config.json.
      description: the content of RUN/model/model.json.
      name: what a manifest calls the generator.
      generator: the model.
    """

    run: Path
    config: dict
    description: dict
    name: str
    generator: Generator


def load_run(run: str | Path, *families: str) -> StoredRun:
    """Read the generator of a run back.

    Args:
      run: the run directory.
      families: of FAMILIES; none: any of them.

    Raises: InputError if `run` is no run of these families, or its model is missing or damaged.
    """
    config = read_config(run, *(families or FAMILIES))
    path, name = FAMILIES[config["kind"]]
    description = read_description(run)
    arrays = load_arrays(run, description)
    restore = load_quietly(path)
    try:
        generator = restore(description, arrays)
        return StoredRun(
            Path(run), config, description, name.format(**config["settings"]), generator
        )
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"RUN {run}, whose files do not describe its model ({error!r})",
            f"config.json and model/ as `{config['kind']} train` wrote them",
            "restore them from a copy, or train again in another --out",
        ) from None
