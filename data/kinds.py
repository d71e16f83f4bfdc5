"""What DATA can name, in one place: every file of the three `sources` folders is one name.

Nothing heavy is imported: `--help` reads this.
"""

import functools
import importlib
import os
import pkgutil
from pathlib import Path

from data.source import IMAGES, SERIES, TABLE, TEXT, Source
from foundation.errors import InputError

__all__ = ["IMAGES", "SERIES", "TABLE", "TEXT"]  # for those who ask for the kind of DATA

FOLDERS = ("data.images.sources", "data.texts.sources", "data.tables.sources")

SMALLEST_TEXT = 31  # characters: with fewer, a part of the contiguous split has fewer than two
TEXT_SPLITS = ("contiguous", "interleaved")
SMALLEST_IMAGE_SIZE = 4
LARGEST_IMAGE_SIZE = 512  # the GAN trains on no larger ones: clean writes nothing it refuses


@functools.cache
def all_sources() -> tuple[Source, ...]:
    """What the files of the folders declare: in each, names without a place first, by letter."""
    found = []
    for folder in map(importlib.import_module, FOLDERS):
        names = [
            f"{folder.__name__}.{module.name}" for module in pkgutil.iter_modules(folder.__path__)
        ]
        sources = [importlib.import_module(name).SOURCE for name in names]
        found += sorted(sources, key=lambda source: (source.takes_place, source.name))
    return tuple(found)


def sources_of(kind: str) -> list[Source]:
    """Those that can be read as images, text, series or table."""
    return [source for source in all_sources() if kind in source.kinds]


def kinds_of(data: str) -> tuple[str, ...]:
    """As what DATA can be read; () if it names nothing. `folder:PATH` is images or text."""
    named = (source for source in all_sources() if source.place_in(data) is not None)
    return tuple(kind for source in named for kind in source.kinds)


def parse(data: str, kind: str) -> tuple[Source, str]:
    """The source that DATA names, and the place behind its colon ("" where none belongs).

    Raises: InputError if DATA names nothing that can be read as this kind.
    """
    for source in sources_of(kind):
        place = source.place_in(data)
        if place is not None:
            return source, place
    raise unknown(data, sources_of(kind))


def kind_of(data: str) -> str:
    """What DATA names: "images", "text" or "table". A folder of .txt files without images is text.

    Raises: InputError if DATA names nothing.
    """
    kinds = kinds_of(data)
    if not kinds:
        raise unknown(data)
    if kinds == (IMAGES, TEXT) and _holds_only_texts(Path(data.partition(":")[2]).expanduser()):
        return TEXT
    return kinds[0]


def unknown(data: str, among: tuple[Source, ...] | list[Source] = ()) -> InputError:
    """The error line for a DATA that is none of these sources; (): of all."""
    names = dict.fromkeys(source.name for source in among or all_sources())
    path = os.path.expanduser(data)
    words = [os.path.splitext(path)[1].lower()[1:], "file"] if os.path.isfile(path) else []
    words = ["folder"] if os.path.isdir(path) else words
    meant = [f"did you mean {word}:{data}?" for word in words if f"{word}:PATH" in names]
    mend = [*meant, "choose one of these"][0]
    return InputError(f"DATA {data!r}", f"one of {', '.join(names)}", mend)


def _holds_only_texts(root: Path) -> bool:
    """Whether a folder holds .txt files, and no file that has the suffix of an image."""
    from PIL import Image  # slow to import, and only a folder needs it

    from data.images.decoding import FORMATS
    from data.texts.files import text_files_in

    formats = Image.registered_extensions().items()
    suffixes = {suffix for suffix, name in formats if name in FORMATS}
    names = (name for _, _, names in os.walk(root) for name in names)
    has_image = any(os.path.splitext(name)[1].lower() in suffixes for name in names)
    return not has_image and bool(text_files_in(root))


def _help(kind: str) -> str:
    """The names of a kind: "a, b or c"."""
    *names, last = [
        f"{source.name} ({source.hint})" if source.hint else source.name
        for source in sources_of(kind)
    ]
    return f"{', '.join(names)} or {last}"


DATA_HELP, TEXT_HELP, TABLE_HELP = _help(IMAGES), _help(TEXT), _help(TABLE)
IMAGE_SIZE_HELP = "crop every image to a centred square, then resize it to N x N pixels"
TARGET_HELP = "column of csv:PATH to be predicted, such as a class; default: none"
FEATURES_HELP = "of a table with a target: keep the N most telling columns; default: all"
ENCODING_HELP = "encoding of file:PATH, folder:PATH or csv:PATH, such as utf-16, cp1252 or gb18030"
