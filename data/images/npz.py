"""`npz:PATH`: arrays `images` and, if any, `labels`, from NumPy's own archive format.

A file may bring its own held-out images, `validation_images` and `test_images`, each with its
labels: then `images` are for training, all of them. `data.synthetic.fusion` writes such files,
because a test set drawn from a mixture would be synthetic in part.
"""

import dataclasses
import zipfile
import zlib
from pathlib import Path

import numpy as np

from data.images.assembly import assemble
from data.images.dataset import Change, ImageDataset
from data.images.resizing import AS_IT_IS, Form
from foundation.errors import InputError

LABEL_LIMIT = 10_000
HELD_OUT = ("validation", "test")
KNOWN = (
    *("images", "labels", "class_names"),
    *("validation_images", "validation_labels", "test_images", "test_labels"),
)


@dataclasses.dataclass(frozen=True, eq=False)
class Arrays:
    """What an .npz file holds, checked; held-out images last."""

    images: np.ndarray  # uint8, shape (count, height, width, channels)
    labels: np.ndarray | None  # int64, shape (count,)
    names: list[str]  # of each image: "images[0]", ..., "test_images[7]"
    splits: list[str]  # of each image: "validation" or "test"; "" for what is not held out
    class_names: tuple[str, ...]  # name of each number in `labels`, () if the file has none


def load_npz(path: str, form: Form = AS_IT_IS, quiet: bool = False) -> ImageDataset:
    """Read, check, clean and split the arrays of an .npz file.

    Args:
      path: the file; `images` is uint8, shape (count, height, width) or (count, height, width,
        channels) with 1 or 3 channels; `labels` is int in [0, 9999], shape (count,). The same of
        `validation_images`, `validation_labels`, `test_images`, `test_labels`, if there are any.
        `class_names`: text, the name of each label. Other arrays are passed over.
      quiet: no counter on the terminal; there is none.

    Returns: an ImageDataset whose classes are named by the numbers in `labels`, or as the file
      says. Numbers that no image has are no classes: labels 0 and 2 become 0 and 1, named "0" and
      "2". With a gap, a conditional generator would have a class that it was never trained on.
    Raises: InputError naming the array at fault.
    """
    arrays = read_arrays(path)
    labels, class_names, changes = None, (), []
    if arrays.labels is not None:
        numbers, labels = np.unique(arrays.labels, return_inverse=True)
        class_names = tuple(
            arrays.class_names[number] if arrays.class_names else str(number)
            for number in numbers.tolist()
        )
        changes = [
            Change(name, "changed", f"label renumbered without gaps: {old} is now class {new}")
            for name, old, new in zip(arrays.names, arrays.labels, labels, strict=True)
            if old != new
        ]
    known = labels, arrays.names, arrays.splits, class_names, changes
    return assemble(f"npz:{path}", arrays.images, *known, form)


def read_arrays(path: str) -> Arrays:
    """The arrays of a file; nothing in it is executed.

    Raises: InputError naming the array at fault.
    """
    found = _read_archive(Path(path).expanduser())  # no shell expands ~ after a colon
    held_out = [part for part in HELD_OUT if f"{part}_images" in found]
    images, labels, names, splits = [], [], [], []
    for part in ("", *held_out):
        prefix = f"{part}_" if part else ""
        pixels = _checked_images(path, found[f"{prefix}images"], f"{prefix}images")
        images.append(pixels)
        names += [f"{prefix}images[{index}]" for index in range(len(pixels))]
        splits += [part] * len(pixels)
        if ("labels" in found) != (f"{prefix}labels" in found):
            received = f"{path} with labels for some of images, {', '.join(held_out)}"
            expected = "labels for all or for none"
            raise InputError(received, expected, f"add {prefix}labels, or leave the labels out")
        if "labels" in found:
            name = f"{prefix}labels"
            labels.append(_checked_labels(path, found[name], len(pixels), name))
    if len({pixels.shape[1:] for pixels in images}) > 1:
        shapes = ", ".join(str(pixels.shape[1:]) for pixels in images)
        raise InputError(f"{path} with images of shapes {shapes}", "one shape", "resize them")
    all_labels = np.concatenate(labels) if labels else None
    class_names = _checked_names(path, found.get("class_names"), all_labels)
    all_images = np.concatenate(images) if held_out else images[0]
    return Arrays(all_images, all_labels, names, splits, class_names)


def _read_archive(path: Path) -> dict[str, np.ndarray]:
    """The arrays that this file knows; nothing is executed (allow_pickle=False)."""
    mend = "write it with numpy.savez_compressed(path, images=..., labels=...)"
    if not path.is_file():
        raise InputError(f"{path} is no file", "an .npz file", "check the path after npz:")
    if not zipfile.is_zipfile(path):
        raise InputError(f"{path} is no .npz archive, or is truncated", "an .npz file", mend)
    try:
        with np.load(path, allow_pickle=False) as archive:
            if "images" not in archive:
                held = ", ".join(archive) or "nothing"
                raise InputError(f"{path} holds {held}", "an array named images", mend)
            return {name: archive[name] for name in KNOWN if name in archive}
    except InputError:
        raise
    except (ValueError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        # ValueError: an object array, which only unpickling could read, or a damaged header
        raise InputError(f"{path} cannot be read ({error})", "plain number arrays", mend) from None


def _checked_images(path: str, images: np.ndarray, name: str) -> np.ndarray:
    """Images as uint8 with shape (count, height, width, channels)."""
    if images.dtype != np.uint8:
        mend = "scale them to [0, 255], round, and convert with images.astype(numpy.uint8)"
        raise InputError(f"{name} in {path} are {images.dtype}", "uint8 in [0, 255]", mend)
    if images.ndim == 3:
        images = images[..., np.newaxis]  # grey: (count, height, width, 1)
    if images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape:
        expected = "(count, height, width) or (count, height, width, channels) with 1 or 3 channels"
        mend = "reshape them, put the channels last, remove an alpha channel"
        raise InputError(f"{name} in {path} have shape {images.shape}", expected, mend)
    return images


def _checked_labels(path: str, labels: np.ndarray, count: int, name: str) -> np.ndarray:
    """Labels as int64 with shape (count,)."""
    if not np.issubdtype(labels.dtype, np.integer):
        raise InputError(
            f"{name} in {path} are {labels.dtype}", "integers", "number the classes from 0"
        )
    if labels.shape != (count,):
        received = f"{name} in {path} have shape {labels.shape} for {count} images"
        mend = "save images and labels of the same samples in the same order"
        raise InputError(received, f"shape ({count},), one label an image", mend)
    if labels.min() < 0 or labels.max() >= LABEL_LIMIT:
        received = f"{name} in {path} lie in [{labels.min()}, {labels.max()}]"
        mend = "number the classes from 0, and leave out samples without a label"
        raise InputError(received, f"class numbers in [0, {LABEL_LIMIT - 1}]", mend)
    return labels.astype(np.int64)


def _checked_names(
    path: str, names: np.ndarray | None, labels: np.ndarray | None
) -> tuple[str, ...]:
    """`class_names` as text, one for each number that a label may be; () if there are none."""
    if names is None or labels is None:
        return ()
    if names.ndim != 1 or names.dtype.kind != "U" or len(set(names.tolist())) < len(names):
        received = f"class_names in {path} are {names.dtype} of shape {names.shape}"
        expected = "different texts in one dimension"
        raise InputError(received, expected, "write numpy.array of the names")
    if labels.max() >= len(names):
        received = f"{len(names)} class_names in {path} and label {labels.max()}"
        mend = "add the names that are missing, or leave class_names out"
        raise InputError(received, "a name for each label", mend)
    return tuple(names.tolist())
