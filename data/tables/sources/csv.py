"""`csv:PATH`: the user's own table, or series (data.tables.series) if its rows follow in time."""

from data.source import SERIES, TABLE, Source


def load(place: str, reading) -> object:
    """The cells of a csv file; no target where none is named."""
    from data.tables.columns import raw_csv

    return raw_csv(place, reading)


SOURCE = Source(
    "csv:PATH",
    (TABLE, SERIES),
    "your table: a header, then a row for each line; --target names its classes",
    load,
)
