"""`csv:PATH`: the user's own table, or series (data.tables.series) if its rows follow in time."""

from data.source import SERIES, TABLE, Source
from data.tables.csv_files import RawTable, read_csv


def load(place: str) -> tuple[RawTable, None]:
    """The cells of a csv file."""
    return read_csv(place), None


SOURCE = Source(
    "csv:PATH",
    (TABLE, SERIES),
    "your table: a header, then a row for each line; --target names its classes",
    load,
)
