"""Synthetic images of any origin as sources for fusion: arrays, folders, what `generate` wrote.

Unlike a data set they are not split and not cleaned: each sample keeps its number, and what is
unfit is taken out by the quality filter, with its reason. What a generate command wrote is checked
against its manifest, hash by hash.
"""

import collections
import csv
import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from data.images.dataset import ImageDataset
from data.images.folder import read_image_folder
from data.images.npz import HELD_OUT, read_arrays
from data.images.resizing import transform_array
from data.synthetic.provenance import Samples
from data.synthetic.writing import COLUMNS, MANIFEST
from foundation.errors import InputError
from foundation.files import sha256_of_file
from foundation.quiet import import_tensorflow

OTHER_PLACE = "give npz:PATH, folder:PATH, or a directory that a generate command wrote"


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
    if kind == "npz" and path:
        source = _from_arrays(path, dataset)
    elif kind == "folder" and path and not is_generated(Path(path).expanduser()):
        source = _from_folder(path, dataset, image_size)
    else:
        source = read_generated(Path(place.removeprefix("folder:")).expanduser())
    return _in_form(dataclasses.replace(source, name=place), dataset, image_size)


def _from_arrays(path: str, dataset: ImageDataset) -> Samples:
    """Of a fused file only what is for training."""
    archive = read_arrays(path)
    training = np.array([split not in HELD_OUT for split in archive.splits])
    images, names = archive.images[training], dataset.class_names
    labels = None if archive.labels is None else archive.labels[training]
    if labels is not None and names:
        own = archive.class_names or (() if all(map(str.isdecimal, names)) else names)
        numbers, positions = np.unique(labels, return_inverse=True)
        found = [own[n] if n < len(own) else str(n) for n in numbers.tolist()]
        labels = _classes(f"npz:{path} with label", found, dataset)[positions]
    origin = {"path": path, "sha256": sha256_of_file(Path(path).expanduser())}
    return Samples("", images, labels, np.flatnonzero(training), origin)


def _from_folder(path: str, dataset: ImageDataset, image_size: int | None) -> Samples:
    found = read_image_folder(path, image_size)
    labels = found.labels
    if labels is not None and dataset.num_classes:
        labels = _classes(f"folder:{path} with class", found.class_names, dataset)[labels]
    return Samples("", found.images, labels, origin={"path": path})


def _classes(what: str, found: Sequence[str], dataset: ImageDataset) -> np.ndarray:
    """The position of each name found among the classes of the real data; int64."""
    names = dataset.class_names
    for name in found:
        if name not in names:
            raise InputError(
                f"{what} {name}",
                f"classes of {dataset.name}: {', '.join(names)}",
                "name or number its classes as the real data does, or leave those samples out",
            )
    return np.array([names.index(name) for name in found], np.int64)


def _in_form(source: Samples, dataset: ImageDataset, image_size: int | None) -> Samples:
    """Size and channels of the real data, where that loses nothing."""
    images, labels, changed = source.samples, source.labels, []
    if images.shape[1:3] != dataset.image_shape[:2]:
        images, changed = transform_array(images, image_size, denoise=False)
    if images.shape[3] == 1 and dataset.image_shape[2] == 3:
        images = np.repeat(images, 3, axis=3)
        changed = [*changed, "grey repeated in three channels"]
    if images.shape[1:] != dataset.image_shape:
        raise InputError(
            f"{source.name} with images of shape {images.shape[1:]}",
            f"{dataset.image_shape}, the shape of {dataset.name}",
            "give both one size with --image-size, and the same number of channels",
        )
    if labels is not None and dataset.num_classes == 0:
        labels = None
        changed = [*changed, "labels left out: the real data have none"]
    wrong = [] if labels is None else labels[(labels < 0) | (labels >= dataset.num_classes)]
    if len(wrong):
        raise InputError(
            f"{source.name} with class {wrong[0]}",
            f"classes 0 to {dataset.num_classes - 1}, those of {dataset.name}",
            "use samples of a generator that was trained on this data set",
        )
    origin = source.origin | ({"changed": changed} if changed else {})
    return dataclasses.replace(source, samples=images, labels=labels, origin=origin)


def is_generated(directory: Path) -> bool:
    """Whether a directory holds a manifest of a generate command (others are written, too)."""
    path = directory / MANIFEST
    if not path.is_file():
        return False
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().strip() == ",".join(COLUMNS)


def read_generated(directory: Path) -> Samples:
    """The images of a directory that a generate command wrote, with the manifest's labels.

    Returns: Samples: `indices` are the manifest's, `origin` says generator, run and seed, each
      with the number of its images.
    Raises: InputError if there is no such manifest, or an image is missing, too much, or has
      another hash.
    """
    path = directory / MANIFEST
    if not path.is_file():
        what = f"has no {MANIFEST}" if directory.exists() else "does not exist"
        raise InputError(f"{directory} {what}", "synthetic images", OTHER_PLACE)
    try:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        indices = np.array([row["index"] for row in rows], np.int64)
        given = [row["label"] for row in rows]
        labels = np.array(given, np.int64) if any(given) else None  # all or none
        origin = {  # no more than 20 of each are named
            name: dict(collections.Counter(row[name] for row in rows).most_common(20))
            for name in ("generator", "run", "seed")
        }
        hashes = [row["sha256"] for row in rows]
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        columns = f"the columns {', '.join(COLUMNS)}, an index and all or no labels in numbers"
        raise InputError(f"{path} cannot be read ({error})", columns, OTHER_PLACE) from None
    images = _read_images(directory, len(rows))
    for index, image, known in zip(indices, images, hashes, strict=True):
        if hashlib.sha256(np.ascontiguousarray(image)).hexdigest() != known:
            raise InputError(
                f"image {index} of {directory}, which is not the one in {MANIFEST}",
                f"SHA-256 {str(known)[:16]}...",
                "generate the directory anew, or use npz:PATH for images changed since",
            )
    origin = {"path": str(directory), "sha256": sha256_of_file(path), **origin}
    return Samples(str(directory), images, labels, indices, origin)


def _read_images(directory: Path, count: int) -> np.ndarray:
    """uint8 (count, height, width, channels) in the manifest's order."""
    archives = sorted(directory.glob("images*.npz"))
    records = sorted(directory.glob("images*.tfrecord"))
    pictures = sorted(directory.glob("*.png"), key=lambda path: (len(path.name), path.name))
    if archives:
        images = np.concatenate([read_arrays(str(path)).images for path in archives])
    elif records:
        images = _read_records(records)
    elif pictures:
        images = np.stack([_read_picture(path) for path in pictures])
    else:
        raise InputError(
            f"{directory} without images", "images*.npz, images*.tfrecord or *.png", "generate anew"
        )
    if len(images) != count:
        raise InputError(
            f"{directory} with {len(images)} images and {count} rows in {MANIFEST}",
            "a row an image",
            "generate the directory anew",
        )
    return images


def _read_picture(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as picture:
            pixels = np.asarray(picture)
    except (OSError, SyntaxError) as error:
        raise InputError(f"{path} cannot be read ({error})", "a PNG", "generate anew") from None
    return pixels if pixels.ndim == 3 else pixels[..., np.newaxis]  # (height, width, channels)


def _read_records(paths: list[Path]) -> np.ndarray:
    """The images of TFRecord shards: features `image` (raw bytes) and `shape`."""
    import_tensorflow()
    import tensorflow as tf  # seconds to import, and most directories need it not

    images = []
    features = {
        "image": tf.io.FixedLenFeature([], tf.string),
        "shape": tf.io.FixedLenFeature([3], tf.int64),
    }
    try:
        for record in tf.data.TFRecordDataset([str(path) for path in paths]):
            example = tf.io.parse_single_example(record, features)
            pixels = np.frombuffer(example["image"].numpy(), np.uint8)
            images.append(pixels.reshape(example["shape"].numpy()))
    except (tf.errors.OpError, ValueError) as error:
        raise InputError(
            f"{paths[0].parent} with .tfrecord files that cannot be read ({error})",
            "what `generate --format tfrecord` wrote",
            "generate anew",
        ) from None
    return np.stack(images)
