"""The manifest of the generate commands, and what they wrote read back, checked hash by hash."""

import collections
import contextlib
import csv
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from data.images.npz import read_arrays
from data.synthetic.provenance import Samples
from foundation.errors import InputError
from foundation.files import sha256_of_file
from foundation.quiet import import_tensorflow

MANIFEST = "manifest.csv"
COLUMNS = ("index", "generator", "run", "seed", "label", "sha256")
LISTED = 20  # different generators, runs or seeds that the origin names


def is_generated(directory: Path) -> bool:
    """Whether a directory holds a manifest of a generate command (others are written, too)."""
    path = directory / MANIFEST
    if not path.is_file():
        return False
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().strip() == ",".join(COLUMNS)


def read_generated(directory: Path) -> Samples:
    """The images of a directory that a generate command wrote, with the manifest's labels.

    Args:
      directory: with manifest.csv and images.npz, its shards, .tfrecord files, or .png files.

    Returns: Samples: `indices` are the manifest's, `origin` says generator, run and seed, each
      with the number of its images.
    Raises: InputError if there is no such manifest, or an image is missing, too much, or has
      another hash.
    """
    rows = _read_manifest(directory)
    images = _read_images(directory, rows)
    for row, image in zip(rows, images, strict=True):
        if hashlib.sha256(np.ascontiguousarray(image)).hexdigest() != row["sha256"]:
            raise InputError(
                f"image {row['index']} of {directory}, which is not the one in {MANIFEST}",
                f"SHA-256 {row['sha256'][:16]}...",
                "generate the directory anew, or use npz:PATH for images changed since",
            )
    labels = [row["label"] for row in rows]
    if any(labels) and not all(labels):
        raise InputError(
            f"{directory / MANIFEST} with labels for some images", "all or none", "generate anew"
        )
    origin = {
        "path": str(directory),
        "sha256": sha256_of_file(directory / MANIFEST),
        **{name: _counted(row[name] for row in rows) for name in ("generator", "run", "seed")},
    }
    return Samples(
        name=str(directory),
        samples=images,
        labels=np.array(labels, np.int64) if all(labels) else None,
        indices=np.array([row["index"] for row in rows], np.int64),
        origin=origin,
    )


def _read_manifest(directory: Path) -> list[dict[str, str]]:
    """The rows of manifest.csv, in order."""
    path = directory / MANIFEST
    mend = "give npz:PATH, folder:PATH, or a directory that a generate command wrote"
    if not path.is_file():
        what = f"has no {MANIFEST}" if directory.exists() else "does not exist"
        raise InputError(f"{directory} {what}", "synthetic images", mend)
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ValueError(f"columns {reader.fieldnames}")
        for row in rows:
            int(row["index"]), row["label"] and int(row["label"])
            if None in row or None in row.values():
                raise ValueError(f"a row that is not whole: {list(row.values())}")
    except (ValueError, TypeError, csv.Error) as error:
        raise InputError(
            f"{path} cannot be read ({error})", f"the columns {', '.join(COLUMNS)}", mend
        ) from None
    if not rows:
        raise InputError(f"{path} without a row", "at least one image", "generate some")
    return rows


def _read_images(directory: Path, rows: list[dict[str, str]]) -> np.ndarray:
    """uint8 (count, height, width, channels) in the manifest's order."""
    archives = sorted(directory.glob("images*.npz"))
    records = sorted(directory.glob("images*.tfrecord"))
    pictures = sorted(directory.glob("*.png"))
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
    if len(images) != len(rows):
        raise InputError(
            f"{directory} with {len(images)} images and {len(rows)} rows in {MANIFEST}",
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


def _counted(values) -> dict[str, int]:
    """Each different value with how often it occurs, the most frequent first."""
    return dict(collections.Counter(values).most_common(LISTED))


@contextlib.contextmanager
def manifest(path: Path) -> Iterator[Callable]:
    """Open manifest.csv and yield a function that adds rows of COLUMNS to it."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        yield writer.writerows
