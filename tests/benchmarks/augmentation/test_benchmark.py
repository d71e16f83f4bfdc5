"""The augmentation benchmark: every side does every row it claims, and the figures add up."""

import importlib

import numpy as np
import pytest

from benchmarks.augmentation.benchmark import made_images, measure
from benchmarks.augmentation.rows import OURS, ROWS, SIDES, SIZES, Size, rows_for
from benchmarks.tables import augmentation_table, cell
from benchmarks.turns import spread
from tests.benchmarks.augmentation.toy import Toy

GREY, COLOUR = Size(24, 24, 1, 8, 4), Size(24, 24, 3, 8, 4)
QUICK = {"Keras": ("flip", "contrast", "Gaussian noise", "mixup"), OURS: ("flip", "mixup")}
RESTORES = ("equalize", "autocontrast", "flip", "solarize", "mixup", "cutmix")  # may change nothing
TOYS = {
    OURS: "tests.benchmarks.augmentation.toy:Toy",
    "other": "tests.benchmarks.augmentation.toy:OneRow",
}


def class_of(side: str):
    if side == "albumentations":
        pytest.importorskip("albumentations")
    module, name = SIDES[side].split(":")
    return getattr(importlib.import_module(module), name)


def made_by(side_class):
    arrays = {size.name: made_images(size) for size in (GREY, COLOUR)}
    settings = {"sizes": {size.name: size.batch_size for size in (GREY, COLOUR)}, "seconds": 0.0}
    return side_class(settings, arrays)


def marked(side: str, row: str):
    """A row with a side; those that take a second to compile only on request."""
    slow = side in QUICK and row not in QUICK[side]
    return pytest.param(side, row, marks=[pytest.mark.slow] if slow else [], id=f"{side}, {row}")


@pytest.mark.parametrize(("name", "row"), [marked(side, row) for side in SIDES for row in ROWS])
def test_a_side_does_a_row_to_whole_batches(name, row):
    side = made_by(class_of(name))
    if row not in side.rows:
        pytest.skip("has no such operation")
    for size in (GREY, COLOUR):
        if row not in rows_for(size):
            continue
        images = side.arrays[size.name]
        given = images.copy()
        made = side.batches(row, images, size.batch_size)
        first, second = next(made), next(made)
        assert first.shape == second.shape == (4, 24, 24, size.channels)
        if name != "Keras":  # its layers give floats
            assert first.dtype == np.uint8
        assert np.isfinite(first).all() and first.min() >= -255 and first.max() <= 510
        if row not in RESTORES:
            assert (first != images[:4]).any(axis=(1, 2, 3)).mean() >= 0.75, size
        np.testing.assert_array_equal(images, given)


@pytest.mark.parametrize("side", SIDES)
def test_a_side_says_what_it_can_do(side):
    rows = made_by(class_of(side)).facts()["rows"]
    assert set(rows) <= set(ROWS) and (side != OURS or set(rows) == set(ROWS))


def test_the_rows_of_a_size():
    assert set(ROWS) - set(rows_for(SIZES[0])) == {"colour jitter"}
    assert rows_for(SIZES[1]) == list(ROWS)
    assert [size.name for size in SIZES] == ["28x28x1", "32x32x3", "224x224x3"]
    assert all(size.images % size.batch_size == 0 for size in SIZES)


def test_a_round_lasts_as_long_as_it_should():
    side = made_by(Toy)
    assert side.work("invert", GREY.name)["units"] == 4
    side.settings["seconds"] = 0.02
    assert side.work("invert", GREY.name)["units"] == 4  # prepared before
    assert side.work("flip", GREY.name)["units"] > 100


def test_sides_in_processes_in_turn(capsys):
    result = measure((GREY,), 5, seconds=0.001, sides=TOYS)
    ((name, measured),) = result.items()
    assert name == "24x24x1" and list(measured["rows"]) == ["flip", "invert"]
    flip, invert = measured["rows"].values()
    assert list(flip["sides"]) == [OURS, "other"] and list(invert["sides"]) == [OURS]
    assert all(len(each["per_second"]["rounds"]) == 5 for each in flip["sides"].values())
    medians = [flip["sides"][side]["per_second"]["median"] for side in (OURS, "other")]
    assert flip["ratio"] == medians[0] / medians[1] and invert["ratio"] is None
    assert measured["won"] == 1 + (flip["ratio"] > 1)
    assert measured["sides"][OURS]["threads"] == 1
    assert "24x24x1 2 of 2: invert: this project " in capsys.readouterr().out
    augmentation_table(name, measured)


def figures(*medians: float) -> dict:
    """A row: this project's median, then the others' in the order of the sides."""
    sides = {
        side: {"per_second": spread([0.9 * median, median, 1.1 * median]), "cores": 1.0}
        for side, median in zip(SIDES, medians, strict=False)
    }
    return {"sides": sides, "ratio": medians[0] / max(medians[1:]) if medians[1:] else None}


def test_the_table_shows_every_side_and_a_dash_where_there_is_no_such_operation():
    facts = {"version": "1.2", "threads": 1, "how": "by hand"}
    result = {
        "batch_size": 256,
        "rounds": 7,
        "sides": dict.fromkeys(SIDES, facts),
        "rows": {"flip": figures(200_000, 100_000, 80_000), "elastic": figures(3_000)},
        "won": 2,
    }
    lines = augmentation_table("32x32x3", result).splitlines()
    assert lines[0] == "32x32x3, uint8, images/s"
    flip = "flip 200,000 ±10% 100,000 ±10% 80,000 ±10% 2.00"
    assert lines[2].split() == flip.split()
    assert lines[3].split() == ["elastic", "3,000", "±10%", "-", "-", "-"]
    assert {len(line) for line in lines[1:4]} == {len(lines[1])} and len(lines[1]) < 110
    assert lines[4] == "this project is fastest in 2 of 2 rows"
    assert "medians of 7 rounds in turn" in lines[5] and "batches of 256" in lines[5]
    assert lines[6] == "this project: 1.2, threads: 1, by hand; 1.00 cores busy at most"


@pytest.mark.parametrize(
    ("median", "text"), [(987_654, "988,000"), (23_449, "23,400"), (812.4, "812"), (9.4, "9")]
)
def test_three_digits_and_the_spread(median, text):
    speed = spread([0.98 * median, median, 1.04 * median])
    assert cell({"per_second": speed}) == f"{text} ±3%"
    assert cell(None) == "-"


def test_made_images_are_the_same_each_time_and_smooth():
    size = Size(32, 32, 3, 64, 32)
    images = made_images(size)
    assert images.shape == (64, 32, 32, 3) and images.dtype == np.uint8
    assert len(np.unique(images.reshape(64, -1), axis=0)) == 64
    np.testing.assert_array_equal(images, made_images(size))
    steps = np.abs(np.diff(images.astype(int), axis=2)).mean()
    assert 5 < steps < 40  # noise alone would have 85
