"""A first look at every image and mask, before anything is written.

What cannot be read is known before the classes are counted, a mask that is missing or of another
size before an hour of work, and images of one size can be augmented together.
"""

import concurrent.futures
import contextlib
import dataclasses
import functools
import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from augmentation.folders.masks import find_masks, read_mask
from augmentation.folders.tree import SourceFile, Tree
from data.images.dataset import Change
from data.images.decoding import Unusable, decode_image
from foundation.errors import InputError
from foundation.files import sha256_of_file
from foundation.progress import counted


@dataclasses.dataclass(frozen=True)
class Source:
    """A readable image.

    Args:
      file: where it lies, and its index.
      shape: height, width, channels: 3 if the file stores colours, even if all of them are grey.
      sha256: of the bytes of its file.
      mask: the file of its mask; None without masks.
      mask_dtype: "uint8" or "int32"; "" without masks.
      mask_sha256: of the bytes of the mask's file; "" without masks.
    """

    file: SourceFile
    shape: tuple[int, int, int]
    sha256: str
    mask: Path | None = None
    mask_dtype: str = ""
    mask_sha256: str = ""


@dataclasses.dataclass(frozen=True)
class Sources:
    """All readable images of a folder, in order, and what was dropped or changed on the way."""

    images: list[Source]
    changes: list[Change]

    @functools.cached_property
    def sha256(self) -> str:
        """Hex SHA-256 over all names, indices and files: the same input, the same hash."""
        digest = hashlib.sha256()
        for each in self.images:
            line = (each.file.index, each.file.name, each.sha256, each.mask_sha256)
            digest.update(repr(line).encode())
        return digest.hexdigest()


def read_sources(
    root: Path, tree: Tree, masks: Path | None, workers: int = 1, quiet: bool = False
) -> Sources:
    """Decode every image and mask once.

    Args:
      root: the folder, for messages.
      tree: what is in it.
      masks: the folder of masks, or None.
      workers: files read at a time.
      quiet: no counter on the terminal.

    Raises: InputError if no image can be read, or none of a folder without sub-folders; if a mask
      is missing, unreadable or of another size than its image.
    """
    images, changes = [], list(tree.changes)
    with pillow_warnings_as_errors():
        looks = zip(tree.files, in_threads(_look, tree.files, workers), strict=True)
        for file, (source, reasons) in counted(looks, len(tree.files), "reading image", quiet):
            action = "dropped" if source is None else "changed"
            changes += [Change(file.name, action, reason) for reason in reasons]
            if source is not None:
                images.append(source)
        _check_something_left(root, tree, images, changes)
        if masks is not None:
            found = find_masks(masks, [source.file.name for source in images])
            images = [
                dataclasses.replace(source, mask=found[source.file.name]) for source in images
            ]
            looks = in_threads(_look_at_mask, images, workers)
            images = list(counted(looks, len(images), "reading mask", quiet))
    return Sources(images, changes)


def decode(file: SourceFile) -> tuple[np.ndarray, tuple[str, ...]]:
    """One image: uint8 (height, width, channels), and what was changed on the way.

    A file that stores colours gives three channels, even if every pixel is grey: a folder is to
    come out as it went in.

    Raises: Unusable with the reason.
    """
    image = decode_image(file.path)
    pixels = image.pixels
    if pixels.shape[2] < image.stored_channels:
        pixels = np.repeat(pixels, image.stored_channels, axis=2)
    return pixels, image.reasons


def in_threads(function: Callable, items: Iterable, workers: int) -> Iterator:
    """`map` with so many threads, in order; after an error or Ctrl-C nothing more is begun.

    Threads do: Pillow and TensorFlow let go of Python's lock while they compute.
    """
    pool = concurrent.futures.ThreadPoolExecutor(workers)
    try:
        yield from pool.map(function, items)
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def pillow_warnings_as_errors() -> Iterator[None]:
    """What Pillow only warns of makes a file unusable; set once, because all threads share it."""
    Image.init()  # otherwise every thread would import Pillow's formats
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _look(file: SourceFile) -> tuple[Source | None, tuple[str, ...]]:
    """Decode one file: what it is, and what was changed; or None, and why it is unusable."""
    try:
        pixels, reasons = decode(file)
    except Unusable as reason:
        return None, (str(reason),)
    return Source(file, pixels.shape, sha256_of_file(file.path)), reasons


def _look_at_mask(source: Source) -> Source:
    """The source with all that must be known of its mask."""
    values = read_mask(source.mask).values
    if values.shape != source.shape[:2]:
        (height, width), (image_height, image_width, _) = values.shape, source.shape
        raise InputError(
            f"mask {source.mask} is {width} x {height}, image {source.file.name} is "
            f"{image_width} x {image_height}",
            "a mask as large as its image",
            "mend it or remove its image",
        )
    return dataclasses.replace(
        source, mask_dtype=values.dtype.name, mask_sha256=sha256_of_file(source.mask)
    )


def _check_something_left(
    root: Path, tree: Tree, images: list[Source], changes: list[Change]
) -> None:
    """Refuse a folder, or one without sub-folders inside it, none of whose files is an image."""
    filled = {source.file.folder for source in images}
    dropped = [change for change in changes if change.action == "dropped"]
    for leaf in tree.leaves if images else [""]:
        if leaf not in filled:
            inside = f"{leaf}/" if leaf else ""
            reasons = [each for each in dropped if each.path.startswith(inside)]
            why = "".join(f" ({each.path}: {each.reason})" for each in reasons[:1])
            raise InputError(
                f"{root / leaf} holds no readable image{why}",
                "at least one image in every folder",
                "add images or remove the folder",
            )
