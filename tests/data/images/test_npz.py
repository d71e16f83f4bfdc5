"""Arrays in an .npz file, with held-out images of its own or without."""

import io
import zipfile

import numpy as np
import pytest

from data.command import clean
from data.config import CleanSettings
from data.images.dataset import summarise_changes
from data.images.load import load_images
from foundation.errors import InputError

PIXELS = np.random.Generator(np.random.PCG64(0)).integers(0, 256, (40, 6, 6, 3), np.uint8)
LABELS = np.arange(40) % 4
BOTH = {"images": PIXELS, "labels": LABELS}
TEST = {"test_images": 255 - PIXELS[:5], "test_labels": np.arange(5) % 4}


def save(tmp_path, **arrays):
    path = tmp_path / "data.images.npz"
    np.savez(path, **arrays)
    return f"npz:{path}"


def test_images_and_labels(tmp_path):
    dataset = load_images(save(tmp_path, images=PIXELS, labels=LABELS, notes=np.zeros(3)))
    assert dataset.image_shape == (6, 6, 3)
    assert dataset.class_names == ("0", "1", "2", "3")
    assert [len(split) for split in dataset.splits.values()] == [32, 4, 4]
    assert np.bincount(dataset.train.labels).tolist() == [8, 8, 8, 8]
    label_of = {image.tobytes(): label for image, label in zip(PIXELS, LABELS, strict=True)}
    for split in dataset.splits.values():
        found = [label_of[image.tobytes()] for image in split.images]
        assert split.labels.tolist() == found


@pytest.mark.parametrize(
    ("numbers", "dtype"),
    [((0, 2), np.uint8), ((0, 1500), np.int16), ((3,), np.int64), ((9, 10, 7), np.uint64)],
)
def test_labels_with_gaps_are_renumbered_and_keep_their_names(tmp_path, numbers, dtype):
    old = np.resize(np.array(numbers, dtype), 40)
    dataset = load_images(save(tmp_path, images=PIXELS, labels=old))
    assert dataset.class_names == tuple(map(str, sorted(numbers)))
    old_of = {image.tobytes(): str(label) for image, label in zip(PIXELS, old, strict=True)}
    assert named_images(dataset) == old_of
    for split in dataset.splits.values():
        assert split.labels.dtype == np.int64
        assert set(split.labels.tolist()) == set(range(len(numbers)))


def test_renumbering_is_listed_and_survives_cleaning_to_a_folder(tmp_path):
    data = save(tmp_path, images=PIXELS[:20], labels=np.arange(20) % 2 * 2)
    before = load_images(data)
    assert [(change.path, change.reason) for change in before.changes] == [
        (f"images[{index}]", "label renumbered without gaps: 2 is now class 1")
        for index in range(1, 20, 2)
    ]
    assert summarise_changes(before.changes)["changed"] == {"label renumbered without gaps": 10}
    out = tmp_path / "clean"
    clean(CleanSettings(data, out=str(out), quiet=True))
    after = load_images(f"folder:{out}")
    assert after.class_names == before.class_names == ("0", "2")
    for name, split in before.splits.items():
        assert sorted(pairs(after.splits[name])) == sorted(pairs(split))
    assert (out / "cleaning.csv").read_text().count("label renumbered") == 10
    assert load_images(save(tmp_path, images=PIXELS, labels=LABELS)).changes == ()


def pairs(split):
    return [
        (image.tobytes(), label)
        for image, label in zip(split.images, split.labels.tolist(), strict=True)
    ]


def named_images(dataset):
    """Pixels -> class name, of all splits."""
    return {
        pixels: dataset.class_names[label]
        for split in dataset.splits.values()
        for pixels, label in pairs(split)
    }


def test_grey_without_a_channel_axis_or_labels_and_resizing_that_is_listed(tmp_path):
    data = save(tmp_path, images=PIXELS[..., 0])
    assert load_images(data).image_shape == (6, 6, 1)
    dataset = load_images(data, image_size=8, denoise=True)
    assert dataset.image_shape == (8, 8, 1) and dataset.train.labels is None
    assert len(dataset.changes) == 80


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"pictures": PIXELS}, "holds pictures; an array named images"),
        ({"images": PIXELS / 255}, "images .* are float64; uint8"),
        ({"images": PIXELS.astype(np.int64)}, "images .* are int64; uint8"),
        ({"images": PIXELS[0, 0]}, r"images .* have shape \(6, 3\)"),
        ({"images": PIXELS[..., :2]}, "with 1 or 3 channels"),
        ({"images": PIXELS[:0]}, "have shape"),
        ({"images": np.array([PIXELS, None], object)}, "cannot be read .*allow_pickle"),
        (BOTH | {"labels": LABELS[:-1]}, r"have shape \(39,\) for 40 images"),
        (BOTH | {"labels": LABELS[:, np.newaxis]}, r"have shape \(40, 1\)"),
        (BOTH | {"labels": LABELS.astype(float)}, "labels .* are float64; integers"),
        (BOTH | {"labels": LABELS - 1}, r"labels .* lie in \[-1, 2\]"),
        (BOTH | {"labels": LABELS * 10_000}, r"class numbers in \[0, 9999\]"),
        (BOTH | {"labels": np.array(["a"] * 40)}, "labels .* are <U1; integers"),
        (BOTH | {"labels": np.array([{}] * 40)}, "cannot be read"),
        ({"images": PIXELS[:5]}, "at least 2 each"),
        (BOTH | {"labels": np.append(np.zeros(39, int), 1)}, "class '1' has 1"),
        (BOTH | {"test_images": PIXELS}, "labels for some of images, test"),
        ({"images": PIXELS} | TEST, "labels for some of images, test"),
        (BOTH | TEST | {"test_labels": np.zeros(4, int)}, r"test_labels in .* shape \(4,\)"),
        (BOTH | TEST | {"test_images": np.zeros((5, 6, 6, 3))}, "test_images in .* are float64"),
        (BOTH | TEST | {"test_images": np.zeros((5, 5, 6, 3), np.uint8)}, "one shape"),
        (BOTH | {"class_names": np.array(["a"])}, "1 class_names in .* and label 3"),
        (BOTH | {"class_names": np.array(list("abca"))}, "different texts"),
        (BOTH | {"class_names": np.arange(4)}, "different texts"),
    ],
)
def test_arrays_at_fault(tmp_path, arrays, message):
    with pytest.raises(InputError, match=message):
        load_images(save(tmp_path, **arrays))


def test_a_missing_validation_part_is_drawn_from_the_training_images(tmp_path):
    images = PIXELS.copy()
    images[4] = TEST["test_images"][0]  # a training image that is a test image goes by its name
    dataset = load_images(save(tmp_path, images=images, labels=LABELS, **TEST))
    np.testing.assert_array_equal(dataset.test.images, TEST["test_images"])
    assert (len(dataset.train), len(dataset.validation)) == (35, 4)
    assert {i.tobytes() for i in dataset.validation.images} < {i.tobytes() for i in images}
    (change,) = dataset.changes
    assert (change.path, change.reason) == ("images[4]", "duplicate: same pixels as test_images[0]")


def test_names_follow_the_numbers_that_have_images(tmp_path):
    given = {"labels": LABELS // 2 * 2, "class_names": np.array(["a", "b", "c"])}
    assert load_images(save(tmp_path, images=PIXELS, **given)).class_names == ("a", "c")


def test_files_that_are_no_archive(tmp_path):
    with pytest.raises(InputError, match="is no file"):
        load_images(f"npz:{tmp_path}/absent.npz")
    array_file = tmp_path / "array.npy"
    np.save(array_file, PIXELS)
    with pytest.raises(InputError, match="is truncated"):
        load_images(f"npz:{array_file}")
    truncated = tmp_path / "truncated.npz"
    buffer = io.BytesIO()
    np.savez(buffer, images=PIXELS)
    truncated.write_bytes(buffer.getvalue()[:-100])
    with pytest.raises(InputError, match="truncated"):
        load_images(f"npz:{truncated}")


def test_an_array_header_that_claims_more_than_memory_holds(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (10**9, 10**6)}
    )
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("images.npy", header.getvalue() + bytes(100))
    with pytest.raises(InputError, match="cannot be read"):
        load_images(f"npz:{path}")
