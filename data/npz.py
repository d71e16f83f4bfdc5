"""`npz:PATH`: arrays `images` and, if any, `labels`, from NumPy's own archive format."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from data.assembly import assemble
from data.errors import InputError
from data.image_dataset import Change, ImageDataset
from data.resizing import transform_array

LABEL_LIMIT = 10_000


def load_npz(path: str, image_size: int | None = None, denoise: bool = False) -> ImageDataset:
    """Read, check, clean and split the arrays of an .npz file.

    Args:
      path: the file; `images` is uint8, shape (count, height, width) or (count, height, width,
        channels) with 1 or 3 channels; `labels` is int in [0, 9999], shape (count,). Other arrays
        are passed over.
      image_size, denoise: see `data.resizing.transform_image`.

    Returns: an ImageDataset whose classes are named by the numbers in `labels`. Numbers that no
      image has are no classes: labels 0 and 2 become 0 and 1, named "0" and "2".
    Raises: InputError naming the array at fault.
    """
    images, labels = _read_arrays(Path(path).expanduser())  # no shell expands ~ after a colon
    images = _checked_images(path, images)
    names = [f"images[{index}]" for index in range(len(images))]
    class_names, label_changes = (), []
    if labels is not None:
        labels = _checked_labels(path, labels, len(images))
        labels, class_names, label_changes = _without_gaps(labels, names)
    images, reasons = transform_array(images, image_size, denoise)
    changes = [Change(name, "changed", reason) for reason in reasons for name in names]
    return assemble(
        name=f"npz:{path}",
        images=images,
        labels=labels,
        paths=names,
        splits=[""] * len(images),
        class_names=class_names,
        changes=label_changes + changes,
    )


def _read_arrays(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """The arrays `images` and `labels`; nothing in the file is executed (allow_pickle=False)."""
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
            labels = archive.get("labels")
            return archive["images"], labels
    except InputError:
        raise
    except (ValueError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        # ValueError: an object array, which only unpickling could read, or a damaged header
        raise InputError(f"{path} cannot be read ({error})", "plain number arrays", mend) from None


def _checked_images(path: str, images: np.ndarray) -> np.ndarray:
    """`images` as uint8 with shape (count, height, width, channels)."""
    if images.dtype != np.uint8:
        raise InputError(
            f"images in {path} are {images.dtype}",
            "uint8 in [0, 255]",
            "scale them to [0, 255], round, and convert with images.astype(numpy.uint8)",
        )
    if images.ndim == 3:
        images = images[..., np.newaxis]  # grey: (count, height, width, 1)
    if images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape:
        raise InputError(
            f"images in {path} have shape {images.shape}",
            "(count, height, width) or (count, height, width, channels) with 1 or 3 channels",
            "reshape them, put the channels last, remove an alpha channel",
        )
    return images


def _checked_labels(path: str, labels: np.ndarray, count: int) -> np.ndarray:
    """`labels` as int64 with shape (count,)."""
    if not np.issubdtype(labels.dtype, np.integer):
        raise InputError(
            f"labels in {path} are {labels.dtype}", "integers", "number the classes from 0"
        )
    if labels.shape != (count,):
        raise InputError(
            f"labels in {path} have shape {labels.shape} for {count} images",
            f"shape ({count},), one label an image",
            "save images and labels of the same samples in the same order",
        )
    if labels.min() < 0 or labels.max() >= LABEL_LIMIT:
        raise InputError(
            f"labels in {path} lie in [{labels.min()}, {labels.max()}]",
            f"class numbers in [0, {LABEL_LIMIT - 1}]",
            "number the classes from 0, and leave out samples without a label",
        )
    return labels.astype(np.int64)


def _without_gaps(
    labels: np.ndarray, paths: list[str]
) -> tuple[np.ndarray, tuple[str, ...], list[Change]]:
    """Number the classes that have images 0, 1, ...

    With a gap, a conditional generator would have a class that it was never trained on, and would
    write images of it.

    Returns: (new labels, the old numbers as class names, a Change for each new label).
    """
    old_labels, new_labels = np.unique(labels, return_inverse=True)
    changes = [
        Change(path, "changed", f"label renumbered without gaps: {old} is now class {new}")
        for path, old, new in zip(paths, labels.tolist(), new_labels.tolist(), strict=True)
        if old != new
    ]
    return new_labels.astype(np.int64), tuple(map(str, old_labels.tolist())), changes
