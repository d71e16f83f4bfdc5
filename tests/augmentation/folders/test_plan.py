"""Which files an augmented folder will hold: names, order, numbers, groups."""

from pathlib import Path

import pytest

from augmentation.folders.plan import BATCH_IMAGES, BATCH_VALUES, batches, plan_balance, plan_copies
from augmentation.folders.sources import Source
from augmentation.folders.tree import SourceFile, read_tree
from foundation.errors import InputError


def sources(*names, held_out=(), shape=(4, 4, 1), masks=None, **options) -> list[Source]:
    """Sources of these names in this order; `masks` is the suffix of all masks."""
    made = []
    for index, name in enumerate(names):
        file = SourceFile(index, Path("in", name), name, name.split("/")[0] not in held_out)
        mask = masks and Path("masks", name).with_suffix(masks)
        made.append(Source(file, shape, "", mask, **options))
    return made


def listed(plan) -> list[tuple]:
    return [(output.file, output.source.file.name, output.copy) for output in plan.outputs]


def test_copies_are_named_and_ordered_by_source():
    plan = plan_copies(sources("a.jpg", "cat/b.png"), 2)
    assert listed(plan) == [
        ("a-000.png", "a.jpg", 0),
        ("a-001.png", "a.jpg", 1),
        ("cat/b-000.png", "cat/b.png", 0),
        ("cat/b-001.png", "cat/b.png", 1),
    ]
    assert [output.number for output in plan.outputs] == [0, 1, 2, 3]
    assert plan.overfull == {}


def test_held_out_images_are_copied_and_not_augmented():
    names = ("test/x.jpg", "train/a.png", "train/b.png")
    plan = plan_copies(sources(*names, held_out=("test",)), 1)
    assert [row[0] for row in listed(plan)] == ["test/x.jpg", "train/a-000.png", "train/b-000.png"]
    assert plan.outputs[0].copy is None
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
    assert len(plan.outputs) == 16


def test_balance_keeps_all_of_a_fuller_folder_and_names_it():
    names = [f"cat/{i}.png" for i in range(3)] + ["dog/0.png", "dog/1.png", "owl/0.png"]
    plan = plan_balance(sources(*names), 2)
    assert plan.overfull == {"cat": 3}
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
    pairs = [(output.file, output.mask) for output in plan.outputs]
    assert pairs == [
        ("images/cat/a.jpg", "masks/cat/a.png"),
        ("images/cat/a-000.png", "masks/cat/a-000.png"),
    ]


def test_groups_hold_images_of_one_shape_and_kind_of_mask_or_originals():
    mixed = [
        *sources("a.png", "b.png", shape=(4, 4, 1)),
        *sources("c.png", shape=(4, 4, 3)),
        *sources("d.png", shape=(4, 4, 1), masks=".png", mask_dtype="int32"),
    ]
    outputs = plan_balance(mixed, 8).outputs
    groups = batches(outputs)
    found = [{(o.copy is None, *o.source.shape, o.source.mask_dtype) for o in g} for g in groups]
    assert sorted(len(group) for group in groups) == [1, 1, 2, 4]
    assert all(len(kinds) == 1 or all(kind[0] for kind in kinds) for kinds in found)
    assert sorted(o.number for group in groups for o in group) == list(range(8))


def test_groups_are_bounded_in_images_and_pixels():
    many = batches(plan_copies(sources("a.png"), 3 * BATCH_IMAGES + 1).outputs)
    assert [len(group) for group in many] == [BATCH_IMAGES] * 3 + [1]
    side = BATCH_VALUES // 4
    large = batches(plan_copies(sources("a.png", shape=(1, side, 2)), 5).outputs)
    assert [len(group) for group in large] == [2, 2, 1]
    huge = batches(plan_copies(sources("a.png", shape=(4, side, 3)), 2).outputs)
    assert [len(group) for group in huge] == [1, 1]


def make_files(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    return root


def test_a_tree_is_read_at_any_depth_in_a_fixed_order(tmp_path):
    root = make_files(tmp_path, "b/x.png", "a.png", "b/c/d/y.png", "a/z.png", ".hidden/x.png")
    make_files(root, "a/.hidden.png", "a-b.png")
    tree = read_tree(root)
    names = ["a/z.png", "a-b.png", "a.png", "b/c/d/y.png", "b/x.png"]
    assert [file.name for file in tree.files] == names
    assert [file.index for file in tree.files] == list(range(5))
    assert [file.folder for file in tree.files] == ["a", "", "", "b/c/d", "b"]
    assert tree.leaves == ["a", "b/c/d"] and tree.changes == []


@pytest.mark.parametrize(
    ("tops", "held_out"),
    [
        (("train", "test", "val"), {"test", "val"}),
        (("train", "validation"), {"validation"}),
        (("train", "bus", "car"), set()),  # vehicles
        (("test", "val"), set()),
    ],
)
def test_what_lies_beside_train_is_held_out(tmp_path, tops, held_out):
    tree = read_tree(make_files(tmp_path, *(f"{top}/cat/a.png" for top in tops)))
    assert {file.name.split("/")[0] for file in tree.files if not file.augmented} == held_out


def test_links_in_a_circle_and_pipes_are_left_out(tmp_path):
    root = make_files(tmp_path / "in", "a/x.png")
    (root / "a" / "up").symlink_to(root)
    (root / "gone.png").symlink_to(root / "nowhere")
    make_files(tmp_path / "elsewhere", "y.png")
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    tree = read_tree(root)
    assert [file.name for file in tree.files] == ["a/x.png", "linked/y.png"]
    assert [change.path for change in tree.changes] == ["a/up", "gone.png"]


def test_no_folder_an_empty_one_and_unreadable_names_are_refused(tmp_path):
    for path, message in (
        ("nowhere", "does not exist"),
        ("file", "is a file"),
        ("empty", "no file"),
    ):
        (tmp_path / "file").write_bytes(b"")
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(InputError, match=message):
            read_tree(tmp_path / path)
    bytes_path = bytes(tmp_path / "empty") + b"/\xff.png"
    with open(bytes_path, "wb"):
        pass
    with pytest.raises(InputError, match="no UTF-8"):
        read_tree(tmp_path / "empty")
