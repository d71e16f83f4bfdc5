"""Trained feature networks on disk: arrays and JSON, written whole, checked by hash on loading."""

import contextlib
import json
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np

from foundation.files import atomic_path, sha256_of_file, write_json


def network_directory(cache: Path, data_sha256: str, recipe: dict) -> Path:
    """CACHE/<first 16 hex digits of the data's hash>-<recipe version>-<epochs>."""
    return Path(cache) / f"{data_sha256[:16]}-{recipe['version']}-{recipe['epochs']}"


@contextlib.contextmanager
def refusal_is_a_warning(what: str) -> Iterator[None]:
    """An OSError in the block becomes a line on stderr: a cache saves time and nothing else."""
    try:
        yield
    except OSError as error:
        print(
            f"warning: {what} cannot be cached ({error}) and will be computed again next time",
            file=sys.stderr,
            flush=True,
        )


def save_network(
    directory: Path,
    weights: list[np.ndarray],
    data_sha256: str,
    recipe: dict,
    scores: dict[str, float | None],
) -> None:
    """Write weights.npz, then network.json with its hash: only both together are a network."""
    directory.mkdir(parents=True, exist_ok=True)
    for figures in directory.glob("real-*.json"):  # measured with the features of older weights
        figures.unlink()
    weights_file = directory / "weights.npz"
    with atomic_path(weights_file) as temporary:
        np.savez(temporary, **{f"{index:03d}": array for index, array in enumerate(weights)})
    packages = ("tensorflow", "keras", "numpy")
    description = {
        "data_sha256": data_sha256,
        "recipe": recipe,
        "accuracy": scores,
        "weights_sha256": sha256_of_file(weights_file),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in packages},
        },
    }
    write_json(directory / "network.json", description)


def load_network(
    directory: Path, data_sha256: str, recipe: dict
) -> tuple[list[np.ndarray], dict[str, float | None]] | None:
    """Weights and accuracies as `save_network` got them; None if there are none that are whole.

    A damaged cache is not an error: it is said on stderr, and the caller trains anew.
    """
    try:
        if not (directory / "network.json").exists():
            return None
        description = json.loads((directory / "network.json").read_text(encoding="utf-8"))
        if description["data_sha256"] != data_sha256 or description["recipe"] != recipe:
            raise ValueError("it belongs to other data or another recipe")
        if sha256_of_file(directory / "weights.npz") != description["weights_sha256"]:
            raise ValueError("weights.npz does not have the hash in network.json")
        with np.load(directory / "weights.npz", allow_pickle=False) as arrays:
            weights = [arrays[name] for name in sorted(arrays.files)]
        accuracy = description["accuracy"]
        return weights, {name: accuracy[name] for name in ("validation", "test")}
    except (OSError, ValueError, KeyError, TypeError) as error:  # a JSON error is a ValueError
        print(
            f"feature network in {directory} is damaged ({error}): training anew", file=sys.stderr
        )
        return None
