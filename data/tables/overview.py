"""A table at a glance: its columns, what cleaning did, and a picture of every column by class."""

import dataclasses
import math
import warnings
from pathlib import Path

import numpy as np

from data.tables.dataset import TableDataset
from data.tables.features import relevance
from data.tables.load import load_table
from foundation.console import print_table
from foundation.files import atomic_path

MOST_DRAWN = 36  # columns in the picture
COLUMNS_A_ROW = 6
BINS = 24
LONGEST_NAME = 28  # characters of a name in the picture


def inspect_table(
    data: str, out: Path, target: str | None = None, features: int | None = None
) -> dict:
    """Print what a table holds and each step of cleaning; draw OUT/columns.png.

    Args, Raises: as `data.tables.load.load_table`.
    Returns: the figures as JSON values.
    """
    dataset = load_table(data, target, features)
    out.mkdir(parents=True, exist_ok=True)
    draw_columns(dataset, out / "columns.png")
    result = {**describe_table(dataset), "picture": str(out / "columns.png")}
    _print_description(result)
    return result


def describe_table(dataset: TableDataset) -> dict:
    """The figures of each part, of each column of the training part, and of cleaning."""
    train = dataset.train
    told = {} if train.target is None else relevance(train)
    columns = {}
    for column, (name, values) in zip(train.columns, train.frame().items(), strict=True):
        found = values.describe() if column.is_numeric else values.value_counts(sort=False)
        columns[name] = {
            "kind": "numbers" if column.is_numeric else "categories",
            "share_of_target": told.get(name),
            "figures": found.to_dict(),
        }
    splits = {name: {"all": len(table)} for name, table in dataset.splits.items()}
    for name, table in dataset.splits.items():
        for label, class_name in enumerate(table.class_names):
            splits[name][class_name] = int((table.labels == label).sum())
    return {
        "data": dataset.name,
        "sha256": dataset.sha256,
        "target": train.target,
        "splits": splits,
        "columns": columns,
        "steps": [dataclasses.asdict(step) for step in dataset.steps],
    }


def draw_columns(dataset: TableDataset, path: Path) -> None:
    """A histogram of each column of the training part, its classes apart; the first 36 columns."""
    from matplotlib.figure import Figure  # slow to import, and `data list` needs no picture

    train = dataset.train
    labels = np.zeros(len(train), np.int64) if train.labels is None else train.labels
    drawn = [i for i in range(len(train.columns)) if i != train.target_index][:MOST_DRAWN]
    rows = math.ceil(len(drawn) / COLUMNS_A_ROW)
    figure = Figure(figsize=(2.1 * COLUMNS_A_ROW, 1.6 * rows + 0.5), layout="constrained")
    grid = figure.subplots(rows, COLUMNS_A_ROW, squeeze=False)
    for axes in grid.flat[len(drawn) :]:
        axes.axis("off")
    for axes, index in zip(grid.flat, drawn, strict=False):
        column, values = train.columns[index], train.values[:, index]
        edges = np.linspace(values.min(), values.max(), BINS + 1)
        if not column.is_numeric:
            edges = np.arange(len(column.categories) + 1) - 0.5
        for label in np.unique(labels):
            axes.hist(values[labels == label], edges, alpha=0.6)
        axes.set_title(column.name[:LONGEST_NAME], fontsize="x-small", parse_math=False)
        axes.tick_params(labelsize=6)
        axes.set_yticks([])
    if dataset.class_names:
        names = [name[:LONGEST_NAME] for name in dataset.class_names]
        figure.legend(names, loc="outside lower center", ncols=6)
    with atomic_path(path) as temporary, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name that the font cannot draw
        figure.savefig(temporary, dpi=100)


def _print_description(result: dict) -> None:
    columns, splits = result["columns"], result["splits"]
    print(f"{result['data']}: a table of {len(columns)} columns, target {result['target']}")
    print(f"SHA-256 {result['sha256']}\n")
    for step in result["steps"]:
        print(f"{step['name'] + ':':<22} {step['told']}")
    print()
    counts = [(name, *(str(part[name]) for part in splits.values())) for name in splits["train"]]
    print_table(("rows", *splits), counts)
    numbers, categories = [], []
    for name, column in columns.items():
        figures, share = column["figures"], column["share_of_target"]
        row = (name, "-" if share is None else f"{share:.2f}")
        if column["kind"] == "numbers":
            heads = ("numbers (training part)", "of target", *figures)
            numbers.append((*row, *(f"{value:.5g}" for value in figures.values())))
        else:
            categories.append((*row, ", ".join(f"{each} {n}" for each, n in figures.items())))
    if numbers:
        print()
        print_table(heads, numbers)
    if categories:
        print()
        print_table(("categories (training part)", "of target", "rows"), categories, ("rows",))
    print(f"\npicture: {result['picture']}")
