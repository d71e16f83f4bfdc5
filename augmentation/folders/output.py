"""The directory that `augment apply` fills: whole files only, and a run that can be taken up again.

OUT/augment.json       what decides every byte; a resumed run must agree with it
OUT/recipe.toml        the recipe, whole
OUT/cleaning.csv       files that were dropped, or changed by decoding, and why
OUT/manifest.csv       one row a file, when all are there
OUT/.partial/          files on their way, and the rows so far; gone at the end
"""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from augmentation.folders.plan import Output
from foundation.errors import InputError
from foundation.files import (
    atomic_path,
    check_directory,
    claim_directory,
    sha256_of_file,
    write_json,
)

COLUMNS = ("file", "source", "index", "seed", "copy", "transforms", "sha256")
MASK_COLUMNS = ("mask", "mask_sha256")
DESCRIPTION, MANIFEST, PARTIAL = "augment.json", "manifest.csv", ".partial"

Row = dict[str, str]  # column -> cell


class OutputDirectory:
    """OUT while it is being filled.

    Args:
      path: OUT.
      masks: whether the images have masks.
    """

    def __init__(self, path: Path, masks: bool):
        self.path, self.partial = path, path / PARTIAL
        self.columns = COLUMNS + MASK_COLUMNS * masks

    def check(self, resume: bool) -> None:
        """Refuse a directory that cannot be filled, before the work; create nothing.

        Raises: InputError if it holds something, other than a run that is to be resumed.
        """
        if not (resume and (self.path / DESCRIPTION).is_file()):
            check_directory(self.path)

    def open(self, description: dict, resume: bool) -> None:
        """Create the directory, or take up the run that it holds.

        Args:
          description: all that decides the bytes of the files, as JSON values.
          resume: a run may be taken up.

        Raises: InputError as `check`, or if the run was started with another description.
        """
        self.check(resume)
        if (self.path / DESCRIPTION).is_file():
            check_same(self.path / DESCRIPTION, description)
        else:
            claim_directory(self.path)
            write_json(self.path / DESCRIPTION, description)
        self.partial.mkdir(exist_ok=True)

    def finished_rows(self, outputs: list[Output]) -> dict[int, Row]:
        """Number of an output -> its row, for all that are there already.

        A file that is not what its row says (a crash before the disk had it, a hand that slipped)
        is left out, and so will be made again.
        """
        numbers = {output.file: output.number for output in outputs}
        rows = {}
        for path in (self.path / MANIFEST, self.partial / MANIFEST):
            for row in read_rows(path, self.columns):
                if row["file"] in numbers and self._holds(row):
                    rows[numbers[row["file"]]] = row
        self._write_rows(self.partial / MANIFEST, rows.values())  # without a last half line
        return rows

    def write(self, file: str, content: bytes) -> str:
        """Write one file, whole or not at all; its hex SHA-256.

        Not flushed to the disk one by one, which would take longer than everything else; a resumed
        run finds by the hash what a crash has spoiled.
        """
        temporary = self.partial / hashlib.sha256(file.encode()).hexdigest()
        temporary.write_bytes(content)
        os.replace(temporary, self.path / file)
        return hashlib.sha256(content).hexdigest()

    def record(self, rows: list[Row]) -> None:
        """Note finished files, so that a later run can take up from here."""
        with open(self.partial / MANIFEST, "a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, self.columns, lineterminator="\n").writerows(rows)

    def finish(self, rows: Iterable[Row]) -> None:
        """Write the manifest and clear away what was on its way."""
        self._write_rows(self.path / MANIFEST, rows)
        shutil.rmtree(self.partial)

    def _write_rows(self, path: Path, rows: Iterable[Row]) -> None:
        cells = ([row[column] for column in self.columns] for row in rows)
        write_table(path, self.columns, cells)

    def _holds(self, row: Row) -> bool:
        """Whether the files of a row are there, byte for byte."""
        pairs = [(row["file"], row["sha256"])]
        if "mask" in row:
            pairs.append((row["mask"], row["mask_sha256"]))
        return all(
            (self.path / file).is_file() and sha256_of_file(self.path / file) == sha256
            for file, sha256 in pairs
        )


def check_same(path: Path, description: dict) -> None:
    """Raises: InputError naming the first thing that differs from an earlier run's description."""
    try:
        stored = dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read ({error!r})",
            "the JSON of an earlier run",
            "choose another --out",
        ) from None
    for name, value in description.items():
        if stored.get(name) != value:
            raise InputError(
                f"--resume with {name.replace('_', ' ')} {value}",
                f"{stored.get(name)}, as in {path}",
                "repeat the earlier command with --resume, or choose another --out",
            )


def read_rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """The whole rows of a manifest; none if there is no such file."""
    if not path.is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # The last line of a run that was killed may be half a line, its last cells are then None.
    return [row for row in rows if tuple(row) == columns and None not in row.values()]


def write_table(path: Path, columns: tuple[str, ...], rows: Iterable[Iterable]) -> None:
    """Write a CSV file atomically."""
    with (
        atomic_path(path) as temporary,
        open(temporary, "w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
