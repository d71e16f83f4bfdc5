"""The data's part of the page: the real digits that everything below learns from."""

from pathlib import Path

import numpy as np

from chapter.page.config import ChapterSettings
from chapter.page.parts.figures import digits, grid_file
from chapter.page.section import Paragraph, Picture, Section, Table, TableRow
from chapter.page.words import Words
from data.images.dataset import ImageDataset

SAY = Words("data")
TITLE = SAY("title")


def data_part(out: Path, settings: ChapterSettings) -> Section:
    """Show the digits and count them (3.2.1, 5.1.2). Writes OUT/figures."""
    dataset = digits(settings.preset)
    height, width, channels = dataset.image_shape
    about = SAY("about", dataset=dataset, height=height, width=width, channels=channels)
    first = grid_file(out / "figures", "real", dataset.train.images[: 5 * 20], columns=20)
    return Section(
        title=TITLE,
        covers=("3.2.1", "5.1.2"),
        blocks=(Paragraph(about), Picture(first, SAY("alt"), SAY("caption")), split_table(dataset)),
        data={dataset.name: dataset.sha256},
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
    return Table(SAY("counts", name=dataset.name), ("class", *counts), tuple(rows))
