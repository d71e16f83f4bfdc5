"""What several parts draw with: grids of images, and figures in the cells of tables."""

from pathlib import Path

import numpy as np

from data.images.dataset import ImageDataset
from foundation.pictures import image_grid, save_image


def class_columns(dataset: ImageDataset, rows: int) -> np.ndarray:
    """The first `rows` training images of each class, in the order of a grid: a column a class."""
    labels = dataset.train.labels
    chosen = [np.flatnonzero(labels == label)[:rows] for label in range(dataset.num_classes)]
    return dataset.train.images[np.stack(chosen, axis=1).reshape(-1)]


def grid_file(directory: Path, name: str, images: np.ndarray, columns: int = 10) -> Path:
    """Write a grid as PNG and return its path."""
    directory.mkdir(exist_ok=True)
    path = directory / f"{name}.png"
    save_image(image_grid(images, columns, scale=2), path)
    return path


def cell(value: float | int | None, standard_error: float | None = None) -> str:
    """A figure for the table: few digits, with the standard error if there is one."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:.1f}" if abs(value) >= 10 or standard_error is not None else f"{value:.3f}"
    error = "" if standard_error is None else f" ± {standard_error:.1f}"
    return text.replace("-", "−") + error
