"""DataFrames as cells of text, and back in their dtypes."""

import pandas as pd
from pandas.api import types

from data.tables.schema.columns import RawTable
from data.tables.schema.kinds import Declared
from foundation.errors import InputError

MOMENT = "%Y-%m-%d %H:%M:%S.%f"


def raw_frame(
    frame: pd.DataFrame, target: str | None = None, declared: dict[str, Declared] | None = None
) -> RawTable:
    """The cells of a frame, and of its dtypes what they say; the index is no column.

    Args:
      frame: any; columns of objects are read as cells of a csv file are.
      target: the column to be predicted, or None.
      declared: what else is known of columns; it counts for more than a dtype.

    Raises: InputError for names that are no text or come twice, or a target that is none of them.
    """
    names = list(frame.columns)
    if not all(isinstance(name, str) for name in names) or len({*names}) < len(names):
        raise InputError(f"a frame with the columns {names[:6]}", "different texts", "rename them")
    if target is not None and target not in names:
        raise InputError(f"target {target!r}", f"one of {', '.join(names)}", "choose one")
    cells, said = {}, {}
    for name, column in frame.items():
        dtype = column.dtype
        if types.is_datetime64_any_dtype(dtype):
            moments = column.dt.tz_convert("UTC") if column.dt.tz else column
            cells[name], said[name] = moments.dt.strftime(MOMENT), Declared("date", MOMENT)
            continue
        cells[name] = column.astype(object).map(str, na_action="ignore")
        if isinstance(dtype, pd.CategoricalDtype):
            kind = "ordinal" if dtype.ordered else "category"
            said[name] = Declared(kind, range=tuple(map(str, dtype.categories)))
        elif types.is_bool_dtype(dtype) or types.is_float_dtype(dtype):
            said[name] = Declared("boolean" if types.is_bool_dtype(dtype) else "number")
    said |= declared or {}
    return RawTable("a frame", pd.DataFrame(cells, dtype=str), target, said, decimal=".")


def objects_of(frame: pd.DataFrame) -> dict[str, dict[str, object]]:
    """The values of columns of objects and texts, by their text."""
    columns = frame.select_dtypes(["object", "string"]).items()
    return {name: {str(v): v for v in column.dropna().unique()} for name, column in columns}


def in_dtypes(cells: pd.DataFrame, dtypes: pd.Series, originals: dict[str, dict]) -> pd.DataFrame:
    """Cells of text, empty for no value, as a frame of these dtypes; see `objects_of`."""
    made = {}
    for name in cells:
        texts, dtype = cells[name].mask(cells[name] == ""), dtypes[name]
        if isinstance(dtype, pd.CategoricalDtype):
            places = {str(value): place for place, value in enumerate(dtype.categories)}
            codes = texts.map(places).fillna(-1).astype(int)
            made[name] = pd.Categorical.from_codes(codes, dtype=dtype)
        elif types.is_datetime64_any_dtype(dtype):
            moments = pd.to_datetime(texts, format=MOMENT, utc=True)
            made[name] = moments.dt.tz_convert(getattr(dtype, "tz", None)).astype(dtype)
        elif types.is_bool_dtype(dtype):
            made[name] = texts.map({"True": True, "False": False}).astype(dtype)
        elif types.is_integer_dtype(dtype):  # never through a float
            whole = [pd.NA if pd.isna(cell) else int(cell) for cell in texts]
            made[name] = pd.Series(whole, dtype="Int64").astype(dtype)
        elif name in originals:
            kinds = {*map(type, originals[name].values())}
            kind = kinds.pop() if kinds in ({int}, {float}) else str
            known = originals[name]
            made[name] = pd.Series(
                [None if pd.isna(text) else known.get(text, kind(text)) for text in texts],
                dtype=dtype,
            )
        else:
            made[name] = texts.astype(dtype)
    return pd.DataFrame(made)
