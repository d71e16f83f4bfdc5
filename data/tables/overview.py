"""A table at a glance: its columns, what cleaning did, and a picture of every column by class."""

import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from data.tables.dataset import TableDataset
from data.tables.features import relevance
from data.tables.load import load_table
from foundation.pictures import save_figure

MOST_DRAWN = 36  # columns in the picture
COLUMNS_A_ROW = 6
BINS = 24
LONGEST_NAME = 28  # characters of a name on the screen and in the picture
MOST_COUNTED = 12  # categories of a column on the screen


def inspect_table(
    data: str, out: Path, target: str | None = None, features: int | None = None
) -> dict:
    """Print what a table holds and each step of cleaning; draw OUT/columns.png.

    Args, Raises: as `data.tables.load.load_table`.
    Returns: the figures as JSON values; those of columns are of the training part.
    """
    dataset = load_table(data, target, features)
    train, splits = dataset.train, {}
    for name, part in dataset.splits.items():
        splits[name] = {"rows": len(part), "classes": {}}
        if part.class_names:
            counts = part.frame()[part.target].value_counts(sort=False)
            splits[name]["classes"] = counts.to_dict()
    frame = train.frame()
    columns = frame.describe(include="all").T
    if train.target is not None:
        columns["of target"] = pd.Series(relevance(train))  # the share of it that a column tells
    out.mkdir(parents=True, exist_ok=True)
    draw_columns(dataset, out / "columns.png")
    print(f"{data}: a table of {len(columns)} columns, target {train.target}")
    print(f"SHA-256 {dataset.sha256}\n")
    for step in dataset.steps:
        print(f"{step.name + ':':<22} {step.told}")
    table = {
        name: {"rows": each["rows"]} | {f"  {shortened(c)}": n for c, n in each["classes"].items()}
        for name, each in splits.items()
    }
    print(f"\n{pd.DataFrame(table).to_string()}\n\ncolumns of the training part:")
    shown = columns.map(lambda cell: shortened(cell) if isinstance(cell, str) else cell)
    shown.index = [shortened(name) for name in shown.index]
    print(shown.to_string(na_rep="", float_format="{:.5g}".format))
    told = {name: figures.dropna().to_dict() for name, figures in columns.iterrows()}
    for column in train.columns:
        if column.is_numeric:
            told[column.name]["decimals"] = column.decimals
        else:
            told[column.name]["counts"] = frame[column.name].value_counts().to_dict()
            print(f"{shortened(column.name)}: {counted(told[column.name]['counts'])}")
    print(f"\npicture: {out / 'columns.png'}")
    return {
        "data": data,
        "sha256": dataset.sha256,
        "target": train.target,
        "splits": splits,
        "columns": told,
        "steps": {step.name: {"told": step.told, "counts": step.counts} for step in dataset.steps},
        "picture": str(out / "columns.png"),
    }


def shortened(name: str) -> str:
    """A name of at most LONGEST_NAME characters, its beginning and its end."""
    half = LONGEST_NAME // 2
    return name if len(name) <= LONGEST_NAME else f"{name[: half - 1]}…{name[-half:]}"


def counted(counts: dict[str, int]) -> str:
    """`ill 30, well 29, ...`: the most frequent categories, and how many more there are."""
    first = [f"{shortened(name)} {count}" for name, count in list(counts.items())[:MOST_COUNTED]]
    more = len(counts) - MOST_COUNTED
    return ", ".join(first) + (f", {more} more" if more > 0 else "")


def draw_columns(dataset: TableDataset, path: Path) -> None:
    """A histogram of each column of the training part, its classes apart; the first 36 columns."""
    table = dataset.train.without_target()
    labels = np.zeros(len(table)) if dataset.train.labels is None else dataset.train.labels
    rows = math.ceil(min(len(table.columns), MOST_DRAWN) / COLUMNS_A_ROW)
    figure = Figure(figsize=(2.1 * COLUMNS_A_ROW, 1.6 * rows + 0.5), layout="constrained")
    grid = figure.subplots(rows, COLUMNS_A_ROW, squeeze=False).flat
    for axes, column, values in zip(grid, table.columns, table.values.T, strict=False):
        edges = np.linspace(values.min(), values.max(), BINS + 1)
        if not column.is_numeric:
            edges = np.arange(len(column.categories) + 1) - 0.5
        for label in np.unique(labels):
            axes.hist(values[labels == label], edges, alpha=0.6)
        axes.set_title(shortened(column.name), fontsize="x-small", parse_math=False)
        axes.tick_params(labelsize=6)
        axes.set_yticks([])
    for axes in grid[len(table.columns) :]:
        axes.axis("off")
    names = [shortened(name) for name in dataset.class_names]
    figure.legend(names, loc="outside lower center", ncols=6)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name that the font cannot draw
        save_figure(figure, path)
