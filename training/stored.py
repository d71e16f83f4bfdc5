"""RUN/model, the finished model as arrays and the JSON that rebuilds it: written, and read back.

No code lies inside. `load_run` is the one door for every family of generators.
"""

import dataclasses
import hashlib
import io
import json
from pathlib import Path

import numpy as np

from foundation.errors import InputError, damage_named
from foundation.files import atomic_path, sha256_of_file, write_json
from foundation.quiet import load_quietly
from training.generator import Generator
from training.run_directory import read_config

# The kind of run in config.json: the function that restores its generator ("module:name", imported
# only when it is asked for), and what a manifest calls it, made of the settings of its training.
FAMILIES = {
    "gan": ("gan.trained:TrainedGenerator.restore", "gan-{variant}"),
    "text": ("lstm_text.trained:TrainedText.restore", "lstm_text"),
    "baseline": ("baselines.registry:restore", "baseline-{model}"),
}
COPY = "restore it from a copy, or train again in another --out"


def save_generator(run: str | Path, generator: Generator, **about) -> None:
    """Write RUN/model: the arrays as .npz and, last, the model.json that names and describes them.

    The arrays' file name holds their hash and model.json is replaced in one step: at every moment
    the directory holds one complete model, the old one or the new one.

    Args:
      about: what else model.json says, first; fit for JSON.
    """
    directory = Path(run) / "model"
    directory.mkdir(exist_ok=True)
    content = io.BytesIO()
    np.savez(content, **generator.arrays())
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    name = f"weights-{digest[:12]}.npz"
    with atomic_path(directory / name) as temporary:
        temporary.write_bytes(content.getvalue())
    description = {**about, **generator.describe(), "weights": name, "sha256": digest}
    write_json(directory / "model.json", description)
    for old in directory.glob("weights-*.npz"):
        if old.name != name:
            old.unlink()


@dataclasses.dataclass(frozen=True)
class StoredRun:
    """A run and its generator."""

    run: Path
    config: dict  # of RUN/config.json
    description: dict  # of RUN/model/model.json
    name: str  # what a manifest calls the generator
    generator: Generator

    @property
    def class_names(self) -> tuple[str, ...]:
        """Of the classes that the generator knows; () where it knows none, or only numbers."""
        names = self.description.get("class_names") or self.config.get("class_names", ())
        return tuple(names)[: self.generator.num_classes]

    def checked_label(self, label: str | None, balanced: bool) -> int | None:
        """The number of the class that --label means, by its name or else by its number.

        Raises: InputError if labels are asked of a run without them, or there is no such class.
        """
        names, classes = self.class_names, self.generator.num_classes
        if (label is not None or balanced) and not classes:
            flag = "--balanced" if balanced else f"--label {label}"
            received = f"{flag} with {self.run}, which was trained without labels"
            mend = "leave it out, or train on data with labels (gan: --variant conditional)"
            raise InputError(received, "a run with labels", mend)
        if label is None or label in names:
            return None if label is None else names.index(label)
        if label.isdecimal() and int(label) < classes:
            return int(label)
        legal = f"{', '.join([*names, ''])}0 to {classes - 1}"
        raise InputError(f"--label {label}", legal, "choose one of the run's classes")


def load_run(run: str | Path, *families: str) -> StoredRun:
    """Read the generator of a run of one of these families back; none named: of any.

    Raises: InputError if `run` is no run of these families, or its model is missing or damaged.
    """
    config = read_config(run, *(families or FAMILIES))
    path, name = FAMILIES[config["kind"]]
    description = read_description(run)
    arrays = load_arrays(run, description)
    restore = load_quietly(path)
    expected = f"config.json and model/ as `{config['kind']} train` wrote them"
    with damage_named(f"RUN {run}, whose files do not describe its model", expected, COPY):
        name = name.format(**config["settings"])
        return StoredRun(Path(run), config, description, name, restore(description, arrays))


def read_description(run: str | Path) -> dict:
    """RUN/model/model.json.

    Raises: InputError if the run has not saved a model yet, or the file is damaged.
    """
    path = Path(run) / "model" / "model.json"
    mend = "let the training finish at least one epoch, or continue it with --resume"
    if not path.is_file():
        raise InputError(f"RUN {run} has no model/model.json", "a trained model", mend)
    with damage_named(f"{path} is damaged", "the JSON this project wrote", mend):
        description = json.loads(path.read_text(encoding="utf-8"))
        for key in ("weights", "sha256"):
            if not isinstance(description.get(key), str):
                raise ValueError(f"{key} is {description.get(key)!r}, not a text")
        return description


def load_arrays(run: str | Path, description: dict) -> dict[str, np.ndarray]:
    """The arrays that `save_generator` wrote, by name, in their order.

    Raises: InputError if the file is missing or changed.
    """
    path = Path(run) / "model" / description["weights"]
    if not path.is_file() or sha256_of_file(path) != description["sha256"]:
        expected = f"a file with SHA-256 {description['sha256'][:16]}..."
        raise InputError(f"{path} is missing or damaged", expected, COPY)
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def keras_arrays(model) -> dict[str, np.ndarray]:
    """The weights of a Keras model as a generator's `arrays`, in their order."""
    return {f"arr_{index}": weight for index, weight in enumerate(model.get_weights())}


def set_keras_arrays(model, arrays: dict[str, np.ndarray]) -> None:
    """Put weights into a Keras model.

    Raises: ValueError if they are those of another architecture.
    """
    received = [weight.shape for weight in arrays.values()]
    expected = [tuple(weight.shape) for weight in model.weights]
    if received != expected:
        raise ValueError(f"arrays of {received}, not of {expected}")
    model.set_weights(list(arrays.values()))
