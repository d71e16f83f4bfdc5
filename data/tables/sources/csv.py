"""`csv:PATH`: the user's own table, or series (data.tables.series) if its rows follow in time."""

from data.source import SERIES, TABLE, Source


def load(place: str) -> tuple:
    """The cells of a csv file; no target where none is named."""
    from data.tables.csv_files import read_csv

    return read_csv(place), None


SOURCE = Source(
    "csv:PATH",
    (TABLE, SERIES),
    "your table: a header, then a row for each line; --target names its classes",
    load,
)
