"""A look at what a baseline draws, in RUN/samples: the same draws every epoch."""

import csv
import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from data.source import IMAGES, SERIES, TABLE, TEXT
from foundation.files import write_text
from foundation.pictures import image_grid, save_figure, save_image
from training.generator import Generator, usual_labels

IMAGE_ROWS, IMAGE_COLUMNS, MOST_COLUMNS = 8, 10, 20
CHARACTERS, STEPS, TABLE_ROWS = 300, 100, 20
MOST_LINES = 6  # columns of a series that are drawn; more would hide one another


def save_preview(run: Path, generator: Generator, seed: int, epoch: int) -> None:
    """Write RUN/samples/epoch_0001.png (images, series), .txt (text) or .csv (tables)."""
    directory = run / "samples"
    directory.mkdir(exist_ok=True)
    PREVIEWS[generator.kind](directory / f"epoch_{epoch:04d}", generator, seed)


def _images(path: Path, generator: Generator, seed: int) -> None:
    """One column a class if there are classes."""
    columns = min(generator.num_classes or IMAGE_COLUMNS, MOST_COLUMNS)
    count = IMAGE_ROWS * columns
    labels = np.tile(np.arange(columns), IMAGE_ROWS) if generator.num_classes else None
    grid = image_grid(generator.sample(seed, 0, count, labels), columns, scale=2)
    save_image(grid, path.with_suffix(".png"))


def _text(path: Path, generator: Generator, seed: int) -> None:
    write_text(path.with_suffix(".txt"), generator.sample(seed, 0, 1, length=CHARACTERS)[0] + "\n")


def _series(path: Path, generator: Generator, seed: int) -> None:
    series = generator.sample(seed, 0, 1, length=STEPS)[0]  # (steps, columns)
    figure = Figure(figsize=(7, 3), layout="constrained")
    axes = figure.subplots()
    for name, values in zip(generator.column_names[:MOST_LINES], series.T, strict=False):
        axes.plot(values, label=name)
    axes.set(xlabel="step")
    axes.legend(fontsize="small")
    save_figure(figure, path.with_suffix(".png"))


def _table(path: Path, generator: Generator, seed: int) -> None:
    labels = usual_labels(generator, seed, 0, TABLE_ROWS)
    table = generator.sample(seed, 0, TABLE_ROWS, labels)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(table.rows())
    write_text(path.with_suffix(".csv"), text.getvalue())


PREVIEWS = {IMAGES: _images, TEXT: _text, SERIES: _series, TABLE: _table}
