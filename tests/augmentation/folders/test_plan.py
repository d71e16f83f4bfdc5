"""Which files an augmented folder will hold: names, order, groups."""

from pathlib import Path

import pytest

from augmentation.folders.plan import BATCH_IMAGES, BATCH_VALUES, batches, plan_balance, plan_copies
from augmentation.folders.sources import SourceImage


def sources(*names, held_out=(), shape=(4, 4, 1), masks=None) -> list[SourceImage]:
    """Sources of these names in this order; `masks` is the suffix of all masks."""
    made = []
    for index, name in enumerate(names):
        mask = masks and Path("masks", name).with_suffix(masks)
        augmented = name.split("/")[0] not in held_out
        made.append(SourceImage(index, Path("in", name), name, augmented, shape, "", mask))
    return made


def listed(plan) -> list[tuple]:
    return [(output.file, output.source.name, output.copy) for output in plan]


def test_copies_are_named_and_ordered_by_source():
    plan = plan_copies(sources("a.jpg", "cat/b.png"), 2)
    assert listed(plan) == [
        ("a-000.png", "a.jpg", 0),
        ("a-001.png", "a.jpg", 1),
        ("cat/b-000.png", "cat/b.png", 0),
        ("cat/b-001.png", "cat/b.png", 1),
    ]


def test_held_out_images_are_copied_and_not_augmented():
    names = ("test/x.jpg", "train/a.png", "train/b.png")
    plan = plan_copies(sources(*names, held_out=("test",)), 1)
    assert [row[0] for row in listed(plan)] == ["test/x.jpg", "train/a-000.png", "train/b-000.png"]
    assert plan[0].copy is None
    balanced = plan_balance(sources(*names, held_out=("test",)), 3)
    copies = [row for row in listed(balanced) if row[2] is not None]
    assert copies == [("train/a-000.png", "train/a.png", 0)]


def test_balance_deals_copies_round_after_round():
    names = [f"cat/{i}.png" for i in range(3)] + ["dog/0.png"]
    plan = plan_balance(sources(*names), 8)
    copies = {name: [c for f, s, c in listed(plan) if s == name] for name in names}
    assert copies == {
        "cat/0.png": [None, 0, 1],
        "cat/1.png": [None, 0, 1],
        "cat/2.png": [None, 0],
        "dog/0.png": [None, *range(7)],
    }
    assert len(plan) == 16


def test_balance_keeps_all_of_a_fuller_folder():
    names = [f"cat/{i}.png" for i in range(3)] + ["dog/0.png", "dog/1.png", "owl/0.png"]
    plan = plan_balance(sources(*names), 2)
    assert [row[0] for row in listed(plan)] == [*names, "owl/0-000.png"]


def test_a_flat_folder_is_balanced_as_one():
    plan = plan_balance(sources("a.png", "b.png"), 3)
    assert [row[0] for row in listed(plan)] == ["a.png", "a-000.png", "b.png"]


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
    assert [row[0] for row in listed(plan_copies(sources(*names), 1))] == expected


def test_a_copy_never_takes_the_name_of_an_original():
    plan = plan_balance(sources("a-000.png", "a-x.png", "a.png"), 5)
    names = [row[0] for row in listed(plan)]
    assert names == ["a-000.png", "a-000-000.png", "a-x.png", "a-x-000.png", "a.png"]
    more = [row[0] for row in listed(plan_balance(sources("A-000.png", "a.png"), 4))]
    assert more == ["A-000.png", "A-000-000.png", "a.png", "a_-000.png"]


def test_a_thousand_copies_sort_by_name():
    plan = plan_copies(sources("a.png"), 1001)
    names = [row[0] for row in listed(plan)]
    assert names[0] == "a-0000.png" and names == sorted(names)


def test_masks_lie_apart_under_the_same_names():
    plan = plan_balance(sources("cat/a.jpg", masks=".png"), 2)
    pairs = [(output.file, output.mask) for output in plan]
    assert pairs == [
        ("images/cat/a.jpg", "masks/cat/a.png"),
        ("images/cat/a-000.png", "masks/cat/a-000.png"),
    ]


def test_groups_hold_images_of_one_shape_or_originals():
    mixed = [
        *sources("a.png", "b.png", shape=(4, 4, 1)),
        *sources("c.png", shape=(4, 4, 3)),
    ]
    outputs = plan_balance(mixed, 8)
    groups = batches(outputs)
    assert [{(o.copy is None, o.source.shape) for o in group} for group in groups[1:]] == [
        {(False, (4, 4, 1))},
        {(False, (4, 4, 3))},
    ]
    assert [len(group) for group in groups] == [3, 4, 1]
    assert all(output.copy is None for output in groups[0])
    assert sorted(o.file for group in groups for o in group) == sorted(o.file for o in outputs)


def test_groups_are_bounded_in_images_and_pixels():
    many = batches(plan_copies(sources("a.png"), 3 * BATCH_IMAGES + 1))
    assert [len(group) for group in many] == [BATCH_IMAGES] * 3 + [1]
    side = BATCH_VALUES // 4
    large = batches(plan_copies(sources("a.png", shape=(1, side, 2)), 5))
    assert [len(group) for group in large] == [2, 2, 1]
    huge = batches(plan_copies(sources("a.png", shape=(4, side, 3)), 2))
    assert [len(group) for group in huge] == [1, 1]
