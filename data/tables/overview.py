"""A table at a glance: its columns, what cleaning did, and a picture of every column by class."""

import math
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from data.config import InspectSettings
from data.tables.columns import Reading
from data.tables.dataset import Table, TableDataset
from data.tables.features import relevance
from data.tables.load import load_table
from data.tables.schema.columns import Field
from data.tables.schema.toml import write_schema
from foundation.errors import InputError
from foundation.pictures import save_figure

MOST_DRAWN = 36  # columns in the picture
COLUMNS_A_ROW = 6
BINS = 24
LONGEST_NAME = 28  # characters of a name on the screen and in the picture
MOST_COUNTED = 12  # categories of a column on the screen


def inspect_table(settings: InspectSettings, out: Path) -> dict:
    """Print what a table holds and each step of cleaning; draw OUT/columns.png.

    With `write_schema` what its columns are is written to that file.

    Raises: InputError as `data.tables.load.load_table`, or if the schema file exists.
    Returns: the figures as JSON values; those of columns are of the training part.
    """
    data, to = settings.data, settings.write_schema
    if to and Path(to).expanduser().exists():
        raise InputError(f"--write-schema {to}, which exists", "a new file", "choose another name")
    reading = Reading.of(vars(settings))
    dataset = load_table(data, settings.target, settings.features, reading)
    train, splits = dataset.train, {}
    for name, part in dataset.splits.items():
        splits[name] = {"rows": len(part), "classes": {}}
        if part.class_names:
            counts = part.frame()[part.target].value_counts(sort=False)
            splits[name]["classes"] = counts.to_dict()
    shares = {} if train.target is None else relevance(train)
    told = {field.name: described(field, train, shares) for field in dataset.schema.fields}
    out.mkdir(parents=True, exist_ok=True)
    draw_columns(dataset, out / "columns.png")
    print(f"{data}: a table of {len(told)} columns, target {train.target}")
    print(f"SHA-256 {dataset.sha256}\n")
    for step in dataset.steps:
        print(f"{step.name + ':':<22} {step.told}")
    table = {
        name: {"rows": each["rows"]} | {f"  {shortened(c)}": n for c, n in each["classes"].items()}
        for name, each in splits.items()
    }
    print(f"\n{pd.DataFrame(table).to_string()}\n\ncolumns of the training part:")
    rows = {shortened(name): remark(each) for name, each in told.items()}
    for name, each in zip(rows, told.values(), strict=True):
        print(f"{name:<{max(map(len, rows))}}  {each['kind']:<8}  {rows[name]}")
    if to:
        remarks = {name: remark(each) for name, each in told.items()}
        write_schema(Path(to).expanduser(), data, dataset.schema, remarks)
        print(f"\nschema: {to}; change it and give it with --schema {to}")
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


def described(field: Field, train: Table, shares: dict[str, float]) -> dict:
    """A column as JSON values: kind, form, unit, gaps; and what models see of its values."""
    told: dict = {"kind": field.codec.kind, "format": field.codec.format, "unit": field.unit}
    frame = train.frame()
    for column in train.columns:
        values = frame[column.name].dropna()
        if column.gap_of == field.name:
            counts = values.value_counts()
            told["gaps"] = {gap: int(counts[gap]) for gap in field.gaps}
        elif column.name != field.name:
            continue
        elif column.is_numeric:
            told |= values.describe().to_dict() | {"decimals": column.decimals}
            ends = values.agg(["min", "max"]).to_numpy()
            told["from"], told["to"] = field.codec.write(ends, 0, 0)
        else:
            counts = values.value_counts()
            told |= {"count": len(values), "unique": int((counts > 0).sum())}
            told["counts"] = counts[counts > 0].to_dict()
    return told | ({"of target": shares[field.name]} if field.name in shares else {})


def remark(told: dict) -> str:
    """What `described` tells, in one line."""
    parts = [told["format"]] * bool(told["format"])
    if "from" in told:
        parts.append(f"{told['from']} to {told['to']}")
        if told["kind"] != "date":
            parts.append(f"median {told['50%']:.5g}, mean {told['mean']:.5g}")
    parts += [counted(told["counts"])] if "counts" in told else []
    gaps = {name or "empty": count for name, count in told.get("gaps", {}).items()}
    parts += [counted(gaps)] * bool(gaps)
    if "of target" in told:
        parts.append(f"tells {told['of target']:.2f} of the target")
    if "count" not in told:
        parts.append({"id": "given anew", "text": "given back empty"}.get(told["kind"], "constant"))
    return " ".join("; ".join(parts).split())


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
        edges = np.arange(len(column.categories) + 1) - 0.5
        if column.is_numeric:
            edges = np.linspace(np.nanmin(values), np.nanmax(values), BINS + 1)
        for label in np.unique(labels):
            axes.hist(values[(labels == label) & ~np.isnan(values)], edges, alpha=0.6)
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
