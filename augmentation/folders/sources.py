"""A first look at every image and mask of a folder, before anything is written.

What cannot be read is known before the classes are counted, a mask that is missing or of another
size before the work begins, and images of one size can be augmented together.
"""

import dataclasses
import functools
from pathlib import Path

import numpy as np

from augmentation.folders.masks import find_masks, read_mask
from data.images.dataset import Change
from data.images.decoding import DecodedImage, Unusable, decode_image, decoding_threads, judged
from data.images.folder_layout import ImageFile, check_something_left, find_files
from data.images.resizing import AS_IT_IS, Form
from foundation.files import sha256_of_file
from foundation.progress import counted


@dataclasses.dataclass(frozen=True)
class SourceImage:
    """A readable image, and its mask if there is one."""

    index: int  # its place among all files of the folder; what is drawn for it depends on this
    path: Path
    name: str  # its path inside the folder, with "/"
    augmented: bool  # False for what is held out, to choose or to test with
    shape: tuple[int, int, int]  # 3 channels if the file stores colours, even if all are grey
    sha256: str  # of the bytes of its file
    mask: Path | None = None
    mask_sha256: str = ""
    changed: bool = False  # by reading: its bytes are not what its copies come from
    orientation: int = 1  # as EXIF says
    mask_changed: bool = False


def read_sources(
    root: Path,
    masks: Path | None = None,
    workers: int = 1,
    quiet: bool = False,
    form: Form = AS_IT_IS,
) -> tuple[list[SourceImage], list[Change], Form]:
    """Decode every image and mask once.

    Args:
      root: a folder as `folder:PATH` names it, see data.images.folder; sizes may differ.
      masks: the folder of masks, or None.
      workers: files read at a time.
      quiet: no counter on the terminal.
      form: how they are read.

    Returns: all readable images, in order; what was dropped or changed on the way; the form, with
      the range of the folder's values.
    Raises: InputError if the folder is missing or empty, or a class has no readable image; if a
      mask is missing, unreadable or of another size than its image.
    """
    layout = find_files(root, form.mask_suffix)
    files = sorted(layout.files, key=lambda file: file.path.relative_to(root).parts)
    images, kept, changes = [], [], []
    with decoding_threads(workers) as pool:
        form = judged((file.path for file in files), form, pool)
        look = functools.partial(_look, form)
        looks = zip(files, pool.map(look, range(len(files)), files), strict=True)
        for file, (source, reasons) in counted(looks, len(files), "reading image", quiet):
            action = "dropped" if source is None else "changed"
            changes += [Change(file.name, action, reason) for reason in reasons]
            if source is not None:
                images.append(source)
                kept.append(file)
        check_something_left(root, layout, kept, changes)
        if masks or form.mask_suffix:
            names = [source.name for source in images]
            found = find_masks(masks or root, names, form.mask_suffix or "")
            looks = pool.map(functools.partial(_with_mask, form), images, found)
            images = []
            for source, reasons in counted(looks, len(names), "reading mask", quiet):
                images.append(source)
                changes += [Change(str(source.mask), "changed", f"{r}, a mask") for r in reasons]
            lost = [file for file in layout.masks if file.path not in found]
            changes += [Change(file.name, "dropped", "a mask without an image") for file in lost]
    return images, layout.changes + changes, form


def decode(path: Path, form: Form) -> DecodedImage:
    """One image. A file that stores colours gives three channels, even if every pixel is grey: a
    folder is to come out as it went in.

    Raises: Unusable with the reason.
    """
    image = decode_image(path, form)
    if image.pixels.shape[2] == image.stored_channels:
        return image
    return dataclasses.replace(image, pixels=np.repeat(image.pixels, 3, axis=2))


def _look(form: Form, index: int, file: ImageFile) -> tuple[SourceImage | None, tuple[str, ...]]:
    """Decode one file: what it is, and what was changed; or None, and why it is unusable."""
    try:
        image = decode(file.path, form)
    except Unusable as reason:
        return None, (str(reason),)
    known = index, file.path, file.name, file.split in ("", "train"), image.pixels.shape
    about = {"changed": bool(image.reasons), "orientation": image.orientation}
    return SourceImage(*known, sha256_of_file(file.path), **about), image.reasons


def _with_mask(form: Form, source: SourceImage, path: Path) -> tuple[SourceImage, tuple[str, ...]]:
    """The source with its mask, which is read to be sure that it fits; what reading changed of it.

    Raises: InputError as `read_mask`.
    """
    mask = read_mask(path, form.most_pixels, source.shape[:2], source.orientation)
    about = {"mask_sha256": sha256_of_file(path), "mask_changed": bool(mask.reasons)}
    return dataclasses.replace(source, mask=path, **about), mask.reasons
