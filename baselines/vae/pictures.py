"""What the code knows, in pictures: reconstructions, and the images along two directions of z."""

from pathlib import Path
from statistics import NormalDist

import numpy as np

from baselines.vae.images import ImageVae
from baselines.vae.model import prior_moments
from data.images.dataset import ImageSplit
from foundation.pictures import image_grid, save_image

COLUMNS, ROWS = 20, 4
GRID = 12  # images a side
MOST_CLASSES = 20


def draw_reconstructions(run: Path, generator: ImageVae, split: ImageSplit) -> None:
    """RUN/reconstructions.png: rows of real images, and under each row what came back of it."""
    columns = min(COLUMNS, len(split))
    count = min(len(split) // columns, ROWS) * columns  # full rows only
    chosen = split.take(np.arange(count))
    back = generator.reconstruct(chosen.images, chosen.labels)
    by_row = (-1, columns, *generator.image_shape)
    pairs = np.stack([chosen.images.reshape(by_row), back.reshape(by_row)], axis=1)
    grid = pairs.reshape(
        -1, *generator.image_shape
    )  # a row of images, a row of what came back, ...
    save_image(image_grid(grid, columns, scale=2), run / "reconstructions.png")


def draw_latent_grids(run: Path, generator: ImageVae) -> None:
    """RUN/latent_grid.png, or RUN/latent_grid_<class number>.png for each class."""
    if not generator.num_classes:
        save_image(image_grid(latent_grid(generator), GRID), run / "latent_grid.png")
    for label in range(min(generator.num_classes, MOST_CLASSES)):
        grid = latent_grid(generator, label)
        save_image(image_grid(grid, GRID), run / f"latent_grid_{label}.png")


def latent_grid(generator: ImageVae, label: int | None = None) -> np.ndarray:
    """Images of the plane through the middle of p(z | y) in its two widest directions.

    The points lie at the quantiles of a normal distribution with the prior's deviation in each
    direction, so that all of them are about equally likely. With a code of one number, all rows are
    the same.

    Returns: uint8 (GRID^2, height, width, channels), row by row.
    Reference: Kingma and Welling 2014, figure 4 (with a code of two numbers).
    """
    mean, covariance = prior_moments(generator.vae, label or 0)
    variances, directions = np.linalg.eigh(covariance)  # rising
    widest = (directions * np.sqrt(variances)).T[::-1][:2]  # (2, latent_dim)
    quantiles = [NormalDist().inv_cdf((i + 0.5) / GRID) for i in range(GRID)]
    down, right = np.meshgrid(quantiles, quantiles, indexing="ij")
    steps = np.stack([right.ravel(), down.ravel()], axis=1)[:, : len(widest)]  # (GRID^2, 2)
    labels = None if label is None else np.full(len(steps), label, np.int64)
    return generator.decode(mean + steps @ widest, labels)
