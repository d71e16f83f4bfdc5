"""How synthetic images are written: .npz or .tfrecord shards, or one .png each; in constant memory.

What is written comes in batches (first index, images, labels or None), in order; no batch crosses
the border of a shard, see `batch_bounds`.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from foundation.pictures import to_picture
from foundation.quiet import import_tensorflow

Batch = tuple[int, np.ndarray, np.ndarray | None]  # first index, images, labels


def batch_bounds(count: int, batch_size: int, shard_size: int) -> Iterator[tuple[int, int]]:
    """(start, end) of batches of at most `batch_size`, none across the border of a shard."""
    start = 0
    while start < count:
        shard_end = (start // shard_size + 1) * shard_size
        end = min(start + batch_size, count, shard_end)
        yield start, end
        start = end


def write_images(
    form: str, directory: Path, batches: Iterator[Batch], count: int, shard_size: int
) -> None:
    """Write all batches.

    Args:
      form: "npz": shards with `images` uint8 (n, h, w, c) and, if any, `labels` int64; "tfrecord":
        shards of tf.train.Example (see `example`); "png": one file an image, named by its index.
      directory: an existing one.
      batches: `count` images in all.
      shard_size: images a shard.

    Raises: OSError if the disk refuses.
    """
    if form == "png":
        digits = max(6, len(str(count - 1)))
        for start, images, _ in batches:
            for offset, image in enumerate(images):
                to_picture(image).save(directory / f"{start + offset:0{digits}d}.png")
        return
    write_shard = {"npz": _write_npz, "tfrecord": _write_tfrecord}[form]
    for number, shard in itertools.groupby(batches, key=lambda batch: batch[0] // shard_size):
        write_shard(directory / shard_name(number, -(-count // shard_size), form), shard)


def shard_name(number: int, shards: int, suffix: str) -> str:
    """images.npz, or images-00000-of-00100.npz if there is more than one."""
    return f"images-{number:05d}-of-{shards:05d}.{suffix}" if shards > 1 else f"images.{suffix}"


def _write_npz(path: Path, shard: Iterator[Batch]) -> None:
    parts = list(shard)
    arrays = {"images": np.concatenate([images for _, images, _ in parts])}
    if parts[0][2] is not None:
        arrays["labels"] = np.concatenate([labels for _, _, labels in parts])
    np.savez_compressed(path, **arrays)


def _write_tfrecord(path: Path, shard: Iterator[Batch]) -> None:
    import_tensorflow()
    import tensorflow as tf  # seconds to import, and the other formats need it not

    try:
        with tf.io.TFRecordWriter(str(path)) as writer:
            for _, images, labels in shard:
                for offset, image in enumerate(images):
                    label = [] if labels is None else [int(labels[offset])]
                    writer.write(example(image, label).SerializeToString())
    except tf.errors.OpError as error:  # a full disk, no permission
        raise OSError(f"cannot write {path.name}: {error.message}") from error


def example(image: np.ndarray, label: list[int]):
    """One image as a tf.train.Example; parse with VarLenFeature for `label`."""
    import tensorflow as tf

    features = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image.tobytes()])),
        "shape": tf.train.Feature(int64_list=tf.train.Int64List(value=image.shape)),
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=label)),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))
