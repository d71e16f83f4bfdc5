"""The augmentation benchmark: every side does every row it claims, and the figures add up."""

import importlib
import importlib.metadata
import importlib.util

import numpy as np
import pytest

from benchmarks.augmentation.benchmark import (
    made_images,
    measure,
    require_albumentations,
    scores,
    with_batch_size,
)
from benchmarks.augmentation.rows import (
    ALBUMENTATIONS,
    KERAS,
    OURS,
    PILLOW,
    ROWS,
    SIDES,
    SIZES,
    Row,
    Size,
    rows_for,
)
from benchmarks.augmentation.table import augmentation_table, cell
from foundation.errors import InputError

GREY, COLOUR = Size(24, 24, 1, 8, 4), Size(24, 24, 3, 8, 4)
QUICK = {KERAS: ("flip", "contrast", "Gaussian noise", "mixup"), OURS: ("flip", "mixup")}
RESTORES = ("equalize", "autocontrast", "flip", "solarize", "mixup", "cutmix")  # may change nothing


def rows_of(side: str) -> list[Row]:
    return [row for row in ROWS if side == OURS or side in row.others]


def side_of(name: str, sizes: tuple[Size, ...] = (GREY, COLOUR)):
    if name == ALBUMENTATIONS:
        pytest.importorskip("albumentations")
    module, class_name = SIDES[name].split(":")
    side_class = getattr(importlib.import_module(module), class_name)
    arrays = {size.name: made_images(size) for size in sizes}
    settings = {"sizes": {size.name: size.batch_size for size in sizes}, "seconds": 0.0}
    return side_class(settings, arrays)


def cases() -> list:
    """Every row of every side; those that take a second to compile only on request."""
    found = []
    for name in SIDES:
        for row in rows_of(name):
            slow = name in QUICK and row.name not in QUICK[name]
            marks = [pytest.mark.slow] if slow else []
            found.append(pytest.param(name, row, marks=marks, id=f"{name}, {row.name}"))
    return found


@pytest.mark.parametrize(("name", "row"), cases())
def test_a_side_does_a_row_to_whole_batches(name, row):
    side = side_of(name)
    for size in (GREY, COLOUR):
        if row not in rows_for(size):
            continue
        images = side.arrays[size.name]
        given = images.copy()
        made = side.batches(row.name, images, size.batch_size)
        first, second = next(made), next(made)
        assert first.shape == second.shape == (4, 24, 24, size.channels)
        if name != KERAS:  # its layers give floats
            assert first.dtype == np.uint8
        assert np.isfinite(first).all() and first.min() >= -255 and first.max() <= 510
        if row.name not in RESTORES:
            assert (first != images[:4]).any(axis=(1, 2, 3)).mean() >= 0.75, size
        np.testing.assert_array_equal(images, given)


def test_what_the_sides_can_do_is_what_the_rows_say():
    for name, table in (
        (PILLOW, "OPERATIONS"),
        (KERAS, "LAYERS"),
        (OURS, "STEPS"),
        (ALBUMENTATIONS, "OPERATIONS"),
    ):
        if name == ALBUMENTATIONS and importlib.util.find_spec("albumentations") is None:
            continue
        module = importlib.import_module(SIDES[name].split(":")[0])
        has = set(getattr(module, table)) | {"mixup", "cutmix"} - {KERAS, ALBUMENTATIONS}
        has |= {"random resized crop"} if name == ALBUMENTATIONS else set()
        has -= {"mixup", "cutmix"} if name == ALBUMENTATIONS else set()
        assert has == {row.name for row in rows_of(name)}, name


def test_the_rows_of_a_size():
    assert {row.name for row in ROWS} - {row.name for row in rows_for(SIZES[0])} == {
        "colour jitter"
    }
    assert rows_for(SIZES[1]) == list(ROWS)
    assert [size.name for size in SIZES] == ["28x28x1", "32x32x3", "224x224x3"]
    assert all(size.images % size.batch_size == 0 for size in SIZES)


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_share_a_batch_and_every_image_is_done(threads, monkeypatch):
    side = side_of(PILLOW)
    monkeypatch.setattr(side, "threads", threads)
    images = side.arrays[COLOUR.name]
    made = side.batches("invert", images, 4)
    for start in (0, 4, 0):  # the third batch begins again
        np.testing.assert_array_equal(next(made), 255 - images[start : start + 4])
    assert side.facts()["threads"] == threads


def test_a_round_lasts_as_long_as_it_should():
    side = side_of(PILLOW)
    assert side.work("invert", GREY.name)["units"] == 4
    side.settings["seconds"] = 0.2
    assert side.work("invert", GREY.name)["units"] == 4  # prepared before
    assert side.work("flip", GREY.name)["units"] > 100


def test_sides_in_processes_in_turn(capsys):
    pillow = SIDES[PILLOW]
    rows = [row for row in ROWS if row.name in ("flip", "invert", "affine")]
    result = measure(
        (GREY,), {GREY.name: rows}, 5, 1, seconds=0.001, sides={OURS: pillow, PILLOW: pillow}
    )
    (name, measured), *others = result.items()
    assert name == "24x24x1" and not others
    assert list(measured["rows"]) == ["flip", "affine", "invert"]
    for row in measured["rows"].values():
        assert list(row["sides"]) == [OURS, PILLOW]
        assert all(len(each["rounds"]) == 5 for each in row["sides"].values())
        assert row["best_other"] == PILLOW
        medians = [row["sides"][side]["median"] for side in (OURS, PILLOW)]
        assert row["ratio"] == medians[0] / medians[1]
    assert measured["sides"][OURS]["threads"] == 1
    assert "24x24x1 3 of 3: invert: this project " in capsys.readouterr().out
    augmentation_table(name, measured)


def figures(*medians: float) -> dict:
    """A row: this project's median, then the others' in the order of the sides."""
    sides = {
        side: {"median": median, "min": 0.9 * median, "max": 1.1 * median, "cores": 1.0}
        for side, median in zip(SIDES, medians, strict=False)
        if median
    }
    fastest = max(sides, key=lambda side: sides[side]["median"])
    others = [sides[side]["median"] for side in sides if side != OURS]
    ratio = medians[0] / max(others) if others else None
    return {"sides": sides, "fastest": fastest, "ratio": ratio}


ROWS_BY_HAND = {
    "flip": figures(200_000, 100_000, 50_000, 80_000),
    "equalize": figures(10_000, 4_000, 0, 20_000),
    "elastic": figures(3_000),
    "RandAugment": figures(9_000, 300),
}


def test_scores_by_hand():
    small = scores("28x28x1", ROWS_BY_HAND)
    assert (small["won"], small["of"], small["share"]) == (3, 4, 0.75)
    assert small["share_target"] == 0.8 and small["share_reached"] is False
    assert small["rand_augment"] == {"ratio": 30.0, "target": 20.0, "reached": True}
    large = scores("224x224x3", ROWS_BY_HAND)
    assert large["share_target"] is large["share_reached"] is None
    assert large["rand_augment"]["reached"] is None
    assert scores("28x28x1", {"flip": ROWS_BY_HAND["flip"]})["rand_augment"] is None


def test_the_table_shows_every_side_a_dash_and_the_verdict():
    facts = {"version": "1.2", "threads": 1, "how": "by hand"}
    result = {
        "batch_size": 256,
        "rounds": 7,
        "sides": dict.fromkeys(SIDES, facts),
        "rows": ROWS_BY_HAND,
        **scores("32x32x3", ROWS_BY_HAND),
    }
    lines = augmentation_table("32x32x3", result).splitlines()
    assert lines[0] == "32x32x3, uint8, images/s"
    assert lines[2].split() == [
        "flip",
        "200,000",
        "±10%",
        "100,000",
        "±10%",
        "50,000",
        "±10%",
        "80,000",
        "±10%",
        "2.00",
    ]
    assert lines[3].split() == [
        "equalize",
        "10,000",
        "±10%",
        "4,000",
        "±10%",
        "-",
        "20,000",
        "±10%",
        "0.50",
    ]
    assert lines[4].split() == ["elastic", "3,000", "±10%", "-", "-", "-", "-"]
    assert {len(line) for line in lines[1:6]} == {len(lines[1])} and len(lines[1]) < 110
    assert "fastest in 3 of 4 rows (75%; target 80%: missed); RandAugment 30.0 times" in lines[6]
    assert "(target 20: reached)" in lines[6]
    assert "medians of 7 rounds in turn" in lines[7] and "batches of 256" in lines[7]
    assert lines[8] == "this project: 1.2, 1 thread, by hand; 1.00 cores busy at most"


@pytest.mark.parametrize(
    ("median", "text"), [(987_654, "988,000"), (23_449, "23,400"), (812.4, "812"), (9.4, "9")]
)
def test_three_digits_and_the_spread(median, text):
    speed = {"median": median, "min": 0.98 * median, "max": 1.04 * median}
    assert cell(speed) == f"{text} ±3%"
    assert cell(None) == "-"


def test_made_images_are_the_same_each_time_and_smooth():
    size = Size(32, 32, 3, 64, 32)
    images = made_images(size)
    assert images.shape == (64, 32, 32, 3) and images.dtype == np.uint8
    assert len(np.unique(images.reshape(64, -1), axis=0)) == 64
    np.testing.assert_array_equal(images, made_images(size))
    steps = np.abs(np.diff(images.astype(int), axis=2)).mean()
    assert 5 < steps < 40  # noise alone would have 85


def test_the_batch_size_must_divide_the_images():
    assert with_batch_size(GREY, 8) == Size(24, 24, 1, 8, 8)
    with pytest.raises(InputError, match="--batch-size 3; a divisor of 8"):
        with_batch_size(GREY, 3)


@pytest.mark.parametrize("found", [None, "2.1.0"])
def test_without_the_right_albumentations_the_error_says_what_to_install(monkeypatch, found):
    find = importlib.util.find_spec
    spec = object() if found else None
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: spec if name == "albumentations" else find(name)
    )
    monkeypatch.setattr(importlib.metadata, "version", lambda name: found)
    message = f"albumentations {found or 'missing'}; .* 2.0.8, .*; pip install -r benchmarks/"
    with pytest.raises(InputError, match=message):
        require_albumentations()
