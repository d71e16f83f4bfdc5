"""What tests of tables share: a clean mixed table, and a csv file with every fault."""

import csv

import numpy as np

from data.tables.dataset import Column, Table, TableDataset

COLOURS, CLASSES = ("blue", "green", "red"), ("ill", "well")


def mixed_table(count: int, seed: int) -> Table:
    """Rows with two dependent numbers, a skewed one, a category, and a class that all depend on."""
    generator = np.random.default_rng([7, seed])
    label = (generator.random(count) < 0.7).astype(np.float64)
    height = generator.normal(1.7 - 0.1 * label, 0.1)
    weight = 60 * (height - 1.0) + 20 + generator.normal(0, 4, count)
    income = np.exp(generator.normal(3 + 0.5 * label, 0.7))
    shift = (generator.random(count) + 0.3 * label) * 2.0
    colour = np.minimum(shift.astype(np.int64), 2).astype(np.float64)
    columns = (
        Column("height", decimals=3, span=(1.0, 2.4)),
        Column("weight", decimals=1, span=(20.0, 130.0)),
        Column("income", decimals=2, span=(0.0, 900.0)),
        Column("colour", COLOURS),
        Column("state", CLASSES),
    )
    values = np.stack([height, weight, income, colour, label], axis=1)
    values = np.stack([c.legal(v) for c, v in zip(columns, values.T, strict=True)], axis=1)
    return Table(columns, values, "state")


def mixed_dataset(count: int = 300) -> TableDataset:
    """Three independent draws of `mixed_table`: `count` rows to train, half as many held out."""
    half = count // 2
    return TableDataset("mixed", mixed_table(count, 0), mixed_table(half, 1), mixed_table(half, 2))


def unlabelled(dataset: TableDataset) -> TableDataset:
    """The data set as if it had no target."""
    parts = {name: Table(t.columns, t.values) for name, t in dataset.splits.items()}
    return TableDataset(dataset.name, **parts)


def write_dirty_csv(path, rows: int = 100) -> None:
    """A csv file with a row number, a constant, names, missing marks, a typo and an outlier."""
    generator = np.random.default_rng(0)
    lines = ["id,name,age,height,colour,ward,smoker,empty,state"]
    for i in range(rows):
        age = "?" if i % 10 == 3 else str(20 + i % 50)
        height = f"{1.5 + 0.4 * generator.random():.2f}"
        height = {5: "tall", 8: "19.00"}.get(i, height)
        colour = ("red", "green", "blue")[i % 3] if i % 7 else "NA"
        ward = ("north", "south")[i % 2] if i > 5 else f"ward {i}"
        smoker = ("0", "1", "0.0")[i % 3]
        empty = "5" if i < 4 else ""
        state = "" if i in (30, 60) else ("ill", "well")[i % 2]
        fields = (i, f"person {i}", age, height, colour, ward, smoker, empty, state)
        lines.append(",".join(map(str, fields)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_csv(path, header, rows) -> None:
    """A csv file with commas, quotes where needed, and "\\n" at the ends of lines."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
