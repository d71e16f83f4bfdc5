"""What several parts draw with: the digits, grids of images, curves, figures in cells of tables."""

import functools
from pathlib import Path

import numpy as np

from chapter.page.config import MAX_IMAGES
from chapter.page.section import Chart
from data.images.dataset import ImageDataset
from data.images.load import load_images
from foundation.pictures import image_grid, save_image


@functools.lru_cache(maxsize=1)
def digits(preset: str) -> ImageDataset:
    """MNIST as a preset takes it, loaded once for all parts."""
    return load_images("mnist", max_images=MAX_IMAGES[preset])


def class_columns(dataset: ImageDataset, rows: int) -> np.ndarray:
    """The first `rows` training images of each class, in the order of a grid: a column a class."""
    labels = dataset.train.labels
    chosen = [np.flatnonzero(labels == label)[:rows] for label in range(dataset.num_classes)]
    return dataset.train.images[np.stack(chosen, axis=1).reshape(-1)]


def grid_file(directory: Path, name: str, images: np.ndarray, columns: int = 10) -> Path:
    """Write a grid as PNG and return its path."""
    path = directory / f"{name}.png"
    save_image(image_grid(images, columns, scale=2), path)
    return path


def history_chart(
    title: str,
    rows: list[dict[str, float]],
    columns: dict[str, str],
    y_range: tuple[float, float],
    caption: str,
    levels: dict[str, float],
) -> Chart:
    """Columns of a history, legend -> column, as a chart; see `Chart` for the rest."""
    return Chart(
        title,
        epochs=tuple(row["epoch"] for row in rows),
        curves={name: tuple(row[column] for row in rows) for name, column in columns.items()},
        y_range=y_range,
        caption=caption,
        levels=levels,
    )


def cell(value: float | int | None, standard_error: float | None = None) -> str:
    """A figure for the table: few digits, with the standard error if there is one."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    text = f"{value:.1f}" if abs(value) >= 10 or standard_error is not None else f"{value:.3f}"
    error = "" if standard_error is None else f" ± {standard_error:.1f}"
    return text.replace("-", "−") + error
