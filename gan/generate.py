"""`gan generate`: samples with their provenance, in constant memory; or an interpolation."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from data.synthetic.generated import manifest
from data.synthetic.image_files import Batch, batch_bounds, write_images
from foundation.files import staged_directory
from foundation.pictures import image_grid, save_image
from foundation.progress import CountProgress
from gan.config import GenerateSettings
from gan.trained import CHUNK, TrainedGenerator, chosen_labels, load_generator
from training.run_directory import free_directory
from training.seeds import GENERATION_NOISE, normal_noise


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
                write_images(
                    settings.format, directory, batches, settings.count, settings.shard_size
                )
        files = sorted(path.name for path in directory.iterdir())
    what = "an interpolation" if settings.interpolate else f"{settings.count} images"
    print(f"{what} -> {out}")
    return {"out": str(out), "files": files}


def sample_batches(
    generator: TrainedGenerator, settings: GenerateSettings, label: int | None
) -> Iterator[Batch]:
    """The samples in order, `batch_size` at a time, and never across the border of a shard."""
    for start, end in batch_bounds(settings.count, settings.batch_size, settings.shard_size):
        labels = generator.balanced_labels(start, end - start)
        if label is not None:
            labels = np.full(end - start, label, np.int64)
        yield start, generator.images(settings.seed, start, end - start, labels), labels


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
