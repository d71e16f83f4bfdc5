"""The files of measured seeds: what was measured, by which recipe, with what and where.

A recipe is what is asked: sizes, the version of the trial, the SHA-256 of the files it reads. A
seed of another recipe, or of other choices, is refused, not mixed in. The code that measured is
named by its commit; whoever changes what a trial gives raises its version.
"""

import base64
import functools
import hashlib
import importlib.util
import json
import os
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from chapter.claims.experiment import Measured, Trial, check_measures
from foundation.errors import InputError
from foundation.files import sha256_of_file, write_json
from training.run_directory import processor, versions

ROOT = Path(__file__).parents[3]
PACKAGES = ("tensorflow", "keras", "numpy", "scipy", "scikit-learn", "pandas", "pillow")
NOT_OF_A_SEED = ("seeds", "first_seed")  # more seeds of the same recipe are the same trial


def recipe(trial: Trial, preset: str) -> dict:
    """What decides the figures of a seed; fit for JSON."""
    sizes = {key: value for key, value in trial.sizes[preset].items() if key not in NOT_OF_A_SEED}
    files = {name: file_hash(name) for name in trial.reads}
    return json.loads(
        json.dumps({"path": trial.path, "version": trial.version, "sizes": sizes, "files": files})
    )


def recipe_hash(of: Mapping) -> str:
    """Hex SHA-256 of JSON values, whatever their order."""
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()


@functools.lru_cache
def file_hash(name: str) -> str:
    """Hex SHA-256 of a file: of this repository, or "package:path" of an installed package."""
    package, _, path = name.rpartition(":")
    folder = Path(importlib.util.find_spec(package).origin).parent if package else ROOT
    return sha256_of_file(folder / path)


@functools.lru_cache
def provenance() -> dict:
    """Commit and state of the working tree, versions, processor, threads; fit for JSON."""

    def git(*words: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            return None  # an unpacked archive
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return {
        "commit": git("rev-parse", "HEAD"),
        "clean": None if changed is None else not _code(changed),
        "versions": versions(*PACKAGES),
        "processor": processor(),
        "cores": os.cpu_count(),
    }


def _code(changed: str) -> list[str]:
    """The changed files that a measurement can depend on: not those that it writes."""
    return [line for line in changed.splitlines() if not line[3:].startswith("docs/")]


def write_seed(
    path: Path,
    name: str,
    trial: Trial,
    preset: str,
    seed: int,
    measured: Measured,
    seconds: float,
    cpu_seconds: float,
    choices: Mapping | None = None,
) -> None:
    """Write one seed, with the hash of what its arms had chosen; see `read_seed`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {
        arm: {measure: packed(values) for measure, values in each.items()}
        for arm, each in measured.rows.items()
    }
    stored = {
        "trial": name,
        "seed": seed,
        "recipe": recipe(trial, preset),
        "choices": None if choices is None else recipe_hash(choices),
        "provenance": provenance(),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
        "measures": measured.measures,
        "units": None if measured.units is None else packed(measured.units),
        "training": measured.training,
        "rows": rows,
    }
    write_json(path, stored)


def write_choices(path: Path, trial: Trial, preset: str, choices: Mapping) -> None:
    """Write what the arms of a trial have chosen; see `read_choices`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(
        path, {"recipe": recipe(trial, preset), "provenance": provenance(), "choices": choices}
    )


def stored_trials(
    trials: Mapping[str, Trial], names: Sequence[str], preset: str, first_seed: int, out: Path
) -> tuple[dict[str, dict[int, Measured]], list[tuple[str, int, Path]]]:
    """What OUT/trials holds, and what it lacks; arguments as `run_trials`.

    Returns: trial -> seed -> Measured; (trial, seed, file) of each that is missing.
    Raises: InputError if a file there is damaged or was made by another recipe.
    """
    found: dict[str, dict[int, Measured]] = {}
    missing = []
    for name in names:
        found[name] = {}
        for seed in trials[name].seeds(preset, first_seed):
            path = out / "trials" / name / f"seed-{seed:04d}.json"
            if path.exists():
                found[name][seed] = read_seed(path, trials[name], preset)
            else:
                missing.append((name, seed, path))
    return found, missing


def read_seed(path: Path, trial: Trial, preset: str) -> Measured:
    """What `write_seed` has written.

    Raises: InputError if it is damaged, or was made by another recipe or other choices.
    """
    stored = _read(path)
    try:
        measures, units = stored["measures"], stored["units"]
        check_measures(measures)
        rows = {
            arm: {measure: unpacked(values) for measure, values in each.items()}
            for arm, each in stored["rows"].items()
        }
        units = None if units is None else unpacked(units)
        spent = float(stored["cpu_seconds"]), str(stored["provenance"]["processor"])
        measured = Measured(measures, rows, units, stored["training"], *spent)
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise _damaged(path, error) from None
    _check_recipe(path, stored, trial, preset)
    if trial.chooses(preset):
        chosen = recipe_hash(read_choices(path.with_name("choices.json"), trial, preset))
        if stored.get("choices") != chosen:
            raise InputError(
                f"{path}, measured with other choices than choices.json beside it has",
                "the choices of every seed in one folder to be the same",
                "restore choices.json, or delete the seeds: they are measured again",
            )
    return measured


def read_choices(path: Path, trial: Trial, preset: str) -> dict:
    """What `write_choices` has written. Raises: InputError as `read_seed`."""
    stored = _read(path)
    _check_recipe(path, stored, trial, preset)
    if not isinstance(stored.get("choices"), dict):
        raise _damaged(path, "no choices")
    return stored["choices"]


def _read(path: Path) -> dict:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict):
            raise TypeError("no table")
    except (ValueError, TypeError) as error:
        raise _damaged(path, error) from None
    return stored


def _damaged(path: Path, why: object) -> InputError:
    return InputError(f"{path}: {why}", "what `claims` wrote", "delete it: it is measured again")


def _check_recipe(path: Path, stored: Mapping, trial: Trial, preset: str) -> None:
    made_by, expected = stored.get("recipe"), recipe(trial, preset)
    if not isinstance(made_by, dict):
        raise _damaged(path, "no recipe")
    if made_by != expected:
        differing = [key for key in expected if made_by.get(key) != expected[key]]
        raise InputError(
            f"{path}, made by another recipe ({', '.join(differing)}): "
            f"{ {key: made_by.get(key) for key in differing} }",
            f"{ {key: expected[key] for key in differing} }",
            "give another --out, or delete it",
        )


def packed(values: np.ndarray) -> dict:
    """Numbers for JSON: up to 32 different ones exactly, more of them with three digits.

    Args:
      values: int or float (count,).
    """
    values = np.asarray(values)
    different, codes = np.unique(values, return_inverse=True)
    if len(different) <= 32:  # a share of trainings, a right or wrong
        table, data = different.tolist(), codes.astype(np.uint8)
    else:
        whole = np.issubdtype(values.dtype, np.integer)
        table, data = None, values.astype("<i4" if whole else "<f2")
    text = base64.b64encode(zlib.compress(data.tobytes(), 9)).decode("ascii")
    return {"dtype": data.dtype.str, "table": table, "data": text}


def unpacked(stored: Mapping) -> np.ndarray:
    """What `packed` has packed: int64 or float64 (count,).

    Raises: ValueError, KeyError, TypeError or zlib.error if it is damaged.
    """
    dtype = np.dtype(stored["dtype"])
    if dtype.str not in ("|u1", "<i4", "<f2"):
        raise ValueError(f"numbers of {dtype}; |u1, <i4 or <f2")
    data = np.frombuffer(zlib.decompress(base64.b64decode(stored["data"])), dtype)
    if stored["table"] is not None:
        return np.array(stored["table"])[data]
    return data.astype(np.float64 if dtype.kind == "f" else np.int64)
