"""Synthetic images of any origin as sources for fusion: arrays, folders, what `generate` wrote.

Unlike a data set they are not split and not cleaned: each sample keeps its number, and what is
unfit is taken out by the quality filter, with its reason.
"""

import dataclasses
from pathlib import Path

import numpy as np

from data.images.dataset import ImageDataset
from data.images.folder import read_image_folder
from data.images.npz import HELD_OUT, read_arrays
from data.images.resizing import transform_array
from data.synthetic.generated import is_generated, read_generated
from data.synthetic.provenance import Samples
from foundation.errors import InputError
from foundation.files import sha256_of_file


def load_synthetic(place: str, dataset: ImageDataset, image_size: int | None = None) -> Samples:
    """The samples at a place, in the form of the real data.

    Labels are classes of the real data. A folder's classes are found by name; numbers in an .npz
    file are the names of the real classes where all of those are numbers, else their positions;
    a generate command's numbers are positions.

    Args:
      place: npz:PATH, folder:PATH, or a directory with manifest.csv.
      dataset: the real data.
      image_size: as the real data were loaded with.

    Returns: Samples whose `labels` are None if the place has none. Grey images for a colour data
      set get three equal channels; `origin` says so.
    Raises: InputError naming the file, the class or the shape at fault.
    """
    kind, _, path = place.partition(":")
    if kind in ("npz", "folder") and path:
        directory = Path(path).expanduser()
        if kind == "folder" and is_generated(directory):
            source = read_generated(directory)
        elif kind == "npz":
            source = _from_arrays(path, dataset)
        else:
            source = _from_folder(path, dataset, image_size)
    else:
        source = read_generated(Path(place).expanduser())
    return _in_form(dataclasses.replace(source, name=place), dataset, image_size)


def _from_arrays(path: str, dataset: ImageDataset) -> Samples:
    archive = read_arrays(path)
    training = np.array([split not in HELD_OUT for split in archive.splits])  # of a fused file
    images, names = archive.images[training], dataset.class_names
    labels = None if archive.labels is None else archive.labels[training]
    if labels is not None and names:
        if archive.class_names:
            name_of = dict(enumerate(archive.class_names))
        elif all(name.isdecimal() for name in names):
            name_of = {number: str(number) for number in set(labels.tolist())}
        else:
            name_of = dict(enumerate(names))
        strangers = [n for n in np.unique(labels).tolist() if name_of.get(n) not in names]
        if strangers:
            raise InputError(
                f"npz:{path} with label {strangers[0]}",
                f"classes of {dataset.name}: {', '.join(names)}",
                "number its classes as the real data does, or leave those samples out",
            )
        numbers, positions = np.unique(labels, return_inverse=True)
        classes = [names.index(name_of[number]) for number in numbers.tolist()]
        labels = np.array(classes, np.int64)[positions]
    origin = {"path": path, "sha256": sha256_of_file(Path(path).expanduser())}
    return Samples("", images, labels, np.flatnonzero(training), origin)


def _from_folder(path: str, dataset: ImageDataset, image_size: int | None) -> Samples:
    found = read_image_folder(path, image_size)
    labels = found.labels
    if labels is not None and dataset.num_classes:
        strangers = sorted(set(found.class_names) - set(dataset.class_names))
        if strangers:
            raise InputError(
                f"folder:{path} with the class {strangers[0]!r}",
                f"classes of {dataset.name}: {', '.join(dataset.class_names)}",
                "name its sub-folders as the real classes",
            )
        numbers = [dataset.class_names.index(name) for name in found.class_names]
        labels = np.array(numbers, np.int64)[labels]
    return Samples("", found.images, labels, origin={"path": path})


def _in_form(source: Samples, dataset: ImageDataset, image_size: int | None) -> Samples:
    """Size and channels of the real data, where that loses nothing."""
    images, origin = source.samples, dict(source.origin)
    if images.shape[1:3] != dataset.image_shape[:2]:
        images, reasons = transform_array(images, image_size, denoise=False)
        origin |= {"changed": reasons} if reasons else {}
    if images.shape[3] == 1 and dataset.image_shape[2] == 3:
        images = np.repeat(images, 3, axis=3)
        origin["changed"] = [*origin.get("changed", []), "grey repeated in three channels"]
    if images.shape[1:] != dataset.image_shape:
        raise InputError(
            f"{source.name} with images of shape {images.shape[1:]}",
            f"{dataset.image_shape}, the shape of {dataset.name}",
            "give both one size with --image-size, and the same number of channels",
        )
    labels = source.labels
    if labels is not None and dataset.num_classes == 0:
        labels = None
        origin["changed"] = [*origin.get("changed", []), "labels left out: the real data have none"]
    if labels is not None and len(labels) and labels.max() >= dataset.num_classes:
        raise InputError(
            f"{source.name} with class {labels.max()}",
            f"classes 0 to {dataset.num_classes - 1}, those of {dataset.name}",
            "use samples of a generator that was trained on this data set",
        )
    return dataclasses.replace(source, samples=images, labels=labels, origin=origin)
