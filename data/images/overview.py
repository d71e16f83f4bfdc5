"""A data set at a glance: figures, a picture of examples and a picture of the class counts."""

import collections
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from data.images.dataset import Change, ImageDataset, ImageSplit
from foundation.files import atomic_path
from foundation.pictures import GROUND, image_grid

GRID_COLUMNS = 12
GRID_ROWS = 20  # classes beyond that are not drawn
SMALLEST_TILE = 48  # pixels on the screen; smaller images are enlarged by a whole factor
MOST_BAR_NAMES = 40  # more class names than that overlap below the histogram
LONGEST_BAR_NAME, LONGEST_TITLE = 24, 60  # characters; a name of 200 leaves no room for the bars


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


def summarise_changes(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """Action -> kind of reason (what stands before a colon) -> how often."""
    summary = {}
    for action in ("dropped", "changed"):
        kinds = (change.reason.split(":")[0] for change in changes if change.action == action)
        summary[action] = dict(collections.Counter(kinds).most_common())
    return summary


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
    from matplotlib.figure import Figure  # slow to import, and `data list` needs no picture

    figure = Figure(figsize=(10, 4), layout="constrained")
    axes = figure.add_subplot()
    if dataset.num_classes == 0:
        axes.bar(list(dataset.splits), [len(split) for split in dataset.splits.values()])
    else:
        positions = np.arange(dataset.num_classes)
        for offset, (name, split) in enumerate(dataset.splits.items(), start=-1):
            counts = np.bincount(split.labels, minlength=dataset.num_classes)
            axes.bar(positions + 0.27 * offset, counts, width=0.27, label=name)
        if dataset.num_classes <= MOST_BAR_NAMES:
            names = [_shortened(name, LONGEST_BAR_NAME) for name in dataset.class_names]
            rotation = 90 if max(map(len, names)) > 8 else 0
            axes.set_xticks(positions, names, rotation=rotation, parse_math=False)
        figure.legend(loc="outside right upper")
    axes.set_ylabel("images")
    name = _shortened(dataset.name, LONGEST_TITLE)
    axes.set_title(f"{name}: images in each class and split", parse_math=False)
    with atomic_path(path) as temporary, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a class name the font cannot draw
        figure.savefig(temporary, dpi=100)


def _shortened(text: str, longest: int) -> str:
    """The two ends of a text with a sign between them, if it is longer than `longest`."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[: half - 1]}…{text[-half:]}"
