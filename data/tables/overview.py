"""A table at a glance: its columns, what cleaning did, and a picture of every column by class."""

import math
import warnings
from pathlib import Path

import numpy as np

from data.tables.dataset import Table, TableDataset
from data.tables.features import relevance
from data.tables.load import load_table
from foundation.files import atomic_path

MOST_DRAWN = 36  # columns in the picture
COLUMNS_A_ROW = 6
BINS = 24
LONGEST_NAME = 28  # characters of a name shown in the table and above a histogram


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
    """The figures of a table: of each part, of each column of the training part, of cleaning."""
    train = dataset.train
    told = {} if train.target is None else relevance(train)
    return {
        "data": dataset.name,
        "sha256": dataset.sha256,
        "target": train.target,
        "class_names": list(dataset.class_names),
        "splits": {
            name: {"rows": len(table), "class_counts": _class_counts(table)}
            for name, table in dataset.splits.items()
        },
        "columns": [
            {**_describe_column(train, index), "share_of_target": told.get(column.name)}
            for index, column in enumerate(train.columns)
        ],
        "steps": [
            {"step": step.name, "told": step.told, "counts": step.counts} for step in dataset.steps
        ],
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
        axes.set_title(_shortened(column.name), fontsize="x-small", parse_math=False)
        axes.tick_params(labelsize=6)
        axes.set_yticks([])
    if dataset.class_names:
        figure.legend(
            [_shortened(name) for name in dataset.class_names], loc="outside lower center", ncols=6
        )
    with atomic_path(path) as temporary, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name that the font cannot draw
        figure.savefig(temporary, dpi=100)


def _class_counts(table: Table) -> list[int] | None:
    if table.labels is None:
        return None
    return np.bincount(table.labels, minlength=len(table.class_names)).tolist()


def _describe_column(table: Table, index: int) -> dict:
    column, values = table.columns[index], table.values[:, index]
    if not column.is_numeric:
        counts = np.bincount(values.astype(np.int64), minlength=len(column.categories))
        return {
            "name": column.name,
            "kind": "categories",
            "counts": dict(zip(column.categories, counts.tolist(), strict=True)),
        }
    return {
        "name": column.name,
        "kind": "numbers",
        "decimals": column.decimals,
        "minimum": float(values.min()),
        "median": float(np.median(values)),
        "maximum": float(values.max()),
        "mean": float(values.mean()),
        "standard_deviation": float(values.std()),
    }


def _print_description(result: dict) -> None:
    print(
        f"{result['data']}: a table of {len(result['columns'])} columns, target {result['target']}"
    )
    print(f"SHA-256 {result['sha256']}\n")
    for step in result["steps"]:
        print(f"{step['step'] + ':':<22} {step['told']}")
    splits = result["splits"]
    print(f"\n{'rows':<28}" + "".join(f"{name:>12}" for name in splits))
    print(f"{'all':<28}" + "".join(f"{split['rows']:>12}" for split in splits.values()))
    for label, name in enumerate(result["class_names"]):
        counts = (split["class_counts"][label] for split in splits.values())
        print(f"{_shortened(name):<28}" + "".join(f"{count:>12}" for count in counts))
    heads = ("minimum", "median", "maximum", "mean", "deviation", "of target")
    print(f"\n{'column (training part)':<28}" + "".join(f"{head:>12}" for head in heads))
    for column in result["columns"]:
        share = column["share_of_target"]
        told = "-" if share is None else f"{share:.2f}"
        if column["kind"] == "numbers":
            names = ("minimum", "median", "maximum", "mean", "standard_deviation")
            cells = "".join(f"{column[name]:>12.5g}" for name in names)
        else:
            counts = sorted(column["counts"].items(), key=lambda item: -item[1])
            cells = f" {', '.join(f'{name} {count}' for name, count in counts)}"[:58].ljust(60)
        print(f"{_shortened(column['name']):<28}{cells}{told:>12}")
    print(f"\npicture: {result['picture']}")


def _shortened(name: str) -> str:
    half = LONGEST_NAME // 2 - 1
    return name if len(name) <= LONGEST_NAME - 1 else f"{name[:half]}…{name[-half:]}"
