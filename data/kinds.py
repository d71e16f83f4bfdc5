"""A text at a glance: sizes, characters, what cleaning did, and a picture of how often each is."""

import os
from pathlib import Path

from PIL import Image

from data.catalog import IMAGE_DATASETS, TEXT_DATASETS
from data.images.decoding import FORMATS
from data.texts.files import text_files_in

BREAST_CANCER, BREAST_CANCER_TARGET = "breast_cancer", "diagnosis"


def names_text(data: str) -> bool:
    """Whether DATA names a text; of a folder: whether it holds .txt files and no images."""
    kind, _, path = data.partition(":")
    if kind == "folder" and path:
        root = Path(path).expanduser()
        return bool(text_files_in(root)) and not _holds_image(root)
    return (kind == "file" and bool(path)) or (data in TEXT_DATASETS and data not in IMAGE_DATASETS)


def _holds_image(root: Path) -> bool:
    """Whether a file under a folder has the suffix of an image."""
    formats = Image.registered_extensions().items()
    suffixes = {suffix for suffix, name in formats if name in FORMATS}
    return any(
        os.path.splitext(name)[1].lower() in suffixes
        for _, _, names in os.walk(root)
        for name in names
    )


def names_table(data: str) -> bool:
    """Whether DATA names a table."""
    kind, _, path = data.partition(":")
    return data == BREAST_CANCER or (kind == "csv" and bool(path))
