"""A fused set on disk: loads again as a data set, with real images only to be tested on."""

import hashlib
import json

import numpy as np
import pytest

from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.synthetic.fused_file import check_file, save_fused
from data.synthetic.fusion import fuse
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from foundation.errors import InputError

GENERATOR = np.random.default_rng(0)
NAMES = ("cat", "dog")


def made_dataset(labelled=True):
    parts = [
        ImageSplit(
            GENERATOR.integers(0, 256, (count, 6, 6, 1), dtype=np.uint8),
            np.arange(count) % 2 if labelled else None,
        )
        for count in (20, 6, 8)
    ]
    return ImageDataset("real", *parts, NAMES if labelled else ())


def made_source(labelled=True):
    samples = GENERATOR.integers(0, 256, (30, 6, 6, 1), dtype=np.uint8)
    return Samples("made", samples, np.arange(30) % 2 if labelled else None)


def saved(tmp_path, labelled=True):
    dataset = made_dataset(labelled)
    real = Samples("real", dataset.train.images, dataset.train.labels)
    fused = fuse(real, [made_source(labelled)], ratio=0.5, held_out=HeldOut.of(dataset))
    path = tmp_path / "fused.npz"
    save_fused(path, fused, dataset, {"command": "made by a test"})
    return path, fused, dataset


def test_every_sample_is_written_with_where_it_comes_from(tmp_path):
    path, fused, _ = saved(tmp_path)
    with np.load(path, allow_pickle=False) as read:
        np.testing.assert_array_equal(read["images"], fused.images)
        np.testing.assert_array_equal(read["labels"], fused.labels)
        np.testing.assert_array_equal(read["source"], fused.provenance.source)
        np.testing.assert_array_equal(read["index"], fused.provenance.index)
        assert read["source_names"].tolist() == ["real", "made"]


@pytest.mark.parametrize("labelled", [True, False])
def test_it_loads_as_a_data_set_that_trains_on_the_mixture_and_tests_on_real_images(
    tmp_path, labelled
):
    path, fused, dataset = saved(tmp_path, labelled)
    loaded = load_images(f"npz:{path}")
    np.testing.assert_array_equal(loaded.train.images, fused.images)
    for part in ("validation", "test"):
        expected, found = getattr(dataset, part), getattr(loaded, part)
        np.testing.assert_array_equal(found.images, expected.images)
        if labelled:
            np.testing.assert_array_equal(found.labels, expected.labels)
    assert loaded.class_names == dataset.class_names
    if labelled:
        np.testing.assert_array_equal(loaded.train.labels, fused.labels)


def test_the_json_says_what_was_done_and_which_file_it_means(tmp_path):
    path, fused, _ = saved(tmp_path)
    report = json.loads(path.with_suffix(".json").read_text())
    assert report["command"] == "made by a test" and report["file"] == "fused.npz"
    assert report["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report["fusion"] == json.loads(json.dumps(fused.report))
    assert report["fusion"]["ratio"] == 0.5


def test_a_place_that_cannot_be_written_is_refused_before_the_work(tmp_path):
    with pytest.raises(InputError, match=r"ends in \.npz"):
        check_file(str(tmp_path / "fused"))
    (tmp_path / "fused.json").write_text("mine")
    with pytest.raises(InputError, match=r"fused\.json exists"):
        check_file(str(tmp_path / "fused.npz"))
    assert check_file(str(tmp_path / "other.npz")).name == "other.npz"


# What data/images/npz.py makes of held-out arrays -------------------------------------------------


def arrays(**changed):
    base = {
        "images": GENERATOR.integers(0, 256, (20, 4, 4, 1), dtype=np.uint8),
        "labels": np.arange(20) % 2,
        "test_images": GENERATOR.integers(0, 256, (5, 4, 4, 1), dtype=np.uint8),
        "test_labels": np.arange(5) % 2,
    }
    return {name: value for name, value in (base | changed).items() if value is not None}


def test_a_missing_validation_part_is_drawn_from_the_training_images(tmp_path):
    given = arrays()
    np.savez(tmp_path / "x.npz", **given)
    loaded = load_images(f"npz:{tmp_path / 'x.npz'}")
    np.testing.assert_array_equal(loaded.test.images, given["test_images"])
    assert (len(loaded.train), len(loaded.validation)) == (18, 2)
    held = {image.tobytes() for image in given["images"]}
    assert {image.tobytes() for image in loaded.validation.images} < held


def test_a_training_image_that_is_a_test_image_is_dropped_by_name(tmp_path):
    given = arrays()
    given["images"][3], given["labels"][3] = given["test_images"][1], given["test_labels"][1]
    np.savez(tmp_path / "x.npz", **given)
    loaded = load_images(f"npz:{tmp_path / 'x.npz'}")
    (change,) = loaded.changes
    assert (change.path, change.reason) == (
        "images[3]",
        "duplicate: same pixels as test_images[1]",
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"test_labels": None}, "labels for some of images, test"),
        ({"labels": None}, "labels for some of images, test"),
        ({"test_labels": np.zeros(4, int)}, r"test_labels in .* have shape \(4,\)"),
        ({"test_images": np.zeros((5, 4, 4, 1))}, "test_images in .* are float64"),
        ({"test_images": np.zeros((5, 5, 4, 1), np.uint8)}, "one shape"),
        ({"class_names": np.array(["a"])}, "1 class_names in .* and label 1"),
        ({"class_names": np.array(["a", "a"])}, "different texts"),
        ({"class_names": np.array([1, 2])}, "different texts"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_by_name(tmp_path, changed, message):
    np.savez(tmp_path / "x.npz", **arrays(**changed))
    with pytest.raises(InputError, match=message):
        load_images(f"npz:{tmp_path / 'x.npz'}")


def test_names_follow_the_numbers_that_have_images(tmp_path):
    names = np.array(["a", "b", "c"])
    np.savez(
        tmp_path / "x.npz",
        **arrays(labels=np.arange(20) % 2 * 2, test_labels=np.full(5, 2)),
        class_names=names,
    )
    assert load_images(f"npz:{tmp_path / 'x.npz'}").class_names == ("a", "c")
