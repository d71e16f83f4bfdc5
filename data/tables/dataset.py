"""What every table loader returns: three parts that share no row, and what cleaning did.

pandas is imported where a frame is asked for: metrics and models of other data import this file.
"""

import dataclasses
import functools
import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 15  # after the point; a number that has more is not rounded
NO_GAP = "(value)"  # what a gap column holds where the cell has a value


@dataclasses.dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
      name: as in the header.
      categories: the legal values of a categorical column; empty for one of numbers.
      decimals: digits after the point that training cells have at most, and synthetic numbers.
      span: smallest and largest training number, synthetic ones stay inside; None: no bounds.
      gap_of: name of the column, standing behind this one, of which it says why a value is missing.
    """

    name: str
    categories: tuple[str, ...] = ()
    decimals: int = 0
    span: tuple[float, float] | None = None
    gap_of: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether the column holds numbers."""
        return not self.categories

    def legal(self, values: np.ndarray) -> np.ndarray:
        """Values as the column could hold them: inside its span, rounded to its decimals.

        A Gaussian or a straight line knows no bounds and would give a negative area; at the bound
        is as near as such a value comes to a real one. Of categories: the nearest code.
        """
        if self.categories:
            return np.rint(values).clip(0, len(self.categories) - 1)
        rounded = values if self.decimals > DIGITS else np.round(values, self.decimals)
        return rounded if self.span is None else np.clip(rounded, *self.span)

    def texts(self, values: np.ndarray) -> list[str]:
        """Values as text, "" for none; as a file has them they come from its Schema."""
        if self.categories:
            return ["" if code != code else self.categories[int(code)] for code in values.tolist()]
        places = self.decimals if self.decimals <= DIGITS else None
        rounded = values.tolist() if places is None else [round(v, places) for v in values.tolist()]
        return ["" if value != value else written(value) for value in rounded]

    def describe(self) -> dict:
        """The fields, fit for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def restore(cls, stored: dict) -> "Column":
        """The column that `describe` stored; KeyError or TypeError if it is none."""
        categories, span = tuple(stored["categories"]), stored["span"]
        gap_of = stored.get("gap_of", "")  # runs of before it have none
        return cls(stored["name"], categories, stored["decimals"], span and tuple(span), gap_of)


@dataclasses.dataclass(frozen=True, eq=False)
class Table:
    """Rows of named columns, in original units.

    Args:
      columns: what the columns are.
      values: float64, shape (rows, columns): numbers, or the position in `Column.categories`; NaN
        for no value. The column that says so (`Column.gap_of`) has one in every row.
      target: name of the column to be predicted, or None.
    """

    columns: tuple[Column, ...]
    values: np.ndarray
    target: str | None = None

    def __len__(self) -> int:
        return len(self.values)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    @functools.cached_property
    def target_index(self) -> int | None:
        """Position of the target among the columns."""
        return None if self.target is None else self.names.index(self.target)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Categories of the target; empty without a categorical target."""
        return () if self.target is None else self.columns[self.target_index].categories

    @property
    def labels(self) -> np.ndarray | None:
        """Class of each row, int64 (rows,); None without a categorical target."""
        return self.values[:, self.target_index].astype(np.int64) if self.class_names else None

    @property
    def class_shares(self) -> np.ndarray | None:
        """Share of the rows that each class has, float64 (classes,); None without classes."""
        if self.labels is None:
            return None
        return np.bincount(self.labels, minlength=len(self.class_names)) / len(self)

    @functools.cached_property
    def gaps(self) -> dict[int, int]:
        """Position of a column -> that of the column which says where it has no value."""
        places = {name: place for place, name in enumerate(self.names)}
        gaps = {column.gap_of: place for place, column in enumerate(self.columns) if column.gap_of}
        return {places[name]: place for name, place in gaps.items() if name in places}

    def emptied(self) -> "Table":
        """The table without the values of cells that are to be empty."""
        values = self.values.copy()
        for place, gap in self.gaps.items():
            values[values[:, gap] > 0, place] = np.nan
        return self.with_values(values)

    def column(self, name: str) -> np.ndarray:
        """The values of one column, float64 (rows,)."""
        return self.values[:, self.names.index(name)]

    def take(self, indices: np.ndarray) -> "Table":
        """The rows at `indices`, in that order; or, of a mask, those marked."""
        return self.with_values(self.values[indices])

    def with_values(self, values: np.ndarray) -> "Table":
        """A table of the same columns with other rows."""
        return dataclasses.replace(self, values=values)

    def without_target(self) -> "Table":
        """The table without its target column; itself if there is no target."""
        if self.target is None:
            return self
        kept = [index for index in range(len(self.columns)) if index != self.target_index]
        return Table(tuple(self.columns[index] for index in kept), self.values[:, kept])

    def frame(self) -> "pd.DataFrame":
        """The rows as a DataFrame: float64 for numbers, pandas.Categorical for categories."""
        import pandas as pd

        return pd.DataFrame(
            {
                column.name: values
                if column.is_numeric
                else pd.Categorical.from_codes(
                    np.nan_to_num(values, nan=-1).astype(np.int64), column.categories
                )
                for column, values in zip(self.columns, self.values.T, strict=True)
            }
        )

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Every row as text."""
        texts = [
            column.texts(values) for column, values in zip(self.columns, self.values.T, strict=True)
        ]
        return zip(*texts, strict=True)

    def hashes(self) -> list[str]:
        """Hex SHA-256 of each row as text: equal rows, equal hashes."""
        return [hashlib.sha256("\x1f".join(row).encode()).hexdigest() for row in self.rows()]


@dataclasses.dataclass(frozen=True)
class Step:
    """One step of cleaning: its name, one line on what it did, and what it touched how often."""

    name: str
    told: str
    counts: dict[str, int] = dataclasses.field(default_factory=dict)

    @classmethod
    def counted(cls, name: str, words: str, counts: dict[str, int], none: str = "none") -> "Step":
        """A step that tells its counts behind the words; without any it tells `none`."""
        listed = ", ".join(f"{touched} ({count})" for touched, count in counts.items())
        return cls(name, f"{words}: {listed}" if counts else none, counts)


@dataclasses.dataclass(frozen=True, eq=False)
class TableDataset:
    """A table ready for a model.

    Args:
      name: what the user asked for, such as "breast_cancer" or "csv:patients.csv".
      train, validation, test: the parts; no row of one equals a row of another.
      steps: what cleaning did, in order; everything in it was learnt from the training part.
      schema: data.tables.schema.columns.Schema, from the cells of the file and back; or None.
    """

    name: str
    train: Table
    validation: Table
    test: Table
    steps: tuple[Step, ...] = ()
    schema: object | None = None

    @property
    def splits(self) -> dict[str, Table]:
        """The three parts by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def class_names(self) -> tuple[str, ...]:
        """Categories of the target; empty without a categorical target."""
        return self.train.class_names

    @property
    def num_classes(self) -> int:
        """Number of classes, 0 without a categorical target."""
        return len(self.class_names)

    @functools.cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of all values and columns: the same data, the same hash."""
        columns = [(column.name, column.categories) for column in self.train.columns]
        return hash_of((columns, self.train.target), [t.values for t in self.splits.values()])


def hash_of(head: object, parts: Iterable[np.ndarray]) -> str:
    """Hex SHA-256 of something with a repr and of arrays of float64."""
    digest = hashlib.sha256(repr(head).encode())
    for part in parts:
        digest.update(repr(part.shape).encode())
        digest.update(np.ascontiguousarray(part, "<f8"))
    return digest.hexdigest()


def written(value: float) -> str:
    """A number in its shortest form, so that equal ones are equal texts: 2.0 is "2"."""
    return str(int(value)) if value == int(value) else repr(value)
