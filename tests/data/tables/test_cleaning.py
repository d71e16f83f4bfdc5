"""Each step of cleaning on a small table made for it, and all of them on a dirty file."""

import dataclasses

import numpy as np
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
from data.tables.columns import MISSING, read_columns
from data.tables.csv_files import RawTable, read_csv
from data.tables.load import load_table
from data.tables.splits import split_rows
from foundation.errors import InputError
from tests.tables import write_dirty_csv


def draft_of(train, held_out=(), target=None, **more):
    """A draft of columns "x", "y", ... whose cells are given row by row."""
    rows = [*train, *held_out]
    raw = RawTable("t", tuple("xyz"[: len(rows[0])]), [tuple(row) for row in rows], ",")
    return read_columns(raw, np.arange(len(rows)) < len(train), target, **more)


def column(cells):
    return [(cell,) for cell in cells]


def test_kinds_are_told_by_the_training_cells():
    draft, _ = draft_of([("1.50", "a", "0"), ("2", "b", "1.0"), ("3", "a", "0.0")] * 2)
    assert [c.is_numeric for c in draft.columns] == [True, False, False]
    assert draft.columns[0].decimals == 2
    assert draft.columns[2].categories == ("0", "1")  # two numbers are two categories
    assert draft.values[:3, 2].tolist() == [0, 1, 0]


def test_a_held_out_cell_never_makes_a_column_categorical():
    draft, step = draft_of(column(["1", "2", "3"]), column(["four", "5"]))
    assert draft.columns[0].is_numeric
    assert np.isnan(draft.values[3, 0]) and draft.unreadable[3, 0]
    assert step.counts == {"x": 1}


def test_a_typo_among_numbers_is_a_missing_number_not_a_category():
    draft, _ = draft_of(column([str(i) for i in range(30)] + ["3o"]))
    assert draft.columns[0].is_numeric and np.isnan(draft.values[30, 0])
    draft, _ = draft_of(column([str(i) for i in range(10)] + ["3o"] * 2))
    assert not draft.columns[0].is_numeric


def test_a_target_of_few_numbers_is_one_of_classes_and_of_many_is_numbers():
    few = [(str(i % 10), "a" if i % 3 else "b") for i in range(40)]
    assert draft_of(few, target="x")[0].columns[0].categories == tuple("0123456789")
    assert draft_of(few)[0].columns[0].is_numeric
    many = [(str(i), "a") for i in range(40)]
    assert draft_of(many, target="x")[0].columns[0].is_numeric


def test_a_category_seen_in_held_out_rows_only_is_unreadable_then_rare():
    cells = ["a"] * 6 + ["b"] * 6 + ["c", "d"]
    draft, _ = draft_of(column(cells), column(["e"]))
    assert draft.columns[0].categories == ("a", "b", "c", "d")
    merged, step = merge_rare(draft)
    assert merged.columns[0].categories == ("a", "b", RARE)
    assert merged.values[:, 0].tolist() == [0] * 6 + [1] * 6 + [2, 2, 2]
    assert not merged.unreadable.any() and step.counts == {"x": 2}


def test_one_rare_category_alone_keeps_its_name():
    draft, _ = draft_of(column(["a"] * 6 + ["b"] * 6 + ["c"]))
    merged, step = merge_rare(draft)
    assert merged.columns[0].categories == ("a", "b", "c") and not step.counts


def test_a_rare_class_of_the_target_is_never_merged():
    draft, _ = draft_of([("a", "p")] * 6 + [("b", "q"), ("c", "p")], target="x")
    assert merge_rare(draft)[0].columns[0].categories == ("a", "b", "c")


def test_a_number_missing_is_the_training_median_an_observed_value():
    draft, _ = draft_of(column(["1", "2", "4", "9", None]), column([None, "100"]))
    filled, step = fill_missing(draft)
    assert filled.values[:, 0].tolist() == [1, 2, 4, 9, 2, 2, 100]
    assert step.counts == {"x": 2}


def test_a_category_missing_is_a_category_or_the_most_frequent():
    draft, _ = draft_of(column(["a", "b", "b", None]), column([None]))
    filled, _ = fill_missing(draft)
    assert filled.columns[0].categories == ("a", "b", MISSING)
    assert filled.values[:, 0].tolist() == [0, 1, 1, 2, 2]
    draft, _ = draft_of(column(["a", "b", "b"]), column([None]))
    filled, _ = fill_missing(draft)
    assert filled.columns[0].categories == ("a", "b") and filled.values[3, 0] == 1


def test_a_missing_mark_of_our_own_is_read_as_one():
    """Synthetic tables of this project hold it."""
    draft, _ = draft_of(column(["a", "b", "b", None]), column([MISSING]))
    assert not draft.unreadable.any()
    assert fill_missing(draft)[0].values[4, 0] == 2


def test_outliers_are_moved_in_training_rows_only():
    usual = [str(v) for v in range(10, 30)]
    draft, _ = draft_of(column([*usual, "1000", "-1000"]), column(["5000"]))
    clipped, step = clip_outliers(draft)
    values = draft.values[:22, 0]
    lower, upper = np.quantile(values, [0.25, 0.75])
    reach = 5 * (upper - lower)
    assert clipped.values[20, 0] == round(upper + reach)
    assert clipped.values[21, 0] == round(lower - reach)
    assert clipped.values[22, 0] == 5000 and np.array_equal(clipped.values[:20], draft.values[:20])
    assert step.counts == {"x": 2}
    assert clipped.columns[0].span == (round(lower - reach), round(upper + reach))


def test_a_column_of_mostly_one_value_and_the_target_are_not_clipped():
    mostly = ["0"] * 30 + ["1", "7"]
    draft, _ = draft_of(column(mostly))
    assert not clip_outliers(draft)[1].counts
    draft, _ = draft_of(column([str(v) for v in range(30)] + ["9999"]), target="x")
    assert not clip_outliers(draft)[1].counts


def test_columns_that_hold_nothing_are_dropped():
    rows = [("1", None, "a"), ("1", None, "b"), ("1", "5", "a"), ("1", None, "b")]
    draft, _ = draft_of(rows)
    without, step = drop_nearly_empty(draft)
    assert [c.name for c in without.columns] == ["x", "z"] and step.counts == {"y": 3}
    without, step = drop_constant(without)
    assert [c.name for c in without.columns] == ["z"] and list(step.counts) == ["x"]


def test_one_value_that_is_sometimes_missing_still_tells_something():
    draft, _ = draft_of(column(["yes", "yes", None, "yes"]))
    assert len(drop_constant(draft)[0].columns) == 1


def test_names_and_numbers_of_rows_are_dropped():
    rows = [(str(i), f"person {i}", str(i * 7 % 30)) for i in range(30)]
    without, step = drop_names(draft_of(rows)[0])
    assert [c.name for c in without.columns] == ["z"] and set(step.counts) == {"x", "y"}


def test_every_step_is_told_for_a_dirty_file(tmp_path):
    write_dirty_csv(tmp_path / "dirty.csv")
    data = load_table(f"csv:{tmp_path / 'dirty.csv'}", "state")
    steps = {step.name: step for step in data.steps}
    assert list(steps) == [
        "read",
        "split",
        "types",
        "nearly empty columns",
        "names of rows",
        "constant columns",
        "rare categories",
        "missing values",
        "outliers",
        "feature selection",
        "scaling",
    ]
    assert steps["read"].counts == {"rows without state, dropped": 2}
    assert "58 rows train, 20 validate, 20 test" in steps["split"].told
    assert list(steps["nearly empty columns"].counts) == ["empty"]
    assert set(steps["names of rows"].counts) == {"id", "name"}
    assert steps["missing values"].counts["age"] == 10
    assert data.train.names == ["age", "height", "colour", "ward", "smoker", "state"]
    assert MISSING in data.train.columns[2].categories
    assert not np.isnan(np.concatenate([t.values for t in data.splits.values()])).any()
    assert data.class_names == ("ill", "well")


def test_nothing_is_learnt_from_held_out_rows(tmp_path):
    """Other held-out values, the same training table: medians, borders, categories, kinds."""
    write_dirty_csv(tmp_path / "dirty.csv")
    raw = read_csv(tmp_path / "dirty.csv")
    raw = dataclasses.replace(raw, rows=[row for row in raw.rows if row[-1]])
    parts, _ = split_rows(raw, "state")
    strange = ("-9", "other", "99999", "seven", "violet", "moon", "8", "1e9", "well")
    changed = [
        row if part == "train" else strange for row, part in zip(raw.rows, parts, strict=True)
    ]
    first, _ = clean_table(raw, parts, "state")
    second, _ = clean_table(dataclasses.replace(raw, rows=changed), parts, "state")
    train = parts == "train"
    assert np.array_equal(first.values[train], second.values[train])
    assert first.columns == second.columns
    assert not np.array_equal(first.values[~train], second.values[~train])


def test_no_column_left(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("id,state\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(40)))
    with pytest.raises(InputError, match="no column is left after the step 'names of rows'"):
        load_table(f"csv:{path}", "state")
