"""`gan generate`: samples with their provenance, in constant memory; or an interpolation."""

import functools
from pathlib import Path

import numpy as np
from PIL import Image

from data.synthetic.writing import new_samples
from foundation.files import free_directory, staged_directory
from foundation.pictures import image_grid, save_image
from foundation.purposes import GENERATION_NOISE
from gan.config import GenerateSettings
from gan.trained import CHUNK, TrainedGenerator
from training.generator import check_label_flags, labelled_samples
from training.seeds import normal_noise
from training.stored import load_run


def generate(settings: GenerateSettings) -> dict:
    """Write `count` images and manifest.csv, or interpolation.png, into a new directory.

    Returns: {"out": path, "files": [...]}.
    Raises: InputError (no run, wrong label, output directory in use), OSError (the disk refuses).
    """
    stored = load_run(settings.run, "gan")
    balanced, seed, count = settings.balanced, settings.seed, settings.count
    names = stored.generator.class_names
    label = check_label_flags(stored.generator, stored.run, settings.label, balanced, names)
    out = Path(settings.out) if settings.out else free_directory("outputs", "generated-gan")
    if settings.interpolate:
        with staged_directory(out) as directory:
            strip = interpolation(stored.generator, seed, count, label)
            save_image(strip, directory / "interpolation.png")
    else:
        draw = functools.partial(labelled_samples, stored.generator, seed, label, balanced)
        with new_samples(out, stored.name, stored.run, seed, settings.quiet) as samples:
            samples.images(draw, count, settings.format, settings.batch_size, settings.shard_size)
    print(f"{'an interpolation' if settings.interpolate else f'{count} images'} -> {out}")
    return {"out": str(out), "files": sorted(path.name for path in out.iterdir())}


def interpolation(
    generator: TrainedGenerator, seed: int, count: int, label: int | None
) -> Image.Image:
    """A strip of `count` images on the way between noise vectors 0 and 1 of `seed`.

    A conditional run without `label` draws one row a class: the same way, ten times.
    Reference: White 2016, Sampling Generative Networks, section 2.1 (spherical interpolation).
    """
    shape = CHUNK, generator.latent_dim
    ends = normal_noise(seed, GENERATION_NOISE, 0, shape).numpy()[:2]
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
