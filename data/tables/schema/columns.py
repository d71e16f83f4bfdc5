"""The schema of a table: its cells -> what models see -> cells of the same form.

A column whose cells do not all hold a value becomes two: the values, NaN where there is none, and
before them a category, "NAME: gap", which says what stands there instead: nothing, or a word such
as "unknown". So models learn how often, and in which rows, a cell is empty.
"""

import dataclasses
import functools
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from data.tables.dataset import NO_GAP, Column, Table
from data.tables.schema.dates import DateCodec, TimeCodec
from data.tables.schema.kinds import MOST_WORDS, Codec, Declared, Place, learn_codec, marks_in
from data.tables.schema.names import CategoryCodec, IdCodec, TextCodec
from data.tables.schema.numbers import NumberCodec
from foundation.errors import InputError

UNREAD = (IdCodec, TextCodec, TimeCodec)  # of which models see nothing
CODECS = {codec.__name__: codec for codec in (NumberCodec, DateCodec, CategoryCodec, *UNREAD)}
FREQUENT = 5  # training rows that a word has at least where there are many


@dataclasses.dataclass(frozen=True)
class Field:
    """A column of the file.

    Args:
      name: as in the header.
      codec: reads its cells and writes them.
      gaps: what stands in cells without a value, "" for an empty one; (): every cell has one.
      unit: of the numbers, for people.
    """

    name: str
    codec: Codec
    gaps: tuple[str, ...] = ()
    unit: str = ""

    def columns(self) -> list[Column]:
        """What models see of it: none, one or two columns."""
        gap = Column(f"{self.name}: gap", (NO_GAP, *self.gaps), gap_of=self.name)
        value = self.codec.column(self.name)
        return [gap] * bool(self.gaps) + ([value] if value else [])

    def read(self, cells: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Values, float64; codes of the gap column; what is no legal cell, bool: (rows,) each."""
        if isinstance(self.codec, UNREAD):
            nothing = np.full(len(cells), np.nan)
            return (
                nothing,
                np.where(cells.isna(), len(self.gaps[:1]), 0),
                np.zeros(len(cells), bool),
            )
        places, different = pd.factorize(cells)  # of NaN -1, the last
        values = np.append(self.codec.read(list(different)), np.nan)[places]
        known = {gap: code for code, gap in enumerate(self.gaps, start=1)}
        empty = known.get("", 0)
        codes = np.array([*(known.get(cell, empty) for cell in different), empty])[places]
        is_word = np.array([*(cell in known for cell in different), True])[places]
        lost = np.isnan(values)
        return values, np.where(lost, codes, 0), lost & ~is_word

    def write(self, values: np.ndarray, gaps: np.ndarray, seed: int, start: int) -> list[str]:
        """The cells of rows start, start + 1, ...: float64 and int64 (rows,) -> text."""
        texts = self.codec.write(np.nan_to_num(values), seed, start)
        return [self.gaps[gap - 1] if gap else text for text, gap in zip(texts, gaps, strict=True)]


@dataclasses.dataclass(frozen=True, eq=False)
class RawTable:
    """A table as text.

    Args:
      name: what the user asked for, such as "csv:patients.csv".
      cells: a column of text for each of the header; NaN: missing, in the target in no row.
      target: name of the column to be predicted, or None.
      declared: what a schema file says of columns.
      decimal, delimiter, header: of the file; as it was said, or as it shows.
      clipped: whether far outliers among the training cells are moved to the border of the usual.
      filled: whether numbers that are missing become the training median; else they are modelled.
      notes: what reading left out or took for missing, and how often.
    """

    name: str
    cells: pd.DataFrame
    target: str | None = None
    declared: Mapping[str, Declared] = dataclasses.field(default_factory=dict)
    decimal: str | None = None
    delimiter: str = ","
    header: bool = True
    clipped: bool = False
    filled: bool = False
    notes: Mapping[str, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Schema:
    """All columns of a file, in its order, and how the file is written.

    Args:
      fields: the columns.
      target: name of the one to be predicted, or None.
      delimiter, header: of the file; `header` False: it has none.
    """

    fields: tuple[Field, ...]
    target: str | None = None
    delimiter: str = ","
    header: bool = True

    @classmethod
    def learn(cls, raw: RawTable, train: np.ndarray, gaps: bool = True) -> "Schema":
        """The kinds of columns as they were declared, or by their training cells.

        Args:
          raw: the cells, and what was said of the file.
          train: bool (rows,), the training rows.
          gaps: whether missing cells are modelled; those of the target never are.

        Raises: InputError for a column that is not as declared, or can be read in two ways.
        """
        double = next((n for n in raw.cells if f"{n}: gap" in raw.cells), None)
        if double is not None:
            fault = f"{raw.name}: columns {double!r} and '{double}: gap'"
            raise InputError(fault, "no name that a column of gaps would have", "rename one")
        learnt = {
            name: column[train].value_counts(sort=False) for name, column in raw.cells.items()
        }

        @functools.cache
        def mark() -> str | None:
            shown = {marks_in(list(counts.index))[1] for counts in learnt.values()} - {None}
            return raw.decimal or (shown.pop() if len(shown) == 1 else None)

        fields = []
        for name, counts in learnt.items():
            said, known = raw.declared.get(name, Declared()), raw.cells[name].dropna().tolist()
            place = Place(name, known, mark, raw.delimiter, name == raw.target)
            codec = learn_codec(counts.to_dict(), place, said)
            has_gaps = gaps and name != raw.target and not isinstance(codec, TextCodec)
            stand_ins = _gaps(codec, counts, int(train.sum())) if has_gaps else ()
            fields.append(Field(name, codec, stand_ins, said.unit))
        return cls(tuple(fields), raw.target, raw.delimiter, raw.header)

    @property
    def names(self) -> list[str]:
        """Names of the columns of the file."""
        return [field.name for field in self.fields]

    def read(self, cells: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
        """What models see of cells, NaN: no value; and what is no legal cell, bool."""
        columns, values, unreadable = [], [np.empty((len(cells), 0))], {}
        for field in self.fields:
            found, gaps, unreadable[field.name] = field.read(cells[field.name])
            columns += field.columns()
            values += [gaps if column.gap_of else found for column in field.columns()]
        target = self.target if self.target in [column.name for column in columns] else None
        matrix = np.column_stack(values).astype(np.float64)
        return Table(tuple(columns), matrix, target), pd.DataFrame(unreadable)

    def rows(self, table: Table, seed: int = 0, start: int = 0) -> Iterator[tuple[str, ...]]:
        """The rows start, start + 1, ... of what a seed stands for, as the file has its cells."""
        values = {column.name: table.values[:, i] for i, column in enumerate(table.columns)}
        gaps = {c.gap_of: values[c.name] for c in table.columns if c.gap_of}
        nothing, texts = np.zeros(len(table)), []
        for name, field in zip(self.names, self.fields, strict=True):
            codes = gaps.get(name, nothing).astype(np.int64)
            texts.append(field.write(values.get(name, nothing), codes, seed, start))
        return zip(*texts, strict=True)

    def describe(self) -> dict:
        """Everything, fit for JSON."""
        kinds = [type(field.codec).__name__ for field in self.fields]
        return dataclasses.asdict(self) | {"codecs": kinds}

    @classmethod
    def restore(cls, stored: dict) -> "Schema":
        """The schema that `describe` stored; KeyError or TypeError if it is none."""
        fields = []
        for field, kind in zip(stored["fields"], stored["codecs"], strict=True):
            parts = {
                key: tuple(v) if isinstance(v, list) else v for key, v in field["codec"].items()
            }
            fields.append(
                Field(field["name"], CODECS[kind](**parts), tuple(field["gaps"]), field["unit"])
            )
        return cls(tuple(fields), stored["target"], stored["delimiter"], stored["header"])


def _gaps(codec: Codec, counts: pd.Series, rows: int) -> tuple[str, ...]:
    """What training cells hold where they hold no value: "" first, then the words."""
    missing, words = rows - int(counts.sum()), []
    if not isinstance(codec, IdCodec):
        unread = counts[np.isnan(codec.read(list(counts.index)))]
        if codec.measured:
            anywhere = dataclasses.replace(codec, range=None)  # outside of it a number is no word
            found = unread[np.isnan(anywhere.read(list(unread.index)))].sort_values(ascending=False)
            words = list((found if len(found) <= MOST_WORDS else found[found >= FREQUENT]).index)
        missing += int(unread.sum() - counts[words].sum())
    return ("",) * bool(missing) + tuple(words)
