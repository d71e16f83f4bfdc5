"""Settings of `augment list`, `augment preview` and `augment apply`."""

import dataclasses

from data.config import OfFiles, OfImages
from data.kinds import DATA_HELP, ENCODING_HELP, TEXT_HELP
from foundation.errors import InputError
from foundation.settings import Answering, Seeded, Silenced, setting

RECIPE_HELP = "a shipped recipe (see `augment list`) or the path of a TOML file"


@dataclasses.dataclass(frozen=True)
class ListSettings(Answering):
    """Name all transforms with their fields, and the shipped recipes."""


@dataclasses.dataclass(frozen=True)
class PreviewSettings(Seeded, OfImages):
    """Draw what every transform does, and a recipe on images of a data set."""

    out: str = setting(dataclasses.MISSING, "directory of the pictures, new or empty")
    data: str = setting("mnist", DATA_HELP)
    recipe: str | None = setting(
        None,
        f"{RECIPE_HELP}; default: mnist_affine or cifar_standard on images of their sizes, "
        "medical_gentle on others",
    )
    draws: int = setting(8, "draws beside each original", minimum=1, maximum=100)
    images: int = setting(8, "images that the recipe is shown on", minimum=1, maximum=1000)


@dataclasses.dataclass(frozen=True)
class ApplySettings(Silenced, Seeded, OfFiles):
    """Write an augmented copy of a folder of images, with a manifest.

    Either `copies` or `balance_to` is given.
    """

    data: str = setting(
        dataclasses.MISSING,
        "folder:PATH, one sub-folder a class or none; of train/, validation/ and test/ only train/ "
        "is augmented, the others are copied as they are",
    )
    recipe: str = setting(dataclasses.MISSING, RECIPE_HELP)
    out: str = setting(
        dataclasses.MISSING,
        "directory to write, new or empty; images are stored as PNG, grey or colour as they came, "
        "upright, transparency on white",
    )
    copies: int | None = setting(
        None, "augmented copies of every image, without the images themselves", minimum=1
    )
    balance_to: int | None = setting(
        None,
        "images of every class: the originals, byte for byte but where reading changes them (16 "
        "bits, alpha, EXIF), and as many augmented copies as are missing",
        minimum=1,
    )
    masks: str | None = setting(
        None,
        "folder of masks, each with the relative path of its image (any suffix); OUT then holds "
        "images/ and masks/",
    )
    workers: int = setting(
        1, "groups of images read, augmented and written at a time", minimum=1, maximum=256
    )

    def __post_init__(self):
        super().__post_init__()
        if (self.copies is None) == (self.balance_to is None):
            received = "neither --copies nor" if self.copies is None else "--copies and"
            raise InputError(f"{received} --balance-to", "one of the two", "give one of them")


@dataclasses.dataclass(frozen=True)
class TextSettings(Silenced, Seeded):
    """Write augmented copies of a text, line by line, with a manifest."""

    data: str = setting(dataclasses.MISSING, f"{TEXT_HELP}; every line is a sample")
    out: str = setting(dataclasses.MISSING, "directory to write, new or empty")
    recipe: str = setting(
        "text_noise", "a shipped text recipe (see `augment list`) or the path of a TOML file"
    )
    copies: int = setting(1, "augmented copies of the text", minimum=1, maximum=9999)
    encoding: str = setting("utf-8", ENCODING_HELP)
