"""A data set at a glance: figures, a picture of examples and a picture of the class counts."""

from pathlib import Path

import numpy as np
from PIL import Image

from data.images.dataset import ImageDataset, ImageSplit
from foundation.pictures import GROUND, class_bars, image_grid, save_figure, shortened

GRID_COLUMNS = 12
GRID_ROWS = 20  # classes beyond that are not drawn
SMALLEST_TILE = 48  # pixels on the screen; smaller images are enlarged by a whole factor
LONGEST_TITLE = 60  # characters


def describe_split(split: ImageSplit, num_classes: int) -> dict:
    """Count, range, mean and standard deviation of the pixels ([0, 255]), count of each class."""
    counts = None
    if split.labels is not None:
        counts = np.bincount(split.labels, minlength=num_classes).tolist()
    # From the counts of the 256 values, image by image: exact, and no float copy of all images.
    frequency = sum(np.bincount(image.reshape(-1), minlength=256) for image in split.images)
    values = np.arange(256)
    mean = float(frequency @ values / frequency.sum())
    variance = float(frequency @ (values - mean) ** 2 / frequency.sum())
    return {
        "count": len(split),
        "minimum": int(split.images.min()),
        "maximum": int(split.images.max()),
        "mean": round(mean, 3),
        "standard_deviation": round(variance**0.5, 3),
        "class_counts": counts,
    }


def example_grid(split: ImageSplit, num_classes: int) -> Image.Image:
    """The first images of a split: a row for each class, or all in order without labels."""
    if split.labels is None:
        tiles = split.images[: GRID_ROWS * GRID_COLUMNS]
    else:
        rows = min(num_classes, GRID_ROWS)
        tiles = np.full((rows, GRID_COLUMNS, *split.images.shape[1:]), GROUND, np.uint8)
        for label in range(rows):
            first = split.images[split.labels == label][:GRID_COLUMNS]
            tiles[label, : len(first)] = first
        tiles = tiles.reshape(-1, *split.images.shape[1:])
    scale = max(1, -(-SMALLEST_TILE // split.images.shape[1]))
    return image_grid(tiles, GRID_COLUMNS, scale)


def draw_class_histogram(dataset: ImageDataset, path: Path) -> None:
    """Draw how many images each class has in each split; one bar a split without labels."""
    names, splits = dataset.class_names, dataset.splits.items()
    if names:
        bars = {name: np.bincount(split.labels, minlength=len(names)) for name, split in splits}
    else:
        names, bars = tuple(dataset.splits), {"images": [len(split) for _, split in splits]}
    save_figure(class_bars(bars, names, "images", shortened(dataset.name, LONGEST_TITLE)), path)
