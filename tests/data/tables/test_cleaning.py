"""Each step of cleaning on a small table made for it, and all of them on a dirty file."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from data.tables.cleaning import (
    RARE,
    clean_table,
    clip_outliers,
    drop_constant,
    drop_names,
    drop_nearly_empty,
    fill_missing,
    merge_rare,
)
from data.tables.columns import RawTable, read_columns
from data.tables.dataset import MISSING
from data.tables.load import load_table, read_rows
from data.tables.splits import split_rows
from foundation.errors import InputError
from tests.tables import write_dirty_csv

THIRTY = [str(i) for i in range(30)]


def draft_of(train, held_out=(), target=None):
    """A draft of columns "x", "y", "z" from rows of cells, or of "x" alone from its cells."""
    rows = [row if isinstance(row, tuple) else (row,) for row in (*train, *held_out)]
    cells = pd.DataFrame(rows, columns=list("xyz"[: len(rows[0])]), dtype=str)
    return read_columns(RawTable("t", cells, target), np.arange(len(rows)) < len(train))[0]


def x_of(draft):
    """The cells of column "x", and the categories that it can hold."""
    column = draft.frame["x"]
    return column.tolist(), None if "x" in draft.decimals else column.cat.categories.tolist()


@pytest.mark.parametrize(
    ("cells", "target", "categories"),
    [
        (["1.50", "2", "3"] * 2, None, None),
        (["a", "b", "a"], None, ["a", "b"]),
        (["0", "1.0", "0.0"] * 2, None, ["0", "1"]),  # two numbers are two categories
        ([*THIRTY, "3o"], None, None),  # a typo
        ([*THIRTY[:10], "3o", "3o"], None, [*THIRTY[:10], "3o"]),  # too often for one
        ([*THIRTY[:10] * 4], None, None),
        ([*THIRTY[:10] * 4], "x", THIRTY[:10]),  # classes
        (THIRTY, "x", None),
        ([*THIRTY[1:], "3o"], "x", [*THIRTY[1:], "3o"]),
    ],
)
def test_kinds_are_told_by_the_training_cells(cells, target, categories):
    draft = draft_of(cells, target=target)
    assert x_of(draft)[1] == categories
    if categories is None:
        assert draft.decimals["x"] == (2 if "1.50" in cells else 0)
        assert draft.frame["x"].isna().tolist() == [cell == "3o" for cell in cells]


def test_a_held_out_cell_never_makes_a_column_categorical():
    draft = draft_of(["1", "2", "3"], ["four", "5"])
    assert draft.decimals == {"x": 0} and draft.frame["x"].isna()[3]
    assert draft.unreadable["x"].tolist() == [False, False, False, True, False]


def test_a_category_seen_in_held_out_rows_only_is_unreadable_then_rare():
    draft = draft_of(["a"] * 6 + ["b"] * 6 + ["c", "d"], ["e", None])
    assert x_of(draft)[1] == ["a", "b", "c", "d"] and draft.unreadable["x"].sum() == 1
    step = merge_rare(draft)
    cells, categories = x_of(draft)
    assert categories == ["a", "b", RARE] and cells[:15] == ["a"] * 6 + ["b"] * 6 + [RARE] * 3
    assert pd.isna(cells[15]) and not draft.unreadable.any(axis=None) and step.counts == {"x": 2}


@pytest.mark.parametrize(
    ("rows", "target"),
    [
        (["a"] * 6 + ["b"] * 6 + ["c"], None),  # one alone would gain nothing by a new name
        ([("a", "p")] * 6 + [("b", "q"), ("c", "p")], "x"),  # classes
    ],
)
def test_these_rare_categories_keep_their_names(rows, target):
    draft = draft_of(rows, target=target)
    assert not merge_rare(draft).counts and x_of(draft)[1] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("train", "held_out", "filled"),
    [
        # the training median, an observed value
        (["1", "2", "4", "9", None], [None, "100"], [1, 2, 4, 9, 2, 2, 100]),
        (["a", "b", "b", None], [None], ["a", "b", "b", MISSING, MISSING]),
        (["a", "b", "b"], [None, "c"], ["a", "b", "b", "b", "b"]),  # the most frequent
    ],
)
def test_what_is_missing_is_filled_by_what_training_rows_have(train, held_out, filled):
    draft = draft_of(train, held_out)
    known = x_of(draft)[1]
    step = fill_missing(draft)
    cells, categories = x_of(draft)
    assert cells == filled and step.counts == {"x": 2}
    assert categories == (known and [*known, *([MISSING] if MISSING in filled else [])])


def test_outliers_are_moved_in_training_rows_only():
    values = np.array([*range(10, 30), 1000, -1000])
    draft = draft_of([*map(str, values)], ["5000"])
    step = clip_outliers(draft)
    lower, upper = np.quantile(values, [0.25, 0.75])
    low, high = round(lower - 5 * (upper - lower)), round(upper + 5 * (upper - lower))
    assert x_of(draft)[0] == [*range(10, 30), high, low, 5000]
    assert step.counts == {"x": 2} and draft.table().columns[0].span == (low, high)


@pytest.mark.parametrize(
    ("cells", "target"), [(["0"] * 30 + ["1", "7", "9"], None), ([*THIRTY, "9999"], "x")]
)
def test_a_column_of_mostly_one_value_and_the_target_are_not_clipped(cells, target):
    draft = draft_of(cells, target=target)
    assert not clip_outliers(draft).counts and x_of(draft)[0] == [*map(float, cells)]


@pytest.mark.parametrize(
    ("drop", "rows", "counts"),
    [
        (
            drop_nearly_empty,
            [("a", None, None), ("b", "5", None), ("a", None, "5"), ("b", "4", "5")],
            {},
        ),
        (
            drop_nearly_empty,
            [("a", None, None), ("b", None, "5"), ("a", "5", None), ("a", None, "5")],
            {"y": 3},
        ),
        (drop_constant, [("1", "a", "yes"), ("1", "b", None), ("1", "a", "yes")], {"x": 3}),
        (
            drop_names,  # the number of a row, a person, and neither
            [(str(i), f"person {i}", str(i * 7 % 30)) for i in range(30)],
            {"x": 30, "y": 30},
        ),
        (drop_names, [(f"{i}.5", "ab"[i % 2], str(i // 2)) for i in range(30)], {}),
        (drop_names, [("a", f"person {i % 20}", f"name {i % 25}") for i in range(30)], {"z": 25}),
    ],
)
def test_columns_that_tell_nothing_are_dropped(drop, rows, counts):
    draft = draft_of(rows)
    assert drop(draft).counts == counts
    assert list(draft.frame) == [name for name in "xyz" if name not in counts]


@pytest.fixture
def dirty(tmp_path):
    write_dirty_csv(tmp_path / "dirty.csv")
    return f"csv:{tmp_path / 'dirty.csv'}"


def test_every_step_is_told_for_a_dirty_file(dirty):
    data = load_table(dirty, "state")
    steps = {step.name: step for step in data.steps}
    assert " ".join(steps) == (
        "read split types nearly empty columns names of rows constant columns rare categories "
        "missing values outliers feature selection scaling"
    )
    assert steps["read"].counts == {"rows without state, dropped": 2}
    assert "58 rows train, 20 validate, 20 test" in steps["split"].told
    assert steps["types"].told.endswith(
        "cells that cannot be read: name (40), height (1), ward (5)"
    )
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
    train = split_rows(raw)[0] == "train"
    strange = ("-9", "other", "99999", "seven", "violet", "moon", "8", "1e9", "well")
    cells = raw.cells.copy()
    cells.loc[~train] = strange
    first, second = (
        clean_table(dataclasses.replace(raw, cells=each), np.where(train, "train", "test"))[
            0
        ].table()
        for each in (raw.cells, cells)
    )
    assert np.array_equal(first.values[train], second.values[train])
    assert first.columns == second.columns
    assert not np.array_equal(first.values[~train], second.values[~train])


def test_no_column_left(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("id,state\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40)))
    with pytest.raises(InputError, match="no column is left after the step 'names of rows'"):
        load_table(f"csv:{path}", "state")
