"""Each step of cleaning on a small table made for it, and all of them on a dirty file."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from data.tables import cleaning
from data.tables.cleaning import RARE, clip_outliers, fill_missing, merge_rare
from data.tables.columns import RawTable, read_columns
from data.tables.dataset import MISSING, Column
from data.tables.load import load_table, read_rows
from data.tables.splits import split_rows
from foundation.errors import InputError
from tests.tables import write_dirty_csv

TEN, THIRTY = ([str(i) for i in range(count)] for count in (10, 30))
PEOPLE = [f"person {i}" for i in THIRTY]


def draft_of(train, held_out=(), target=None):
    """A draft of columns "x", "y", "z" from rows of cells, or of "x" alone from its cells."""
    rows = [row if isinstance(row, tuple) else (row,) for row in (*train, *held_out)]
    cells = pd.DataFrame(rows, columns=list("xyz"[: len(rows[0])]), dtype=str)
    return read_columns(RawTable("t", cells, target), np.arange(len(rows)) < len(train))[0]


@pytest.mark.parametrize(
    ("cells", "target", "categories"),
    [
        (["1.50", "2", "3"] * 2, None, ()),
        ("aba", None, "ab"),
        (["0", "1.0", "0.0"] * 2, None, "01"),  # two numbers are two categories
        ([*THIRTY, "3o"], None, ()),  # a typo
        ([*TEN, "3o", "3o"], None, [*TEN, "3o"]),  # too often for one
        (TEN * 4, None, ()),
        (TEN * 4, "x", TEN),  # classes
        (THIRTY, "x", ()),
        ([*THIRTY, "3o"], "x", [*THIRTY, "3o"]),
    ],
)
def test_kinds_are_told_by_the_training_cells(cells, target, categories):
    draft = draft_of(cells, target=target)
    (column,) = draft.table().columns
    assert column.categories == tuple(categories) and column.decimals == 2 * ("1.50" in cells)
    if column.is_numeric:
        assert draft.frame["x"].isna().tolist() == [cell == "3o" for cell in cells]


def test_a_held_out_cell_never_makes_a_column_categorical():
    draft = draft_of(["1", "2", "3"], ["four", "5"])
    assert draft.table().columns[0].is_numeric
    assert draft.frame["x"].isna().tolist() == draft.unreadable["x"].tolist() == [0, 0, 0, 1, 0]


OUTLIERS = [*range(10, 30), 1000, -1000]
CLIPPED = [*range(10, 30), 77, -38]  # 5 * 10.5 beyond the quartiles 24.75 and 14.25


@pytest.mark.parametrize(
    ("step", "target", "train", "held_out", "touched", "cells"),
    [
        (merge_rare, None, "aaaaabbbbbcd", ["e", None], 2, [*"aaaaabbbbb", RARE, RARE, RARE, None]),
        (merge_rare, None, "aaaaabbbbbc", [], 0, "aaaaabbbbbc"),  # alone it gains nothing
        (merge_rare, "x", "aaaaabbbbbcd", [], 0, "aaaaabbbbbcd"),
        # the training median, an observed value
        (fill_missing, None, ["1", "2", "4", "9", None], [None, "8"], 2, [1, 2, 4, 9, 2, 2, 8]),
        (fill_missing, None, ["a", "b", "b", None], [None], 2, ["a", "b", "b", MISSING, MISSING]),
        (fill_missing, None, "abb", [None, "c"], 2, "abbbb"),  # the most frequent
        (clip_outliers, None, map(str, OUTLIERS), ["5000", "-99"], 2, [*CLIPPED, 5000, -99]),
        (clip_outliers, None, "0" * 30 + "179", [], 0, [*[0] * 30, 1, 7, 9]),  # mostly one value
        (clip_outliers, "x", map(str, OUTLIERS), [], 0, OUTLIERS),
    ],
)
def test_a_step_changes_these_cells(step, target, train, held_out, touched, cells):
    train = list(train)
    draft = draft_of(train, held_out, target)
    assert step(draft).counts == ({"x": touched} if touched else {})
    assert draft.frame["x"].astype(object).replace(np.nan, None).tolist() == list(cells)
    known = dict.fromkeys(cells[: len(train)])
    numeric = Column("x", span=(min(known), max(known)))
    expected = numeric if "x" in draft.decimals else Column("x", tuple(known))
    assert draft.table().columns == (expected,)
    assert step is not merge_rare or not draft.unreadable.any(axis=None)


@pytest.mark.parametrize(
    ("drop", "columns", "dropped"),
    [
        ("nearly_empty", ("abab", [None, None, "5", "4"], [None, None, "5", None]), {"z": 3}),
        ("constant", ("111", "aba", ["yes", None, "yes"]), {"x": 3}),
        # the number of a row, and numbers that do not rise or are measured; 21 people, and 20
        ("names", (THIRTY, THIRTY[::-1], map("{}.5".format, THIRTY)), {"x": 30}),
        ("names", (PEOPLE[:21] + PEOPLE[:9], PEOPLE[:20] + PEOPLE[:10], "ab" * 15), {"x": 21}),
        ("names", (sorted(THIRTY[:15] * 2, key=int), "ab" * 15, PEOPLE), {"z": 30}),
    ],
)
def test_columns_that_tell_nothing_are_dropped(drop, columns, dropped):
    draft = draft_of([*zip(*columns, strict=True)])
    assert getattr(cleaning, f"drop_{drop}")(draft).counts == dropped
    assert list(draft.frame) == [name for name in "xyz" if name not in dropped]


@pytest.fixture
def dirty(tmp_path):
    write_dirty_csv(tmp_path / "dirty.csv")
    return f"csv:{tmp_path / 'dirty.csv'}"


def test_every_step_is_told_for_a_dirty_file(dirty):
    data = load_table(dirty, "state")
    steps = {step.name: step for step in data.steps}
    assert ", ".join(steps) == (
        "read, split, types, nearly empty columns, names of rows, constant columns, "
        "rare categories, missing values, outliers, feature selection, scaling"
    )
    assert steps["read"].counts == {"rows without state, dropped": 2}
    assert "58 rows train, 20 validate, 20 test" in steps["split"].told
    assert steps["types"].told.endswith("cannot be read: name (40), height (1), ward (5)")
    assert list(steps["nearly empty columns"].counts) == ["empty"]
    assert set(steps["names of rows"].counts) == {"id", "name"}
    assert steps["missing values"].counts["age"] == 10
    assert steps["outliers"].told.endswith("moved to that border: height (1)")
    assert data.train.names == ["age", "height", "colour", "ward", "smoker", "state"]
    assert MISSING in data.train.columns[2].categories
    assert not np.isnan(np.concatenate([t.values for t in data.splits.values()])).any()
    assert data.class_names == ("ill", "well")


def test_nothing_is_learnt_from_held_out_rows(dirty):
    """Other held-out values, the same training table: medians, borders, categories, kinds."""
    raw, _ = read_rows(dirty, "state")
    parts, _ = split_rows(raw)
    changed = raw.cells.copy()
    strange = ["-9", "other", "99999", "seven", "violet", "moon", "8", "1e9", "well"]
    changed[parts != "train"] = strange
    sides = (raw, dataclasses.replace(raw, cells=changed))
    first, second = (cleaning.clean_table(each, parts)[0].table() for each in sides)
    equal = (first.values == second.values).all(axis=1)
    assert first.columns == second.columns and np.array_equal(equal, parts == "train")


def test_no_column_left(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("id,state\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40)))
    with pytest.raises(InputError, match="no column is left after the step 'names of rows'"):
        load_table(f"csv:{path}", "state")
