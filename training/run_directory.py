"""One directory per training: what was asked (config.json), what happened (history.csv)."""

import csv
import dataclasses
import importlib.metadata
import io
import json
import os
import platform
import re
import shlex
import sys
from pathlib import Path

from foundation.errors import InputError, damage_named
from foundation.files import claim_directory, new_directory, write_json, write_text
from training.config import TrainSettings


def open_run(
    settings: TrainSettings, kind: str, data_sha256: str, about: dict | None = None
) -> Path:
    """Create the run directory and its config.json, or reopen one with `resume`.

    Without `out` it is a new one under outputs/, named by `kind`, the model family, such as "gan".
    A resumed run must see the same data, known by their hash. `about`: what else config.json says.

    Raises: InputError if the directory is in use, is no run, or was trained on other data.
    """
    if settings.resume:
        run = Path(settings.out)
        stored = read_config(run, kind)
        if stored["data_sha256"] != data_sha256:
            raise InputError(
                f"the data has SHA-256 {data_sha256[:16]}...",
                f"{stored['data_sha256'][:16]}..., as when {run} was started",
                "give the run its old data back, or train again in another --out",
            )
        return run
    run = claim_directory(settings.out) if settings.out else new_directory("outputs", kind)
    write_json(run / "config.json", describe_run(settings, kind, data_sha256) | (about or {}))
    return run


def record_resume(run: Path, settings: TrainSettings) -> None:
    """Bring RUN/config.json up to date with the settings the run goes on with (its epochs)."""
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    config["settings"] = stored_form(settings)
    config["resumed_by"] = [*config.get("resumed_by", []), command_line()]
    write_json(run / "config.json", config)


def stored_form(settings: TrainSettings) -> dict:
    """Settings as config.json keeps them: a path of data is absolute, so it holds anywhere."""
    values = {**dataclasses.asdict(settings), "resume": False}
    if values.get("schema"):
        values["schema"] = str(Path(values["schema"]).expanduser().absolute())
    kind, colon, path = values.get("data", "").partition(":")
    return {**values, "data": f"{kind}:{Path(path).absolute()}"} if colon else values


def command_line() -> str:
    """The command that is running, as one would type it."""
    return shlex.join(["python", Path(sys.argv[0]).name, *sys.argv[1:]])


def describe_run(settings: TrainSettings, kind: str, data_sha256: str) -> dict:
    """Everything that decides the result of a run, as JSON."""
    tensorflow = sys.modules.get("tensorflow")  # most models of tables do without it
    return {
        "kind": kind.split("-")[0],
        "settings": stored_form(settings),
        "command": command_line(),
        "data_sha256": data_sha256,
        "versions": versions("tensorflow", "keras", "numpy"),
        "device": {
            "machine": platform.machine(),
            "system": platform.system(),
            "cpus": os.cpu_count(),
            "gpus": len(tensorflow.config.list_physical_devices("GPU")) if tensorflow else 0,
        },
    }


def versions(*packages: str) -> dict[str, str]:
    """Of Python and of these packages."""
    found = {name: importlib.metadata.version(name) for name in packages}
    return {"python": platform.python_version(), **found}


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    told = Path("/proc/cpuinfo")  # of Linux, where `platform` knows the architecture only
    names = re.findall(r"model name\s*: (.+)", told.read_text()) if told.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def read_config(run: str | os.PathLike, *kinds: str) -> dict:
    """RUN/config.json of a run of one of these kinds, such as "gan" or "text".

    Raises: InputError if `run` is missing, is no run, or is a run of another kind.
    """
    path = Path(run) / "config.json"
    kinds = [kind.split("-")[0] for kind in kinds]
    commands = " or ".join(f"`python run.py {kind} train`" for kind in kinds)
    mend = f"give a directory made by {commands}"
    if not path.is_file():
        what = "has no config.json" if Path(run).exists() else "does not exist"
        raise InputError(f"RUN {run} {what}", "a run directory", mend)
    with damage_named(f"{path} cannot be read", "the JSON this project wrote", mend):
        config = json.loads(path.read_text(encoding="utf-8"))
        found, _, _ = config["kind"], config["settings"]["seed"], config["data_sha256"]
    if found not in kinds:
        raise InputError(
            f"RUN {run} holds a run of {found}", f"a run of {' or '.join(kinds)}", mend
        )
    return config


class History:
    """RUN/history.csv, a row an epoch: rewritten whole and atomically, so it is never half a row.

    Args:
      path: the CSV file; rows already there are kept.
      last_epoch: rows after this epoch are dropped. A resumed run starts from a checkpoint, and
        what an interrupted run wrote after it will be trained, and written, again.
    """

    def __init__(self, path: str | Path, last_epoch: int = 0):
        self.path = Path(path)
        self.rows = [row for row in read_history(path) if row["epoch"] <= last_epoch]

    @property
    def last(self) -> dict[str, float]:
        """The last epoch's row; empty if there is none."""
        return self.rows[-1] if self.rows else {}

    def append(self, row: dict[str, float]) -> None:
        """Add one epoch's row (`epoch` is an int, the rest floats) and write the file."""
        self.rows.append(row)
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        write_text(self.path, text.getvalue())


def read_history(path: str | Path) -> list[dict[str, float]]:
    """The rows of a history.csv, in order; an empty list if there is none."""
    if not Path(path).is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [
            {name: int(text) if name == "epoch" else float(text) for name, text in row.items()}
            for row in csv.DictReader(file)
        ]
