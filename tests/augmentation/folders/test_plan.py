"""Which files an augmented folder will hold: names, order, groups."""

from pathlib import Path

import pytest

from augmentation.folders.plan import BATCH_IMAGES, BATCH_VALUES, batches, plan
from augmentation.folders.sources import SourceImage


def sources(*names, held_out=(), shape=(4, 4, 1), masks=None) -> list[SourceImage]:
    """Sources of these names in this order; `masks` is the suffix of all masks."""
    made = []
    for index, name in enumerate(names):
        mask = masks and Path("masks", name).with_suffix(masks)
        augmented = name.split("/")[0] not in held_out
        made.append(SourceImage(index, Path("in", name), name, augmented, shape, "", mask))
    return made


def listed(outputs) -> list[tuple]:
    return [(output.file, output.source.name, output.copy) for output in outputs]


def files(*names, **given) -> list[str]:
    return [output.file for output in plan(sources(*names), **given)]


def test_copies_are_named_and_ordered_by_source():
    assert listed(plan(sources("a.jpg", "cat/b.png"), copies=2)) == [
        ("a-000.png", "a.jpg", 0),
        ("a-001.png", "a.jpg", 1),
        ("cat/b-000.png", "cat/b.png", 0),
        ("cat/b-001.png", "cat/b.png", 1),
    ]


def test_held_out_images_are_copied_and_not_augmented():
    given = sources("test/x.jpg", "train/a.png", "train/b.png", held_out=("test",))
    assert listed(plan(given, copies=1)) == [
        ("test/x.jpg", "test/x.jpg", None),
        ("train/a-000.png", "train/a.png", 0),
        ("train/b-000.png", "train/b.png", 0),
    ]
    copies = [row for row in listed(plan(given, balance_to=3)) if row[2] is not None]
    assert copies == [("train/a-000.png", "train/a.png", 0)]


def test_balance_deals_copies_round_after_round():
    names = [f"cat/{i}.png" for i in range(3)] + ["dog/0.png"]
    outputs = listed(plan(sources(*names), balance_to=8))
    assert {name: [copy for _, source, copy in outputs if source == name] for name in names} == {
        "cat/0.png": [None, 0, 1],
        "cat/1.png": [None, 0, 1],
        "cat/2.png": [None, 0],
        "dog/0.png": [None, *range(7)],
    }
    assert len(outputs) == 16


def test_balance_keeps_all_of_a_fuller_folder_and_takes_a_flat_one_as_one():
    names = [f"cat/{i}.png" for i in range(3)] + ["dog/0.png", "dog/1.png", "owl/0.png"]
    assert files(*names, balance_to=2) == [*names, "owl/0-000.png"]
    assert files("a.png", "b.png", balance_to=3) == ["a.png", "a-000.png", "b.png"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a.jpg", "a.png", "b.png"), ["a.jpg-000.png", "a.png-000.png", "b-000.png"]),
        (("A.png", "a.png"), ["A.png-000.png", "a.png_-000.png"]),
        (("x/a.jpg", "y/a.png"), ["x/a-000.png", "y/a-000.png"]),
        (("a", "b.tar.gz", "c."), ["a-000.png", "b.tar-000.png", "c-000.png"]),
        (("x.y/a", "x.y/b"), ["x.y/a-000.png", "x.y/b-000.png"]),
        (("a.jpg", "a.png", "a.png.gif"), ["a.jpg-000.png", "a.png-000.png", "a.png_-000.png"]),
    ],
)
def test_no_two_copies_share_a_name(names, expected):
    assert files(*names, copies=1) == expected


def test_a_copy_never_takes_the_name_of_an_original():
    names = files("a-000.png", "a-x.png", "a.png", balance_to=5)
    assert names == ["a-000.png", "a-000-000.png", "a-x.png", "a-x-000.png", "a.png"]
    more = files("A-000.png", "a.png", balance_to=4)
    assert more == ["A-000.png", "A-000-000.png", "a.png", "a_-000.png"]


def test_a_thousand_copies_sort_by_name():
    names = files("a.png", copies=1001)
    assert names[0] == "a-0000.png" and names == sorted(names)


def test_masks_lie_apart_under_the_same_names():
    outputs = plan(sources("cat/a.jpg", masks=".png"), balance_to=2)
    assert [(output.file, output.mask) for output in outputs] == [
        ("images/cat/a.jpg", "masks/cat/a.png"),
        ("images/cat/a-000.png", "masks/cat/a-000.png"),
    ]


def test_groups_hold_images_of_one_shape_or_originals():
    mixed = [*sources("a.png", "b.png", shape=(4, 4, 1)), *sources("c.png", shape=(4, 4, 3))]
    outputs = plan(mixed, balance_to=8)
    groups = batches(outputs)
    assert [len(group) for group in groups] == [3, 4, 1]
    assert all(output.copy is None for output in groups[0])
    for group, shape in zip(groups[1:], ((4, 4, 1), (4, 4, 3)), strict=True):
        assert {(o.copy is None, o.source.shape) for o in group} == {(False, shape)}
    assert sorted(o.file for group in groups for o in group) == sorted(o.file for o in outputs)


@pytest.mark.parametrize(
    ("shape", "copies", "sizes"),
    [
        ((4, 4, 1), 3 * BATCH_IMAGES + 1, [BATCH_IMAGES] * 3 + [1]),
        ((1, BATCH_VALUES // 4, 2), 5, [2, 2, 1]),
        ((4, BATCH_VALUES // 4, 3), 2, [1, 1]),
    ],
)
def test_groups_are_bounded_in_images_and_pixels(shape, copies, sizes):
    groups = batches(plan(sources("a.png", shape=shape), copies=copies))
    assert [len(group) for group in groups] == sizes
