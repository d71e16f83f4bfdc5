"""Settings of `data list`, `data inspect` and `data clean`."""

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
)
from foundation.settings import Settings, setting

DENOISE_HELP = "replace every pixel by the median of its 3 x 3 neighbourhood, channel by channel"


@dataclasses.dataclass(frozen=True)
class ListSettings(Settings):
    """Name the data sets that DATA can be."""

    json: bool = setting(False, "one JSON object on stdout, everything else on stderr")


@dataclasses.dataclass(frozen=True)
class InspectSettings(Settings):
    """Count, measure and draw an image data set, a text or a table after cleaning."""

    data: str = setting(
        dataclasses.MISSING,
        f"{DATA_HELP}; text: {TEXT_HELP}; table: {TABLE_HELP}",
        positional=True,
    )
    out: str | None = setting(None, "folder for the pictures; default outputs/inspect-NAME")
    image_size: int | None = setting(
        None, IMAGE_SIZE_HELP, minimum=SMALLEST_IMAGE_SIZE, maximum=LARGEST_IMAGE_SIZE
    )
    max_images: int | None = setting(None, "at most that many images in each split", minimum=2)
    denoise: bool = setting(False, DENOISE_HELP)
    encoding: str | None = setting(None, ENCODING_HELP + "; default utf-8")
    max_characters: int | None = setting(
        None, "only the first N characters of a text", minimum=SMALLEST_TEXT
    )
    target: str | None = setting(None, TARGET_HELP)
    features: int | None = setting(None, FEATURES_HELP, minimum=1)
    json: bool = setting(False, "one JSON object on stdout, everything else on stderr")


@dataclasses.dataclass(frozen=True)
class CleanSettings(Settings):
    """Write a cleaned image data set as PNG files, one folder a split and a class."""

    data: str = setting(dataclasses.MISSING, DATA_HELP, positional=True)
    out: str = setting(dataclasses.MISSING, "folder to write, new or empty")
    image_size: int | None = setting(
        None, IMAGE_SIZE_HELP, minimum=SMALLEST_IMAGE_SIZE, maximum=LARGEST_IMAGE_SIZE
    )
    max_images: int | None = setting(None, "at most that many images in each split", minimum=2)
    denoise: bool = setting(False, DENOISE_HELP)
    quiet: bool = setting(False, "no progress and no summary on the screen")
    json: bool = setting(False, "one JSON object on stdout, everything else on stderr")
