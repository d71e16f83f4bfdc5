"""The file with which a user says what columns are: TOML, read and written.

zip = "category"
price = {type = "number", format = "$1,234.50", range = [0, 5000], unit = "dollars"}
"""

import json
import os
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from data.tables.schema.columns import Schema
from data.tables.schema.kinds import KINDS, Declared
from foundation.errors import InputError
from foundation.files import write_text

AMOUNTS = ("integer", "number", "date")
HEAD = """\
# What the columns of {name} are, as they were learnt. Change what is wrong, leave out what is
# right, and give this file with --schema. A line is  column = "type"  or
#   column = {{type = "number", format = "$1,234.50", range = [0, 100], unit = "dollars"}}
# type: {kinds}
# format: of a number one as it stands in a cell, of a date such as "%d.%m.%Y %H:%M"
# range: the smallest and the largest legal value; of an ordinal all its names, in their order
"""


def read_schema(path: str | os.PathLike, names: Iterable[str]) -> dict[str, Declared]:
    """What a file declares of columns with these names.

    Raises: InputError if the file is missing, no TOML, or speaks of another column, kind or entry.
    """
    names, found = list(names), {}

    def refuse(what: str, expected: str) -> InputError:
        return InputError(f"--schema {path}: {what}", expected, "correct it")

    try:
        entries = tomllib.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # no file, no text, no TOML
        raise refuse(str(error), "a TOML file") from None
    for name, entry in entries.items():
        said = entry if isinstance(entry, dict) else {"type": entry}
        kind, span = said.get("type"), said.get("range", [])
        wrong = [key for key in said if key not in ("type", "format", "range", "unit")]
        if name not in names:
            raise refuse(f"column {name!r}", f"one of {', '.join(names)}")
        if kind not in (None, *KINDS):
            raise refuse(f"{name} = {entry!r}", f"one of {', '.join(KINDS)}")
        if wrong:
            raise refuse(f"{name} has {wrong[0]}", "type, format, range or unit")
        if kind == "ordinal" and not span:
            raise refuse(f"the ordinal {name}", 'its names in order, range = ["low", "high"]')
        if not isinstance(span, list) or (kind in AMOUNTS and len(span) not in (0, 2)):
            raise refuse(f"{name} has the range {span}", "the smallest and the largest legal value")
        found[name] = Declared(kind, said.get("format"), tuple(span), said.get("unit", ""))
    return found


def write_schema(path: Path, name: str, schema: Schema, remarks: dict[str, str]) -> None:
    """Write what was learnt, with a remark on each column."""
    lines = [HEAD.format(name=name, kinds=", ".join(KINDS))]
    for field in schema.fields:
        codec, said = field.codec, {"type": field.codec.kind, "format": field.codec.format}
        if codec.kind == "ordinal":
            said["range"] = list(codec.names)
        elif codec.measured and codec.range is not None:
            ends = np.array(codec.range)
            said["range"] = codec.write(ends, 0, 0) if codec.kind == "date" else list(codec.range)
        said["unit"] = field.unit
        said = {key: json.dumps(v, ensure_ascii=False) for key, v in said.items() if v}
        entry = "{" + ", ".join(f"{key} = {v}" for key, v in said.items()) + "}"
        entry = said["type"] if len(said) == 1 else entry
        lines.append(
            f"{json.dumps(field.name, ensure_ascii=False)} = {entry}  # {remarks[field.name]}"
        )
    write_text(path, "\n".join(lines) + "\n")
