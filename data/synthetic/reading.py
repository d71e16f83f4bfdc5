"""Synthetic images of any origin as sources for fusion: arrays, folders, what `generate` wrote.

Unlike a data set they are not split and not cleaned: each sample keeps its number, and what is
unfit is taken out by the quality filter, with its reason. What a generate command wrote is checked
against its manifest, hash by hash.
"""

import collections
import csv
import dataclasses
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from data.images.dataset import Change, ImageDataset, counted_changes, told
from data.images.folder import read_image_folder
from data.images.npz import HELD_OUT, read_arrays
from data.images.resizing import AS_IT_IS, Form, transform_array
from data.synthetic.provenance import Samples
from data.synthetic.writing import COLUMNS, MANIFEST
from foundation.errors import InputError
from foundation.files import sha256_of_file
from foundation.quiet import import_tensorflow

OTHER_PLACE = "give npz:PATH, folder:PATH, or a directory that a generate command wrote"


def load_synthetic(
    place: str, dataset: ImageDataset, form: Form = AS_IT_IS, quiet: bool = True
) -> Samples:
    """The samples at a place, in the form of the real data.

    Labels are classes of the real data. A folder's classes are found by name, as are those that
    have names in an .npz file or a manifest; other numbers in an .npz file are the names of the
    real classes where all of those are numbers, else their positions; a manifest's are positions.

    Args:
      place: npz:PATH, folder:PATH, or a directory with manifest.csv.
      dataset: the real data.
      form: as the real data were loaded with.
      quiet: no line that says what of a folder was dropped or changed.

    Returns: Samples whose `labels` are None if the place has none. Grey images for a colour data
      set get three equal channels; `origin` says so.
    Raises: InputError naming the file, the class or the shape at fault.
    """
    kind, _, path = place.partition(":")
    if kind == "npz" and path:
        source = _from_arrays(path, dataset)
    elif kind == "folder" and path and not is_generated(Path(path).expanduser()):
        source = _from_folder(path, dataset, form)
        if not quiet:
            print(told(place, source.origin["data_counts"]), file=sys.stderr)
    else:
        source = read_generated(Path(place.removeprefix("folder:")).expanduser(), dataset)
    return _in_form(dataclasses.replace(source, name=place), dataset, form)


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


def _from_folder(path: str, dataset: ImageDataset, form: Form) -> Samples:
    """Of a folder with splits only what is for training."""
    found = read_image_folder(path, form, quiet=True)
    training = np.array([file.split not in HELD_OUT for file in found.files])
    held_out = [file for file, kept in zip(found.files, training, strict=True) if not kept]
    left = [Change(file.name, "dropped", "held out from training") for file in held_out]
    images, labels, changes = found.images[training], found.labels, [*found.changes, *left]
    if labels is not None:
        labels = labels[training]
        if dataset.num_classes:
            labels = _classes(f"folder:{path} with class", found.class_names, dataset)[labels]
    origin = {"path": path, "data_counts": counted_changes(len(images), changes)}
    return Samples("", images, labels, origin=origin, changes=tuple(changes))


def _classes(what: str, found: Sequence[str], dataset: ImageDataset) -> np.ndarray:
    """The position of each name found among the classes of the real data; int64."""
    names = dataset.class_names
    for name in found:
        if name not in names:
            received = f"{what} {name}"
            mend = "name or number its classes as the real data does, or leave those samples out"
            raise InputError(received, f"classes of {dataset.name}: {', '.join(names)}", mend)
    return np.array([names.index(name) for name in found], np.int64)


def _in_form(source: Samples, dataset: ImageDataset, form: Form) -> Samples:
    """Size and channels of the real data, where that loses nothing."""
    images, labels, changed = source.samples, source.labels, []
    if images.shape[1:] != dataset.image_shape:
        images, changed = transform_array(images, form)
    if images.shape[3] == 1 and dataset.image_shape[2] == 3:
        images = np.repeat(images, 3, axis=3)
        changed = [*changed, "grey repeated in three channels"]
    if images.shape[1:] != dataset.image_shape:
        received = f"{source.name} with images of shape {images.shape[1:]}"
        mend = "give both one size with --image-size N, one form with --channels grey or rgb"
        raise InputError(received, f"{dataset.image_shape}, the shape of {dataset.name}", mend)
    if labels is not None and dataset.num_classes == 0:
        labels = None
        changed = [*changed, "labels left out: the real data have none"]
    wrong = [] if labels is None else labels[(labels < 0) | (labels >= dataset.num_classes)]
    if len(wrong):
        expected = f"classes 0 to {dataset.num_classes - 1}, those of {dataset.name}"
        mend = "use samples of a generator that was trained on this data set"
        raise InputError(f"{source.name} with class {wrong[0]}", expected, mend)
    origin = source.origin | ({"changed": changed} if changed else {})
    return dataclasses.replace(source, samples=images, labels=labels, origin=origin)


def is_generated(directory: Path) -> bool:
    """Whether a directory holds a manifest of a generate command (others are written, too)."""
    path = directory / MANIFEST
    if not path.is_file():
        return False
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().startswith(",".join(COLUMNS[:-1]))  # the last came later


def read_generated(directory: Path, dataset: ImageDataset | None = None) -> Samples:
    """The images of a directory that a generate command wrote, with the manifest's labels.

    Classes that the manifest names are found by name among those of `dataset`.

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
        names = [row.get("class") or "" for row in rows]
        origin = {  # no more than 20 of each are named
            name: dict(collections.Counter(row[name] for row in rows).most_common(20))
            for name in ("generator", "run", "seed")
        }
        hashes = [row["sha256"] for row in rows]
    except (ValueError, TypeError, KeyError, csv.Error) as error:
        columns = f"the columns {', '.join(COLUMNS)}, an index and all or no labels in numbers"
        raise InputError(f"{path} cannot be read ({error})", columns, OTHER_PLACE) from None
    if all(names) and dataset and dataset.num_classes:
        labels = _classes(f"{directory} with class", names, dataset)
    images = _read_images(directory, len(rows))
    for index, image, known in zip(indices, images, hashes, strict=True):
        if hashlib.sha256(np.ascontiguousarray(image)).hexdigest() != known:
            received = f"image {index} of {directory}, which is not the one in {MANIFEST}"
            mend = "generate the directory anew, or use npz:PATH for images changed since"
            raise InputError(received, f"SHA-256 {str(known)[:16]}...", mend)
    origin = {"path": str(directory), "sha256": sha256_of_file(path), **origin}
    return Samples(str(directory), images, labels, indices, origin)


def _read_images(directory: Path, count: int) -> np.ndarray:
    """uint8 (count, height, width, channels) in the manifest's order."""
    archives = sorted(directory.glob("images*.npz"))
    records = sorted(directory.glob("images*.tfrecord"))
    pictures = sorted(directory.rglob("*.png"), key=lambda path: (len(path.name), path.name))
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
        received = f"{directory} with {len(images)} images and {count} rows in {MANIFEST}"
        raise InputError(received, "a row an image", "generate the directory anew")
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
        received = f"{paths[0].parent} with .tfrecord files that cannot be read ({error})"
        expected = "what `generate --format tfrecord` wrote"
        raise InputError(received, expected, "generate anew") from None
    return np.stack(images)
