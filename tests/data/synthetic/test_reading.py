"""Synthetic images of any origin: what generate writes in every format, arrays, folders."""

import csv

import numpy as np
import pytest
from PIL import Image

from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from data.images.resizing import Form
from data.synthetic.reading import load_synthetic, read_generated
from data.synthetic.writing import COLUMNS, new_samples
from foundation.errors import InputError

GENERATOR = np.random.default_rng(0)


def made_images(count, channels=1):
    return GENERATOR.integers(0, 256, (count, 8, 8, channels), dtype=np.uint8)


def dataset(names=("0", "1"), channels=1):
    parts = [ImageSplit(made_images(12, channels), np.arange(12) % 2) for _ in range(3)]
    if not names:
        parts = [ImageSplit(part.images, None) for part in parts]
    return ImageDataset("real", *parts, names)


def save(path, **arrays):
    np.savez(path, **arrays)
    return f"npz:{path}"


MADE, LABELS = made_images(25), np.arange(25) % 2


def written(directory, form="npz"):
    """25 images of two classes, as a generate command writes them."""
    with new_samples(directory, "gan-conditional", "RUN", 7, quiet=True) as samples:
        samples.images(lambda i, n: (MADE[i : i + n], LABELS[i : i + n]), 25, form, 10, 100)
    return directory


@pytest.mark.parametrize("form", ["npz", "tfrecord"])
def test_what_generate_writes_is_read_with_its_labels_and_its_origin(tmp_path, form):
    written(tmp_path / "made", form)
    for place in (str(tmp_path / "made"), f"folder:{tmp_path / 'made'}"):
        source = load_synthetic(place, dataset())
        np.testing.assert_array_equal(source.samples, MADE)
        assert source.name == place and source.labels.tolist() == LABELS.tolist()
        assert source.indices.tolist() == list(range(25))
        assert source.origin["generator"] == {"gan-conditional": 25}
        assert source.origin["run"] == {"RUN": 25} and source.origin["seed"] == {"7": 25}
    with pytest.raises(InputError, match="with class 1; classes 0 to 0, those of real"):
        load_synthetic(place, dataset(("only",)))


@pytest.mark.parametrize("form", ["npz", "png"])
def test_names_of_classes_are_written_and_found_again(tmp_path, form):
    with new_samples(tmp_path / "made", "gan", "RUN", 7, quiet=True) as samples:
        samples.class_names = ("dog", "T-shirt/top")
        samples.images(lambda i, n: (MADE[i : i + n], LABELS[i : i + n]), 25, form, 10, 100)
    names, is_png = ("T-shirt/top", "dog"), form == "png"
    assert load_synthetic(str(tmp_path / "made"), dataset(names)).labels.tolist() == [
        1 - label for label in LABELS
    ]
    folders = sorted(path.name for path in (tmp_path / "made").iterdir() if path.is_dir())
    assert folders == (["T-shirt_top", "dog"] if is_png else [])
    if not is_png:
        assert load_images(f"npz:{tmp_path}/made/images.npz").class_names == ("dog", "T-shirt/top")
    with pytest.raises(InputError, match="made with class T-shirt/top; classes of real: 0, dog"):
        load_synthetic(str(tmp_path / "made"), dataset(("0", "dog")))


def test_a_changed_image_is_refused_by_its_hash(tmp_path):
    place, changed = written(tmp_path / "made"), MADE.copy()
    changed[4, 0, 0, 0] ^= 1
    np.savez(place / "images.npz", images=changed)
    with pytest.raises(InputError, match=r"image 4 of .*, which is not the one in manifest"):
        read_generated(place)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda rows: rows[:-1], "25 images and 24 rows"),
        (lambda rows: [], "25 images and 0 rows"),
        (lambda rows: [{**row, "index": "x"} for row in rows], "cannot be read"),
        (lambda rows: [{**row, "index": None} for row in rows], "cannot be read"),
        (lambda rows: [{**rows[0], "label": ""}, *rows[1:]], "cannot be read .*all or no labels"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(tmp_path, damage, message):
    place = written(tmp_path / "made")
    with open(place / "manifest.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(place / "manifest.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(damage(rows))
    with pytest.raises(InputError, match=message):
        read_generated(place)


def test_a_place_without_images_is_refused(tmp_path):
    place = written(tmp_path / "made")
    (place / "images.npz").unlink()
    with pytest.raises(InputError, match="without images"):
        read_generated(place)
    with pytest.raises(InputError, match="does not exist; synthetic images"):
        load_synthetic(str(tmp_path / "nowhere"), dataset())
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"has no manifest\.csv"):
        load_synthetic(str(tmp_path / "empty"), dataset())
    (place / "manifest.csv").write_text("file,source\na,b\n")
    with pytest.raises(InputError, match=r"cannot be read .*columns index, generator"):
        load_synthetic(str(place), dataset())


def test_damaged_records_are_refused(tmp_path):
    place = written(tmp_path / "made", "tfrecord")
    (place / "images.tfrecord").write_bytes(b"no record at all")
    with pytest.raises(InputError, match="tfrecord files that cannot be read"):
        read_generated(place)


@pytest.mark.parametrize(
    ("names", "numbers", "expected"),
    [
        (("0", "1"), [0, 1, 1], [0, 1, 1]),
        (("3", "10"), [10, 3, 3], [1, 0, 0]),  # numbers are names where all names are numbers
        (("cat", "dog"), [1, 0, 0], [1, 0, 0]),  # else they are positions
    ],
)
def test_numbers_in_an_npz_are_classes_of_the_real_data(tmp_path, names, numbers, expected):
    place = save(tmp_path / "a.npz", images=made_images(3), labels=np.array(numbers))
    source = load_synthetic(place, dataset(names))
    assert source.labels.tolist() == expected and source.labels.dtype == np.int64


def test_names_in_an_npz_count_more_than_numbers(tmp_path):
    arrays = {"images": made_images(3), "labels": np.array([0, 1, 1])}
    place = save(tmp_path / "a.npz", **arrays, class_names=np.array(["dog", "cat"]))
    assert load_synthetic(place, dataset(("cat", "dog"))).labels.tolist() == [1, 0, 0]


@pytest.mark.parametrize(("names", "number"), [(("3", "10"), 0), (("cat", "dog"), 2)])
def test_a_class_that_the_real_data_lack_is_refused(tmp_path, names, number):
    place = save(tmp_path / "a.npz", images=made_images(1), labels=np.array([number]))
    with pytest.raises(InputError, match=f"label {number}; classes of real: {', '.join(names)}"):
        load_synthetic(place, dataset(names))


def test_a_class_below_0_in_a_manifest_is_refused(tmp_path):
    place = written(tmp_path / "made")
    text = (place / "manifest.csv").read_text()
    with open(place / "manifest.csv", newline="") as file:
        label = next(csv.DictReader(file))["label"]
    (place / "manifest.csv").write_text(text.replace(f",{label},", ",-1,"))
    with pytest.raises(InputError, match="with class -1; classes 0 to"):
        load_synthetic(str(place), dataset(tuple("0123456789")))


def made_folder(root, names, size=8):
    for name in names:
        (root / name).mkdir(parents=True)
        for index in range(3):
            pixels = GENERATOR.integers(0, 256, (size, size), dtype=np.uint8)
            Image.fromarray(pixels).save(root / name / f"{index}.png")
    return f"folder:{root}"


def test_a_folders_classes_are_found_by_name(tmp_path):
    place = made_folder(tmp_path / "made", ["dog"])
    assert load_synthetic(place, dataset(("cat", "dog"))).labels.tolist() == [1, 1, 1]
    with pytest.raises(InputError, match="class dog; classes of real: 0, 1"):
        load_synthetic(place, dataset())


def test_size_and_channels_are_brought_to_the_real_ones_where_nothing_is_lost(tmp_path):
    place = made_folder(tmp_path / "made", ["0", "1"], size=16)
    source = load_synthetic(place, dataset(channels=3), form=Form(8))
    assert source.samples.shape == (6, 8, 8, 3) and source.name == place
    assert (source.samples == source.samples[..., :1]).all()
    assert source.origin["changed"] == ["grey repeated in three channels"]
    with pytest.raises(InputError, match=r"shape \(16, 16, 1\); \(8, 8, 1\), the shape of real"):
        load_synthetic(place, dataset())
    colour = save(tmp_path / "c.npz", images=made_images(2, 3), labels=np.array([0, 1]))
    with pytest.raises(InputError, match=r"\(8, 8, 3\); \(8, 8, 1\).*--channels grey or rgb"):
        load_synthetic(colour, dataset())
    source = load_synthetic(colour, dataset(), Form(channels="grey"))
    assert source.samples.shape == (2, 8, 8, 1) and source.origin["changed"] == ["colour made grey"]


def test_what_is_lost_of_a_folder_is_told_and_listed(tmp_path, capsys):
    place = made_folder(tmp_path / "made", ["train/0", "train/1", "Test/0", "Test/1"])
    (tmp_path / "made" / "train" / "0" / "9.png").write_bytes(b"")
    source = load_synthetic(place, dataset(), quiet=False)
    lost = {"held out from training": 6, "empty file": 1}
    assert source.origin["data_counts"]["reasons"]["dropped"] == lost and len(source) == 6
    assert f"{place}: 13 read; 7 dropped (held out" in capsys.readouterr().err
    assert source.changes[0].path == "train/0/9.png"


def test_labels_are_left_out_where_the_real_data_have_none(tmp_path):
    labelled = save(tmp_path / "a.npz", images=made_images(2), labels=np.array([0, 9]))
    for place in (labelled, made_folder(tmp_path / "made", ["x", "y"])):
        source = load_synthetic(place, dataset(()))
        assert source.labels is None
        assert source.origin["changed"] == ["labels left out: the real data have none"]


def test_of_a_file_with_held_out_images_only_the_training_images_are_a_source(tmp_path):
    arrays = {"images": made_images(4), "labels": np.array([0, 1, 0, 1])}
    held_out = {"test_images": made_images(2), "test_labels": np.array([1, 1])}
    source = load_synthetic(save(tmp_path / "a.npz", **arrays, **held_out), dataset())
    np.testing.assert_array_equal(source.samples, arrays["images"])
    assert source.labels.tolist() == [0, 1, 0, 1] and source.indices.tolist() == [0, 1, 2, 3]
