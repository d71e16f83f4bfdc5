"""Loading tables: breast cancer, splits, the target, and files beside each other."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer

from data.tables.columns import RawTable, Reading
from data.tables.load import load_beside, load_table
from data.tables.splits import split_rows
from foundation.errors import InputError
from tests.tables import mixed_table, write_csv, write_dirty_csv


@pytest.fixture(scope="module")
def cancer():
    return load_table("breast_cancer")


def split(rows):
    """The part of each row, and the step, of columns "a", "b" and the target "state"."""
    cells = pd.DataFrame(rows, columns=["a", "b", "state"], dtype=str)
    return split_rows(RawTable("t", cells, "state"))


def sizes(parts):
    return [np.count_nonzero(parts == part) for part in ("train", "validation", "test")]


def test_breast_cancer_is_scikit_learns(cancer):
    assert [len(part) for part in cancer.splits.values()] == [341, 114, 114]
    assert cancer.class_names == ("benign", "malignant") and cancer.train.target == "diagnosis"
    bunch = load_breast_cancer()
    original = {tuple(row): 1 - label for row, label in zip(bunch.data, bunch.target, strict=True)}
    for row in cancer.test.values:  # held-out rows are as they were, to the last bit
        assert original[tuple(row[:-1])] == row[-1]


def test_the_rows_are_those_of_every_published_figure(cancer):
    assert cancer.sha256 == "2922fe26cf674ac10a58ec7c2a5b2d72d7e545018bf720a9cb7009f96e576e36"
    changed = dataclasses.replace(cancer, test=cancer.test.take(np.arange(5)))
    assert changed.sha256 != cancer.sha256


def test_every_class_keeps_its_share():
    rare = np.arange(200) % 10 == 0
    parts, step = split([(f"{i}.5", "x", f"rare {rare[i]}") for i in range(200)])
    assert sizes(parts[rare]) == [12, 4, 4] and sizes(parts) == [120, 40, 40]
    assert not step.counts  # rows that differ in a fraction are not the same one numbered


def test_equal_rows_stay_in_one_part_whatever_their_number_says():
    """Without it a row learnt by heart would be tested as if it were new."""
    values = [*range(190), *range(3, 173, 17)]
    parts, step = split([(str(i), f"{v}.25", "ab"[v % 2]) for i, v in enumerate(values)])
    assert step.counts == {"repeated rows": 10}
    assert all(parts[values[i]] == parts[i] for i in range(190, 200))
    assert len(set(parts[190:])) > 1


def test_rows_of_a_coarse_table_meet_by_chance_and_are_drawn_one_by_one():
    rows = [("yes" if i % 3 else None, "mf"[i % 2], "ab"[i % 5 == 0]) for i in range(300)]
    parts, step = split(rows)
    assert sizes(parts) == [180, 60, 60] and "one by one" in step.told
    assert {row for row, p in zip(rows, parts, strict=True) if p == "train"} == set(rows)


def test_a_target_of_numbers_is_drawn_over_its_whole_range():
    parts, _ = split([(str(i % 7), "x", f"{i}.5") for i in range(100)])
    assert np.histogram(np.flatnonzero(parts == "test"), 5, (0, 100))[0].tolist() == [4] * 5


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("1", "2", "a")] * 10, "has 10 rows; at least 20"),
        ([(f"{i}.5", "x", "a" if i else "b") for i in range(30)], "class 'b' of state has 1"),
        ([(f"{i}.5", "x", f"class {i}") for i in range(30)], "30 different values"),
    ],
)
def test_a_table_that_cannot_be_split_is_refused(rows, message):
    with pytest.raises(InputError, match=message):
        split(rows)


@pytest.mark.parametrize(
    ("data", "target", "message"),
    [
        ("mnist", None, "one of breast_cancer, csv:PATH; choose one of these"),
        ("breast_cancer", "size", "--target size; a column of breast_cancer"),
        ("csv:absent.csv", None, "is no file"),
    ],
)
def test_a_wrong_name_is_refused(data, target, message):
    with pytest.raises(InputError, match=message):
        load_table(data, target)


@pytest.fixture
def real(tmp_path):
    table = mixed_table(200, 0)
    write_csv(tmp_path / "real.csv", table.names, table.rows())
    return f"csv:{tmp_path / 'real.csv'}"


@pytest.fixture
def made(tmp_path):
    return tmp_path / "made.csv"


def test_synthetic_rows_are_read_as_real_ones_were(real, made):
    """Columns in another order, one more; a word, a category never heard of, no class."""
    made.write_text(
        "state,extra,colour,height,weight,income\n"
        "ill,1,red,1.75,65.5,20\nwell,1,violet,1.75,65.5,20\nwell,1,blue,tall,65.5,20\n"
        "well,1,blue,1.6,50,3.5\n?,1,blue,1.6,50,3.5\n"
    )
    found = load_beside(real, made, "state")
    alone = load_table(real, "state")
    assert found.dataset.sha256 == alone.sha256  # the synthetic rows taught it nothing
    assert found.unreadable == 3 and found.absent == ()
    first, second = found.synthetic.rows()
    assert first == ("1.75", "65.5", "20", "red", "ill")
    assert second == ("1.6", "50", "3.5", "blue", "well")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_our_rows_are_in_utf_8_whatever_the_real_ones_are_in(tmp_path, made, encoding):
    towns = "Gen\u00e8ve", "Bern"
    text = "size,place\n" + "".join(f"{i / 8},{towns[i % 2]}\n" for i in range(40))
    (tmp_path / "real.csv").write_bytes(text.encode("cp1252"))
    made.write_bytes(text.encode(encoding))
    reading = Reading(encoding="cp1252")
    found = load_beside(f"csv:{tmp_path / 'real.csv'}", made, "place", reading=reading)
    assert found.unreadable == 0 and found.dataset.class_names == towns[::-1]


def test_columns_that_the_synthetic_file_lacks_are_left_out_and_named(real, made):
    made.write_text("state,colour,height\n" + "ill,red,1.75\n" * 3)
    found = load_beside(real, made, "state")
    assert found.absent == ("weight", "income")
    assert found.dataset.train.names == found.synthetic.names == ["height", "colour", "state"]


@pytest.mark.parametrize(
    ("synthetic", "held_out", "message"),
    [
        ("state,colour\nill,violet\n", None, "not one row can be read"),
        ("colour,height\nred,1.7\n", None, "give both files the same header"),
        ("a,state\n1,ill\n", None, "give both files the same header"),
        ("state,colour\nill,red\n", "state,height\nill,1.7\n", "held.csv has no column colour"),
    ],
)
def test_a_file_of_something_else_is_refused(real, made, synthetic, held_out, message):
    made.write_text(synthetic)
    held = held_out and made.with_name("held.csv")
    if held:
        held.write_text(held_out)
    with pytest.raises(InputError, match=message):
        load_beside(real, made, "state", held)


@pytest.mark.parametrize("target", ["state", None])
def test_a_file_of_held_out_rows_validates_and_tests(real, made, target):
    held_out = mixed_table(80, 3)
    unheard_of = [("1.7", "65.5", "20", "red", "sick")] * 2 if target else []
    nameless = [("1.7", "65.5", "20", "red", "")] if target else []
    write_csv(made, held_out.names, [*held_out.rows(), *unheard_of, *nameless])
    found = load_beside(real, real.removeprefix("csv:"), target, made)
    (split,) = (step for step in found.dataset.steps if step.name == "split")
    assert split.counts == ({"held-out rows without state, dropped": 1} if target else {})
    parts = found.dataset.splits.values()
    assert [*map(len, parts)] == [200, 40, 40] and len(found.synthetic) == 200
    tested = {*found.dataset.validation.hashes(), *found.dataset.test.hashes()}
    assert tested == set(held_out.hashes())


def test_rows_of_our_own_are_readable_with_all_their_gaps(tmp_path, made):
    write_dirty_csv(tmp_path / "dirty.csv")
    data = load_table(f"csv:{tmp_path / 'dirty.csv'}", "state")
    write_csv(made, data.schema.names, data.schema.rows(data.train))
    found = load_beside(f"csv:{tmp_path / 'dirty.csv'}", made, "state")
    assert found.unreadable == 0
    assert np.array_equal(found.synthetic.values, data.train.values, equal_nan=True)
