"""What a column is taken for, and each step of cleaning, on a dirty file and on small ones."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from data.tables import cleaning
from data.tables.columns import RawTable, Reading
from data.tables.dataset import NO_GAP, Column
from data.tables.load import load_table, read_rows
from data.tables.splits import split_rows
from foundation.errors import InputError
from tests.tables import write_dirty_csv

TEN, THIRTY = ([str(i) for i in range(count)] for count in (10, 30))


def clean(train, held_out=(), target=None, **how):
    """The clean table of a column "x" and one of letters, of training cells and of others."""
    cells = pd.DataFrame({"x": [*train, *held_out]}, dtype=str)
    cells["y"] = ["abc"[i % 3] for i in range(len(cells))]
    parts = np.where(np.arange(len(cells)) < len(train), "train", "test").astype(object)
    return cleaning.clean_table(RawTable("t", cells, target, **how), parts)


def gap(*words):
    return Column("x: gap", (NO_GAP, *words), gap_of="x")


@pytest.mark.parametrize(
    ("cells", "target", "columns"),
    [
        (["1.50", "2", "3"] * 2, None, [Column("x", decimals=2, span=(1.5, 3.0))]),
        ("aba", None, [Column("x", ("a", "b"))]),
        (["0", "1.0", "0.0"] * 2, None, [Column("x", ("0", "1"))]),  # two numbers, two categories
        # a typo among numbers stands for itself; too often among few numbers it makes them names
        ([*THIRTY, "3o"], None, [gap("3o"), Column("x", span=(0, 29))]),
        ([*TEN, "3o", "3o"], None, [Column("x", (*TEN, "3o"))]),
        (TEN * 4, None, [Column("x", span=(0, 9))]),
        (TEN * 4, "x", [Column("x", tuple(TEN))]),  # classes
        (THIRTY[5:], "x", [Column("x", span=(5, 29))]),
        ([*THIRTY, "3o"], "x", [Column("x", (*THIRTY, "3o"))]),
        (["1", None, "3", "4"], None, [gap(""), Column("x", span=(1, 4))]),
        (["k", None, "k"], None, [gap("")]),
    ],
)  # fmt: skip
def test_what_models_see_of_the_training_cells(cells, target, columns):
    found = clean(cells, target=target).table
    assert [column for column in found.columns if column.name != "y"] == columns
    values = found.values[:, len(columns) - 1]
    assert np.isnan(values).tolist() == [
        cell in (None, "3o") and not columns[-1].categories and columns[-1].name == "x"
        for cell in cells
    ]


def test_a_held_out_cell_never_changes_a_kind():
    found = clean(["1", "2", "3"], ["four", "5"])
    assert found.table.columns[0] == Column("x", span=(1, 3))
    assert np.isnan(found.table.values[:, 0]).tolist() == found.unreadable["x"].tolist()
    assert found.unreadable["x"].tolist() == [False, False, False, True, False]


OUTLIERS = [*range(10, 30), 1000, -1000]
HOLED = [*OUTLIERS[:-1], *[None] * 30]
CLIPPED = [*range(10, 30), 77, -38]  # 5 * 10.5 beyond the quartiles 24.75 and 14.25


@pytest.mark.parametrize(
    ("how", "target", "train", "held_out", "step", "touched", "cells"),
    [
        ({}, None, OUTLIERS, ["5000"], "outliers", 2, [*OUTLIERS, 5000]),
        ({"clipped": True}, None, OUTLIERS, ["5000"], "outliers", 2, [*CLIPPED, 5000]),
        ({"clipped": True}, None, "0" * 30 + "179", [], "outliers", 0, [*[0] * 30, 1, 7, 9]),
        ({"clipped": True}, "x", OUTLIERS, [], "outliers", 0, OUTLIERS),
        # half of the cells are known, so the border is that of these, not of medians
        ({"clipped": True}, None, HOLED, [], "outliers", 1, [*range(10, 30), 75, *[np.nan] * 30]),
        # the training median, an observed value: published figures only
        ({"filled": True}, None, [1, 2, 9, None], [None], "missing values", 2, [1, 2, 9, 2, 2]),
        ({}, None, [1, 2, 9, None], [], "missing values", 1, [1, 2, 9, np.nan]),
    ],
)  # fmt: skip
def test_a_step_changes_these_cells(how, target, train, held_out, step, touched, cells):
    found = clean([cell if cell is None else str(cell) for cell in train], held_out, target, **how)
    (told,) = (each for each in found.steps if each.name == step)
    assert told.counts == ({"x": touched} if touched else {})
    assert np.array_equal(found.table.column("x"), cells, equal_nan=True)


@pytest.fixture
def dirty(tmp_path):
    write_dirty_csv(tmp_path / "dirty.csv")
    return f"csv:{tmp_path / 'dirty.csv'}"


def test_every_step_is_told_for_a_dirty_file(dirty):
    data = load_table(dirty, "state")
    steps = {step.name: step for step in data.steps}
    assert ", ".join(steps) == (
        "read, split, types, missing values, outliers, feature selection, scaling"
    )
    assert steps["read"].counts == {
        "rows without state, dropped": 2,
        "cells 'NA', taken for missing": 15,
        "cells '?', taken for missing": 10,
    }
    assert "58 rows train, 20 validate, 20 test" in steps["split"].told
    assert "2 id, 1 integer, 1 number, 5 category" in steps["types"].told
    assert "id, given anew: id, name" in steps["types"].told
    assert steps["missing values"].counts["age"] == 10
    assert steps["outliers"].told.endswith("to that border): height (1)")
    assert data.schema.names[:3] == ["id", "name", "age"]  # nothing of the file is left out
    assert data.class_names == ("ill", "well")


def test_nothing_is_learnt_from_held_out_rows(dirty):
    """Other held-out values, the same training table: spans, categories, kinds, forms."""
    raw, _ = read_rows(dirty, "state")
    parts, _ = split_rows(raw)
    changed = raw.cells.copy()
    strange = ["-9", "other", "99999", "seven", "violet", "moon", "8", "1e9", "well"]
    changed[parts != "train"] = strange
    sides = (raw, dataclasses.replace(raw, cells=changed))
    first, second = (cleaning.clean_table(each, parts).table for each in sides)
    equal = np.array(
        [
            np.array_equal(*rows, equal_nan=True)
            for rows in zip(first.values, second.values, strict=True)
        ]
    )
    assert first.columns == second.columns and np.array_equal(equal, parts == "train")


def test_no_column_left(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("id,state\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40)))
    with pytest.raises(InputError, match="no column of it varies but ids and text"):
        load_table(f"csv:{path}", "state", reading=Reading())
