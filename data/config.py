"""Settings of `data list`, `data inspect` and `data clean`, and of all that read DATA."""

import dataclasses

from data.kinds import (
    DATA_HELP,
    ENCODING_HELP,
    FEATURES_HELP,
    IMAGE_SIZE_HELP,
    LARGEST_IMAGE_SIZE,
    SMALLEST_IMAGE_SIZE,
    SMALLEST_TEXT,
    TABLE_HELP,
    TARGET_HELP,
    TEXT_HELP,
    TEXT_SPLITS,
)
from foundation.settings import Answering, Settings, Silenced, setting

DENOISE_HELP = "replace every pixel by the median of its 3 x 3 neighbourhood, channel by channel"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfImages(Settings):
    """Of a command that reads images."""

    image_size: int | None = setting(
        None, IMAGE_SIZE_HELP, minimum=SMALLEST_IMAGE_SIZE, maximum=LARGEST_IMAGE_SIZE
    )
    max_images: int | None = setting(None, "use at most N images of each split", minimum=2)


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfText(Settings):
    """Of a command that reads a text in parts."""

    encoding: str = setting("utf-8", ENCODING_HELP)
    split: str = setting(
        "contiguous",
        "contiguous: first 90 % train, the rest is held out; interleaved: char-rnn's columns",
        choices=TEXT_SPLITS,
    )
    max_characters: int | None = setting(
        None, "use at most the first N characters; quick: 1,200,000", minimum=100
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfCsv(Settings):
    """Of a command that reads csv:PATH; see data.tables.columns.Reading and docs/own_data.md."""

    schema: str | None = setting(
        None, "TOML file that says what columns are; `data inspect --write-schema` writes one"
    )
    header: bool | None = setting(None, "the first line of csv:PATH does (not) name the columns")
    decimal: str | None = setting(
        None, "decimal mark of csv:PATH; default: as its numbers show", choices=(".", ",")
    )
    clip_outliers: bool = setting(
        False, "csv:PATH: move training values beyond 5 interquartile ranges to that border"
    )


@dataclasses.dataclass(frozen=True)
class ListSettings(Answering):
    """Name the data sets that DATA can be."""


@dataclasses.dataclass(frozen=True)
class InspectSettings(Answering, OfImages, OfCsv):
    """Count, measure and draw an image data set, a text or a table after cleaning."""

    data: str = setting(
        dataclasses.MISSING,
        f"{DATA_HELP}; text: {TEXT_HELP}; table: {TABLE_HELP}",
        positional=True,
    )
    out: str | None = setting(None, "folder for the pictures; default outputs/inspect-NAME")
    denoise: bool = setting(False, DENOISE_HELP)
    encoding: str | None = setting(None, ENCODING_HELP + "; default utf-8")
    max_characters: int | None = setting(
        None, "only the first N characters of a text", minimum=SMALLEST_TEXT
    )
    target: str | None = setting(None, TARGET_HELP)
    features: int | None = setting(None, FEATURES_HELP, minimum=1)
    write_schema: str | None = setting(None, "csv:PATH: new TOML file for what its columns are")


@dataclasses.dataclass(frozen=True)
class CleanSettings(Answering, Silenced, OfImages):
    """Write a cleaned image data set as PNG files, one folder a split and a class."""

    data: str = setting(dataclasses.MISSING, DATA_HELP, positional=True)
    out: str = setting(dataclasses.MISSING, "folder to write, new or empty")
    denoise: bool = setting(False, DENOISE_HELP)
