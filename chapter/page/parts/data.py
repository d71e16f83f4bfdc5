"""The data's part of the page: the real digits that everything below learns from."""

from pathlib import Path

import numpy as np

from chapter.page.config import MODELS, ChapterSettings
from chapter.page.parts.figures import grid_file
from chapter.page.section import Paragraph, Picture, Section, Table, TableRow
from data.images.dataset import ImageDataset
from data.images.load import load_images

TITLE = "The real data"
ALT = "A grid of handwritten digits from MNIST, white on black."
CAPTION = "The first hundred training images, as they come."


def data_part(out: Path, settings: ChapterSettings) -> Section:
    """Show the digits and count them (3.2.1, 5.1.2). Writes OUT/figures."""
    dataset = load_images("mnist", max_images=MODELS[settings.preset]["max_images"])
    first = grid_file(out / "figures", "real", dataset.train.images[: 5 * 20], columns=20)
    return Section(
        title=TITLE,
        covers=("3.2.1", "5.1.2"),
        blocks=(
            Paragraph(about(dataset)),
            Picture(first, ALT, CAPTION),
            split_table(dataset),
        ),
        data={dataset.name: dataset.sha256},
    )


def about(dataset: ImageDataset) -> str:
    """What the data set is and how it is split and scaled."""
    height, width, channels = dataset.image_shape
    cleaning = "Cleaning found nothing to drop or to change."
    if dataset.changes:
        cleaning = f"Cleaning dropped or changed {len(dataset.changes):,} images."
    return (
        f"{dataset.name.upper()}: {height} × {width} pixels, {channels} channel"
        f"{'s' if channels > 1 else ''}, 0 to 255, {dataset.num_classes} classes. The networks "
        "see every image flattened to one row and scaled to -1 to 1, the range of the "
        "generator's tanh; the printed listing does neither (erratum E6). Only the training "
        "images are learned from. Validation images serve to choose by, test images to report, "
        f"once. {cleaning}"
    )


def split_table(dataset: ImageDataset) -> Table:
    """How many images of each class each split holds."""
    counts = {
        name: np.bincount(split.labels, minlength=dataset.num_classes)
        for name, split in dataset.splits.items()
    }
    rows = [
        TableRow(class_name, tuple(f"{of_split[label]:,}" for of_split in counts.values()))
        for label, class_name in enumerate(dataset.class_names)
    ]
    rows.append(TableRow("all", tuple(f"{of_split.sum():,}" for of_split in counts.values())))
    return Table(f"Images of {dataset.name} by class and split", ("class", *counts), tuple(rows))
