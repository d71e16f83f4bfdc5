"""Folders of images: layouts, cleaning that is listed, and what cannot be used."""

import os

import numpy as np
import pytest
from PIL import Image

from data.images.assembly import pixel_digest
from data.images.load import load_images
from foundation.errors import InputError


def picture(number, size=(8, 8), colour=True):
    """A small image that no other number gives."""
    random = np.random.Generator(np.random.PCG64(number))
    shape = (size[1], size[0], 3) if colour else (size[1], size[0])
    return Image.fromarray(random.integers(0, 256, shape, np.uint8))


def fill(folder, numbers, **options):
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        picture(number, **options).save(folder / f"{number:03d}.png")


def two_classes(root, **options):
    fill(root / "cat", range(10), **options)
    fill(root / "dog", range(10, 20), **options)
    return root


def load(root, **options):
    return load_images(f"folder:{root}", **options)


def reasons(dataset):
    return {change.path: (change.action, change.reason) for change in dataset.changes}


def test_class_folders_are_split_and_named(tmp_path):
    dataset = load(two_classes(tmp_path))
    assert dataset.class_names == ("cat", "dog")
    assert dataset.image_shape == (8, 8, 3)
    assert [len(split) for split in dataset.splits.values()] == [16, 2, 2]
    assert dataset.changes == () and dataset.sha256 == load(tmp_path).sha256
    number_of = {pixel_digest(np.asarray(picture(number))): number for number in range(20)}
    for split in dataset.splits.values():
        for image, label in zip(split.images, split.labels, strict=True):
            assert number_of[pixel_digest(image)] // 10 == label


@pytest.mark.parametrize("classes", [("cat", "dog"), ("",)])
@pytest.mark.parametrize(
    "names",
    [
        ("train", "test", None),
        ("train", "test", "validation"),
        ("Train", "TEST", "val"),
        ("training", "testing", "Valid"),
        ("train_set", "TestImages", "dev"),
        ("TRAIN", "test data", "eval"),
    ],
)
def test_split_folders(tmp_path, names, classes):
    for split, start in zip(names, (0, 100, 200), strict=True):
        for number, name in enumerate(classes if split else ()):
            first = start + 40 // len(classes) * number
            fill(tmp_path / split / name, range(first, first + 40 // len(classes)))
    dataset = load(tmp_path)
    sizes = [40, 40, 40] if names[2] else [36, 4, 40]
    assert [len(split) for split in dataset.splits.values()] == sizes
    expected = np.stack([np.asarray(picture(number)) for number in range(100, 140)])
    np.testing.assert_array_equal(dataset.test.images, expected)


@pytest.mark.parametrize("names", [("car", "plane", "train"), tuple(map(str, range(11)))])
def test_train_may_be_a_class_and_numbers_are_sorted_as_numbers(tmp_path, names):
    for number, name in enumerate(names):
        fill(tmp_path / name, range(3 * number, 3 * number + 3))
    assert load(tmp_path).class_names == names


def test_unicode_names_and_a_linked_class_folder(tmp_path):
    fill(tmp_path / "elsewhere", range(10))
    fill(tmp_path / "data" / "犬 🐕", range(10, 20))
    (tmp_path / "data" / "кошка").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "data" / "犬 🐕" / "über.png").write_bytes(b"")
    dataset = load(tmp_path / "data")
    assert dataset.class_names == ("кошка", "犬 🐕")
    assert reasons(dataset) == {"犬 🐕/über.png": ("dropped", "empty file")}


def test_a_name_that_is_no_utf8_is_listed_printably(tmp_path):
    fill(tmp_path, range(10))
    try:
        (tmp_path / os.fsdecode(b"\xff.png")).write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert reasons(load(tmp_path)) == {"\ufffd.png": ("dropped", "empty file")}


def test_every_kind_of_rubbish_is_listed_and_none_crashes(tmp_path):
    cat = two_classes(tmp_path) / "cat"
    (cat / ".hidden.png").write_bytes(b"not looked at")
    (cat / "empty.png").write_bytes(b"")
    (cat / "notes.txt").write_text("not an image")
    (cat / "text.png").write_text("not an image either")
    jpeg = tmp_path / "cat" / "cut.jpg"
    picture(50, (64, 64)).save(jpeg)
    jpeg.write_bytes(jpeg.read_bytes()[:-600])
    (cat / "nested").mkdir()
    (cat / "deeper").mkdir()
    picture(70).save(cat / "deeper" / "a.png")
    (cat / "broken").symlink_to("nowhere")
    (cat / "loop").symlink_to("loop")
    (cat / "up").symlink_to("..")
    (tmp_path / "around").symlink_to(".")
    os.mkfifo(cat / "pipe")
    (tmp_path / "README.md").write_text("about these images")
    dataset = load(tmp_path)
    listed = reasons(dataset)
    irregular = "not a regular file: a broken link, a pipe or a device"
    assert listed.pop("cat/cut.jpg")[1].startswith("unreadable: ")
    for name in ("cat/notes.txt", "cat/text.png"):
        assert listed.pop(name)[1].startswith("not an image")
    assert listed == {
        "cat/empty.png": ("dropped", "empty file"),
        "cat/nested": ("skipped", "cat/nested/ holds no images"),
        "cat/deeper/a.png": ("dropped", "deeper than a class folder"),
        "cat/broken": ("dropped", irregular),
        "cat/loop": ("dropped", irregular),
        "cat/pipe": ("dropped", irregular),
        "cat/up": ("dropped", "a link to a folder around it"),
        "around": ("dropped", "a link to a folder around it"),
        "README.md": ("dropped", "outside the class folders"),
    }
    assert sum(len(split) for split in dataset.splits.values()) == 20


def test_planted_duplicates_do_not_cross_splits(tmp_path):
    fill(tmp_path / "train" / "cat", range(20))
    fill(tmp_path / "train" / "dog", range(20, 40))
    fill(tmp_path / "validation" / "cat", [*range(100, 104), 3])
    fill(tmp_path / "validation" / "dog", range(104, 108))
    fill(tmp_path / "test" / "cat", [*range(200, 204), 5, 100])
    fill(tmp_path / "test" / "dog", [*range(204, 208), 7])  # 7 is a cat in train
    picture(6).save(tmp_path / "train" / "cat" / "again.bmp")  # other file, same pixels
    dataset = load(tmp_path)
    assert reasons(dataset) == {
        "train/cat/003.png": ("dropped", "duplicate: same pixels as validation/cat/003.png"),
        "train/cat/005.png": ("dropped", "duplicate: same pixels as test/cat/005.png"),
        "validation/cat/100.png": ("dropped", "duplicate: same pixels as test/cat/100.png"),
        "train/cat/again.bmp": ("dropped", "duplicate: same pixels as train/cat/006.png"),
        "train/cat/007.png": ("dropped", "same pixels under two labels: test/dog/007.png"),
        "test/dog/007.png": ("dropped", "same pixels under two labels: train/cat/007.png"),
    }
    seen = [pixel_digest(image) for split in dataset.splits.values() for image in split.images]
    assert len(seen) == len(set(seen)) == 40 - 3 + 8 + 10


def test_duplicates_are_found_after_normalisation(tmp_path):
    fill(tmp_path, range(10), colour=False)
    picture(3, colour=False).convert("RGB").save(tmp_path / "colour.png")
    picture(4, colour=False).convert("RGBA").save(tmp_path / "opaque.png")
    turned = picture(5, colour=False).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "turned.png", exif=exif)
    dropped = {
        each.path: each.reason for each in load(tmp_path).changes if each.action == "dropped"
    }
    assert dropped == {
        "colour.png": "duplicate: same pixels as 003.png",
        "opaque.png": "duplicate: same pixels as 004.png",
        "turned.png": "duplicate: same pixels as 005.png",
    }


def test_a_flat_folder_has_no_labels_and_one_colour_image_makes_all_colour(tmp_path):
    fill(tmp_path, range(10), colour=False)
    grey = load(tmp_path)
    assert grey.image_shape == (8, 8, 1) and grey.changes == ()
    assert grey.num_classes == 0 and grey.train.labels is None
    picture(99).save(tmp_path / "z.png")
    dataset = load(tmp_path)
    assert dataset.image_shape == (8, 8, 3)
    listed = reasons(dataset)
    assert len(listed) == 10
    assert listed["000.png"] == ("changed", "grey repeated in three channels")


def test_colour_files_with_grey_content_become_grey(tmp_path):
    for number in range(10):
        picture(number, colour=False).convert("RGB").save(tmp_path / f"{number}.png")
    dataset = load(tmp_path)
    assert dataset.image_shape == (8, 8, 1)
    assert reasons(dataset)["0.png"] == ("changed", "three equal channels stored as one")


def test_sizes_must_agree_or_be_made_equal(tmp_path):
    two_classes(tmp_path)
    picture(99, (12, 8)).save(tmp_path / "dog" / "wide.png")
    with pytest.raises(InputError, match=r"dog/wide.png is 12 x 8.*--image-size"):
        load(tmp_path)
    dataset = load(tmp_path, image_size=6, denoise=True)
    assert dataset.image_shape == (6, 6, 3)
    wide = [change.reason for change in dataset.changes if change.path == "dog/wide.png"]
    denoised = "denoised by a 3 x 3 median filter"
    assert wide == [denoised, "centre-cropped to a square", "resized to 6 x 6"]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({}, "holds no file"),
        ({"cat": 0}, "holds no file"),
        ({"train": 20, "test": 0}, "folder test/ holds no readable image"),  # and is not filled
        ({"train/cat": 9, "test/dog": 9}, r"test holds 'dog', .*train does not; the same class"),
        ({"train/cat": 9, "test": 9}, "test holds no class folder"),
        ({"train": 3, "test": 3, "unlabelled": 3}, "and also 'unlabelled'"),
        ({"train": 3, "test": 3, "validation": 3, "val": 3}, "validation/; one of them"),
        ({"train": 3, "Train": 3}, "one of them"),
        ({"train": 3, "test1": 3}, "holds train/ and also 'test1'"),
        ({"train2017": 3, "val2017": 3}, "holds 'train2017', 'val2017'; classes, or"),
        ({"trainA": 3, "testA": 3}, "holds 'testA', 'trainA'"),
        ({"seg_train": 3, "seg_test": 3}, "holds 'seg_test', 'seg_train'"),
        ({"test": 3, "valid": 3}, "holds test/ and valid/ without train/"),
        ({"good": 3, "test": 3}, "holds test/ and also 'good'"),
        ({"data/cat": 3, "data/dog": 3}, "6 images deeper .*first data/cat/000.png; .*/data$"),
        ({"x/train/cat": 3, "x/test/cat": 3}, "first x/test/cat/100.png; .*try folder:.*/x$"),
        ({"a/cat": 3, "b/car": 3, "c": 3}, "3 images deeper .*try folder:.*/a$"),
        ({"images/train": 3, "images/val": 3, "labels": 0}, "6 images deeper.*try .*/images$"),
        ({"train/images": 3, "val/images": 3}, "try folder:.*/train/images$"),
        ({"images": 3, "masks": 3}, "3 images deeper .*try folder:.*/images$"),
        ({".": 5}, "at least 2 each"),
    ],
)
def test_folders_that_contradict_themselves_or_hold_too_little(tmp_path, counts, message):
    for number, (name, count) in enumerate(counts.items()):
        fill(tmp_path / name, range(100 * number, 100 * number + count))
    with pytest.raises(InputError, match=message):
        load(tmp_path)


def test_folders_that_hold_no_images_are_passed_over_by_name(tmp_path):
    two_classes(tmp_path)
    for name in ("__MACOSX/cat", "cat/@eaDir", "annotations"):
        fill(tmp_path / name, range(90, 92))
    (tmp_path / "empty").mkdir()
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "000.txt").write_text("0 0.5 0.5 1 1")
    dataset = load(tmp_path)
    skipped = [change.path for change in dataset.changes if change.action == "skipped"]
    assert dataset.class_names == ("cat", "dog") and dataset.counts["read"] == 20
    assert sorted(skipped) == ["__MACOSX", "annotations", "cat/@eaDir", "empty", "labels"]


def test_masks_among_the_images_are_noticed(tmp_path):
    for number in range(10):
        for name in (f"{number}", f"{number}_mask"):
            picture(number + 50 * len(name)).save(tmp_path / f"{name}.png")
    with pytest.raises(InputError, match=r"0_mask.png beside an image 0.*--mask-suffix _mask"):
        load(tmp_path)
    dataset = load(tmp_path, mask_suffix="_mask")
    assert dataset.counts["read"] == 20 and dataset.counts["dropped"] == 10


def test_files_that_are_no_images_are_named(tmp_path, monkeypatch):
    for number in range(3):
        (tmp_path / f"{number}.png").write_text("no image")
    with pytest.raises(InputError, match=r"none of 3 files .*0.png: not an image"):
        load(tmp_path)
    two_classes(tmp_path / "classes")
    (tmp_path / "classes" / "bird").mkdir()
    (tmp_path / "classes" / "bird" / "a.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"bird/ holds no .*bird/a.png: empty file"):
        load(tmp_path / "classes")
    (tmp_path / "classes" / "bird" / "a.png").unlink()
    (tmp_path / "classes" / "bird").rmdir()
    monkeypatch.setattr("data.images.folder.BYTES_LIMIT", 1000)
    with pytest.raises(InputError, match=r"GiB.*--image-size"):
        load(tmp_path / "classes")


def test_a_missing_folder_and_a_file(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load(tmp_path / "absent")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="is a file"):
        load(tmp_path / "file")
