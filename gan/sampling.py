"""`gan generate`: samples with their provenance, in constant memory; or an interpolation."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

from data.files import staged_directory
from data.pictures import to_picture
from gan.config import GenerateSettings
from gan.generate import CHUNK, TrainedGenerator, chosen_labels, load_generator
from training.manifest import manifest
from training.pictures import image_grid, save_image
from training.progress import CountProgress
from training.run_directory import free_directory
from training.seeds import GENERATION_NOISE, normal_noise

Batch = tuple[int, np.ndarray, np.ndarray | None]  # first index, images, labels


def generate(settings: GenerateSettings) -> dict:
    """Write `count` images and manifest.csv, or interpolation.png, into a new directory.

    Returns: {"out": path, "files": [...]}.
    Raises: InputError (no run, wrong label, output directory in use), OSError (the disk refuses).
    """
    generator = load_generator(settings.run)
    label = chosen_labels(generator, settings.label, settings.balanced)
    out = Path(settings.out) if settings.out else free_directory("outputs", "generated-gan")
    with staged_directory(out) as directory:
        if settings.interpolate:
            strip = interpolation(generator, settings.seed, settings.count, label)
            save_image(strip, directory / "interpolation.png")
        else:
            progress = CountProgress(settings.count, "images", settings.quiet)
            with manifest(directory / "manifest.csv") as add_rows, progress:
                batches = sample_batches(generator, settings, label)
                batches = recorded(batches, generator, settings.seed, add_rows, progress)
                WRITERS[settings.format](directory, batches, settings)
        files = sorted(path.name for path in directory.iterdir())
    what = "an interpolation" if settings.interpolate else f"{settings.count} images"
    print(f"{what} -> {out}")
    return {"out": str(out), "files": files}


def sample_batches(
    generator: TrainedGenerator, settings: GenerateSettings, label: int | None
) -> Iterator[Batch]:
    """The samples in order, `batch_size` at a time, and never across the border of a shard."""
    start = 0
    while start < settings.count:
        shard_end = (start // settings.shard_size + 1) * settings.shard_size
        end = min(start + settings.batch_size, settings.count, shard_end)
        labels = generator.balanced_labels(start, end - start)
        if label is not None:
            labels = np.full(end - start, label, np.int64)
        yield start, generator.images(settings.seed, start, end - start, labels), labels
        start = end


def recorded(
    batches: Iterator[Batch],
    generator: TrainedGenerator,
    seed: int,
    add_rows: Callable,
    progress: CountProgress,
) -> Iterator[Batch]:
    """Pass batches on, with one manifest row an image: where it came from and what it hashes to."""
    name = f"gan-{generator.settings['variant']}"
    for start, images, labels in batches:
        shown = [""] * len(images) if labels is None else labels.tolist()
        add_rows(
            (start + i, name, generator.run, seed, shown[i], hashlib.sha256(image).hexdigest())
            for i, image in enumerate(images)
        )
        yield start, images, labels
        progress.advance(len(images))


def shards(batches: Iterator[Batch], settings: GenerateSettings) -> Iterator[tuple[int, Iterator]]:
    """Group batches by the shard they belong to: (shard number, its batches)."""
    return itertools.groupby(batches, key=lambda batch: batch[0] // settings.shard_size)


def shard_name(number: int, settings: GenerateSettings, suffix: str) -> str:
    """images.npz, or images-00000-of-00100.npz if there is more than one."""
    total = -(-settings.count // settings.shard_size)
    return f"images-{number:05d}-of-{total:05d}.{suffix}" if total > 1 else f"images.{suffix}"


def write_npz(directory: Path, batches: Iterator[Batch], settings: GenerateSettings) -> None:
    """Compressed .npz shards with `images` uint8 (count, h, w, c) and, if any, `labels` int64."""
    for number, shard in shards(batches, settings):
        parts = list(shard)
        arrays = {"images": np.concatenate([images for _, images, _ in parts])}
        if parts[0][2] is not None:
            arrays["labels"] = np.concatenate([labels for _, _, labels in parts])
        np.savez_compressed(directory / shard_name(number, settings, "npz"), **arrays)


def write_png(directory: Path, batches: Iterator[Batch], settings: GenerateSettings) -> None:
    """One PNG an image, named by its index."""
    digits = max(6, len(str(settings.count - 1)))
    for start, images, _ in batches:
        for offset, image in enumerate(images):
            to_picture(image).save(directory / f"{start + offset:0{digits}d}.png")


def write_tfrecord(directory: Path, batches: Iterator[Batch], settings: GenerateSettings) -> None:
    """TFRecord shards of tf.train.Example: image (raw bytes), shape, and label if there is one."""
    for number, shard in shards(batches, settings):
        path = directory / shard_name(number, settings, "tfrecord")
        try:
            with tf.io.TFRecordWriter(str(path)) as writer:
                for _, images, labels in shard:
                    for offset, image in enumerate(images):
                        label = [] if labels is None else [int(labels[offset])]
                        writer.write(example(image, label).SerializeToString())
        except tf.errors.OpError as error:  # a full disk, no permission
            raise OSError(f"cannot write {path.name}: {error.message}") from error


def example(image: np.ndarray, label: list[int]) -> tf.train.Example:
    """One image as a tf.train.Example; parse with VarLenFeature for `label`."""
    features = {
        "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image.tobytes()])),
        "shape": tf.train.Feature(int64_list=tf.train.Int64List(value=image.shape)),
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=label)),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))


WRITERS = {"npz": write_npz, "png": write_png, "tfrecord": write_tfrecord}


def interpolation(
    generator: TrainedGenerator, seed: int, count: int, label: int | None
) -> Image.Image:
    """A strip of `count` images on the way between noise vectors 0 and 1 of `seed`.

    A conditional run without `label` draws one row a class: the same way, ten times.
    Reference: White 2016, Sampling Generative Networks, section 2.1 (spherical interpolation).
    """
    latent_dim = generator.settings["latent_dim"]
    ends = normal_noise(seed, GENERATION_NOISE, 0, (CHUNK, latent_dim)).numpy()[:2]
    noise = spherical(ends[0], ends[1], np.linspace(0.0, 1.0, count, dtype=np.float32))
    labels = [label] if label is not None or not generator.num_classes else None
    rows = [generator.decode(noise, each) for each in labels or range(generator.num_classes)]
    return image_grid(np.concatenate(rows), columns=count, scale=2)


def spherical(a: np.ndarray, b: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Points on the great circle from a (share 0) to b (share 1): float32 (len(shares), dim).

    A straight line would pass near the origin, where a Gaussian in 100 dimensions never is: its
    vectors have length about 10, the middle of a line only about 7, and the images turn grey.
    """
    cosine = np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b))
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    shares = shares[:, None]  # (count, 1)
    if np.sin(angle) < 1e-6:  # same or opposite direction: there is no unique great circle
        return ((1 - shares) * a + shares * b).astype(np.float32)
    points = np.sin((1 - shares) * angle) * a + np.sin(shares * angle) * b
    return (points / np.sin(angle)).astype(np.float32)
