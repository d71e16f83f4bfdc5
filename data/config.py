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
OF_FILES = ("levels", "max_pixels", "mask_suffix")


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfFiles(Settings):
    """Of a command that reads folders of images."""

    levels: str | None = setting(
        None, "LOW,HIGH: black and white of files of 9 to 32 bits; default: as the folder shows"
    )
    max_pixels: int | None = setting(
        None, "leave larger files out; default 25 million, to --image-size 200 million", minimum=1
    )
    mask_suffix: str | None = setting(
        None, "how names of masks end that lie among the images: _mask of 0_mask.png"
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class OfImages(OfFiles):
    """Of a command that reads images."""

    image_size: int | None = setting(
        None, IMAGE_SIZE_HELP, minimum=SMALLEST_IMAGE_SIZE, maximum=LARGEST_IMAGE_SIZE
    )
    max_images: int | None = setting(None, "use at most N images of each split", minimum=2)
    channels: str | None = setting(
        None, "make all images grey or colour; default: grey if all are", choices=("grey", "rgb")
    )

    def reading(self, data: str = "folder:") -> dict:
        """How `data` are read, for load_images; what only folders have, for folders only."""
        names = ("image_size", "denoise", "channels")
        names += OF_FILES if data.startswith("folder:") else ()
        return {name: getattr(self, name) for name in names if hasattr(self, name)}


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


@dataclasses.dataclass(frozen=True)
class ListSettings(Answering):
    """Name the data sets that DATA can be."""


@dataclasses.dataclass(frozen=True)
class InspectSettings(Answering, OfImages):
    """Count, measure and draw an image data set, a text or a table after cleaning."""

    data: str = setting(
        dataclasses.MISSING, f"{DATA_HELP}; text: {TEXT_HELP}; table: {TABLE_HELP}", positional=True
    )
    out: str | None = setting(None, "folder for the pictures; default outputs/inspect-NAME")
    denoise: bool = setting(False, DENOISE_HELP)
    encoding: str | None = setting(None, ENCODING_HELP + "; default utf-8")
    max_characters: int | None = setting(
        None, "only the first N characters of a text", minimum=SMALLEST_TEXT
    )
    target: str | None = setting(None, TARGET_HELP)
    features: int | None = setting(None, FEATURES_HELP, minimum=1)


@dataclasses.dataclass(frozen=True)
class CleanSettings(Answering, Silenced, OfImages):
    """Write a cleaned image data set as PNG files, one folder a split and a class."""

    data: str = setting(dataclasses.MISSING, DATA_HELP, positional=True)
    out: str = setting(dataclasses.MISSING, "folder to write, new or empty")
    denoise: bool = setting(False, DENOISE_HELP)
