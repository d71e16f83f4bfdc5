"""The data set that a baseline is fitted to, of whatever kind."""

from collections.abc import Callable

from baselines.registry import kind_of
from data.images.load import load_images
from data.source import IMAGES, SERIES, TABLE, TEXT
from data.texts.load import load_text


def load_data(settings: dict, data: str | None = None, quiet: bool = False) -> object:
    """Load what a run's settings name.

    Args:
      settings: the fields of a BaselineSettings, as RUN/config.json keeps them.
      data: where the data lie now, if not where they were.
      quiet: no counter on the terminal.

    Returns: an ImageDataset, TextCorpus, SeriesDataset or TableDataset; each has `name`, `sha256`,
      `train`, `validation` and `test`.
    Raises: InputError if the data are at fault.
    """
    data = data or settings["data"]
    return LOADERS[kind_of(settings["model"], data)](data, settings, quiet)


def size_of(dataset: object, kind: str) -> str:
    """How much there is to learn from, in words."""
    if kind == TEXT:
        return f"{dataset.train.size:,} characters"
    unit = {IMAGES: "images", TABLE: "rows", SERIES: "steps"}[kind]
    return f"{len(dataset.train):,} {unit}"


def _images(data: str, settings: dict, quiet: bool) -> object:
    return load_images(data, settings["image_size"], settings["max_images"], quiet=quiet)


def _text(data: str, settings: dict, quiet: bool) -> object:
    return load_text(
        data, settings["split"], settings["encoding"], settings["max_characters"], quiet=quiet
    )


def _series(data: str, settings: dict, quiet: bool) -> object:
    from data.tables.series import load_series

    return load_series(data.partition(":")[2])


def _table(data: str, settings: dict, quiet: bool) -> object:
    from data.tables.load import load_table

    return load_table(data, settings["target"], settings["features"])


LOADERS: dict[str, Callable] = {IMAGES: _images, TEXT: _text, SERIES: _series, TABLE: _table}
