"""The columns of a table as text (RawTable), and how a user's file is to be read."""

import dataclasses
from collections.abc import Mapping

from data.tables.csv_files import read_csv, without_marks
from data.tables.schema.columns import RawTable
from data.tables.schema.toml import read_schema


@dataclasses.dataclass(frozen=True)
class Reading:
    """How a csv file is to be read, as flags of that name say it.

    Args:
      schema: the TOML file that says what columns are, or None.
      header: whether its first line names the columns; None: it must, and look so.
      encoding: of the file; None: UTF-8.
      decimal: its decimal mark; None: as it shows.
      clip_outliers: move far outliers among the training cells to the border of the usual.
    """

    schema: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
    clip_outliers: bool = False

    @classmethod
    def of(cls, settings: Mapping) -> "Reading":
        """From the fields of a command's settings; what it does not have stays as it is."""
        names = [field.name for field in dataclasses.fields(cls)]
        given = {name: settings[name] for name in names if name in settings}
        if given.get("encoding") == "utf-8":  # the default of commands that read texts, too
            given["encoding"] = None
        return cls(**given)


def raw_csv(path: str, reading: Reading) -> RawTable:
    """The cells of a csv file.

    Raises: InputError if it cannot be read, or its schema file is at fault.
    """
    lines = read_csv(path, reading.encoding, reading.header)
    declared = {} if reading.schema is None else read_schema(reading.schema, lines.cells)
    legal = {name: said.range for name, said in declared.items() if said.range}
    cells, notes = without_marks(lines.cells, legal)
    if lines.left_out:
        notes["columns without a name and a cell, left out"] = lines.left_out
    return RawTable(
        f"csv:{path}",
        cells,
        declared=declared,
        decimal=reading.decimal,
        delimiter=lines.delimiter,
        header=lines.header,
        clipped=reading.clip_outliers,
        notes=notes,
    )
