"""RUN/model/: the arrays of the finished model and the JSON that rebuilds it. No code inside."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np

from foundation.errors import InputError
from foundation.files import atomic_path, sha256_of_file, write_json
from training.generator import Generator


def save_generator(run: str | Path, generator: Generator, **about) -> None:
    """Write RUN/model: the arrays, and the JSON that names and describes them.

    Args:
      about: what else model.json says, first; fit for JSON.
    """
    save_arrays(run, generator.arrays(), {**about, **generator.describe()})


def save_arrays(run: str | Path, arrays: dict[str, np.ndarray], description: dict) -> None:
    """Write arrays as .npz and, last, the model.json that names the file.

    The arrays' file name holds their hash and model.json is replaced in one step: at every moment
    the directory holds one complete model, the old one or the new one.
    """
    directory = Path(run) / "model"
    directory.mkdir(exist_ok=True)
    content = io.BytesIO()
    np.savez(content, **arrays)
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    name = f"weights-{digest[:12]}.npz"
    with atomic_path(directory / name) as temporary:
        temporary.write_bytes(content.getvalue())
    write_json(directory / "model.json", {**description, "weights": name, "sha256": digest})
    for old in directory.glob("weights-*.npz"):
        if old.name != name:
            old.unlink()


def read_description(run: str | Path) -> dict:
    """RUN/model/model.json.

    Raises: InputError if the run has not saved a model yet, or the file is damaged.
    """
    path = Path(run) / "model" / "model.json"
    mend = "let the training finish at least one epoch, or continue it with --resume"
    if not path.is_file():
        raise InputError(f"RUN {run} has no model/model.json", "a trained model", mend)
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        missing = {"weights", "sha256"} - set(description)
        if missing:
            raise ValueError(f"no {', '.join(sorted(missing))}")
        for key in ("weights", "sha256"):
            if not isinstance(description[key], str):
                raise ValueError(f"{key} is {description[key]!r}, not a text")
        return description
    except ValueError as error:
        raise InputError(
            f"{path} is damaged ({error})", "the JSON this project wrote", mend
        ) from None


def load_arrays(run: str | Path, description: dict) -> dict[str, np.ndarray]:
    """The arrays that `save_arrays` wrote, by name, in their order.

    Raises: InputError if the file is missing or changed.
    """
    path = Path(run) / "model" / description["weights"]
    if not path.is_file() or sha256_of_file(path) != description["sha256"]:
        raise InputError(
            f"{path} is missing or damaged",
            f"a file with SHA-256 {description['sha256'][:16]}...",
            "restore it from a copy, or train again in another --out",
        )
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
