"""`data list`, `data inspect` and `data clean`."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from data.command import clean, inspect, list_datasets
from data.config import CleanSettings, InspectSettings, ListSettings
from data.images.dataset import Change, ImageSplit, class_folders, summarise_changes
from data.images.load import load_images
from data.images.overview import describe_split, example_grid
from data.kinds import IMAGES, LARGEST_IMAGE_SIZE, SMALLEST_IMAGE_SIZE, TABLE, TEXT, sources_of
from foundation.errors import InputError


@pytest.fixture
def folder(tmp_path):
    random = np.random.Generator(np.random.PCG64(0))
    for class_name in ("$cat^", "dog, big"):
        (tmp_path / "pictures" / class_name).mkdir(parents=True)
        for number in range(10):
            image = Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8))
            image.save(tmp_path / "pictures" / class_name / f"{number}.png")
    (tmp_path / "pictures" / "dog, big" / "empty.png").write_bytes(b"")
    return tmp_path / "pictures"


def test_list_names_every_data_set(capsys):
    result = list_datasets(ListSettings())
    json.dumps(result)
    printed = capsys.readouterr().out
    for room, kind in (("images", IMAGES), ("texts", TEXT), ("tables", TABLE)):
        assert list(result[room]) == [source.name for source in sources_of(kind)]
        assert all(name in printed for name in result[room])


def test_inspect_counts_and_draws(folder, tmp_path, capsys):
    out = tmp_path / "out"
    result = inspect(InspectSettings(f"folder:{folder}", out=str(out)))
    json.dumps(result, allow_nan=False)
    assert result["splits"]["train"]["class_counts"] == [8, 8]
    assert result["changes"] == {"dropped": {"empty file": 1}, "changed": {}}
    assert result["image_shape"] == [8, 8, 3]
    assert "dog, big" in capsys.readouterr().out
    for name in ("examples.png", "classes.png"):
        with Image.open(out / name) as picture:
            assert picture.width > 100
    with open(out / "cleaning.csv", newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["path", "action", "reason"],
            ["dog, big/empty.png", "dropped", "empty file"],
        ]
    with pytest.raises(InputError, match="not empty"):
        inspect(InspectSettings(f"folder:{folder}", out=str(out)))


def test_inspect_has_a_default_folder_that_may_be_written_again(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        result = inspect(InspectSettings("folder:pictures"))
        assert result["histogram"] == "outputs/inspect-folder_pictures/classes.png"


def test_names_that_are_no_plain_text_are_drawn_and_kept(tmp_path, capsys):
    names = sorted(["$a$", "x^{", "$\\frac{", "_under", "犬", "שלום", "two words", "n" * 200])
    random = np.random.Generator(np.random.PCG64(0))
    folder = tmp_path / "my pictures $x^ 漢"
    for name in names:
        (folder / name).mkdir(parents=True)
        for number in range(3):
            image = Image.fromarray(random.integers(0, 256, (8, 8, 3), np.uint8))
            image.save(folder / name / f"図 {number}.png")
    shown = inspect(InspectSettings(f"folder:{folder}", out=str(tmp_path / "out $1 é")))
    assert shown["class_names"] == names
    with Image.open(shown["histogram"]) as picture, Image.open(shown["examples"]) as examples:
        assert picture.width > 900
        assert examples.height == 6 * (1 + 9 * len(names))  # a row of 8 + 1 pixels for each name
    clean(CleanSettings(f"folder:{folder}", out=str(tmp_path / "clean 漢"), quiet=True))
    again = load_images(f"folder:{tmp_path}/clean 漢").class_names
    assert again == tuple(class_folders(tuple(names)))


def test_clean_can_be_loaded_again(folder, tmp_path, monkeypatch, capsys):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    here = clean(CleanSettings("folder:../pictures", out=".", quiet=True))
    out = tmp_path / "clean"
    result = clean(CleanSettings(f"folder:{folder}", out=str(out)))
    json.dumps(result, allow_nan=False)
    again = load_images(f"folder:{out}")
    assert again.sha256 == result["sha256"] == load_images(f"folder:{folder}").sha256
    assert load_images("folder:.").sha256 == here["sha256"] == again.sha256
    assert again.class_names == ("$cat^", "dog, big")
    names = sorted(path.name for path in out.iterdir())
    assert names == ["cleaning.csv", "test", "train", "validation"]
    with pytest.raises(InputError, match="not empty"):
        clean(CleanSettings(f"folder:{folder}", out=str(out)))
    for command, of in ((clean, CleanSettings), (inspect, InspectSettings)):
        with pytest.raises(InputError, match=r"--out .*new is .*pictures or lies in it; folders"):
            command(of(f"folder:{folder}", out=str(folder / "new")))
    again = load_images(f"folder:{folder}").record(tmp_path)
    assert again["data_counts"]["read"] == 21 and again["data_counts"]["dropped"] == 1
    assert (tmp_path / "cleaning.csv").read_text().endswith('empty.png",dropped,empty file\n')


def test_clean_quietly_and_without_labels(tmp_path, capsys):
    random = np.random.Generator(np.random.PCG64(0))
    np.savez(tmp_path / "a.npz", images=random.integers(0, 256, (30, 8, 8), np.uint8))
    out = tmp_path / "clean"
    clean(CleanSettings(f"npz:{tmp_path}/a.npz", out=str(out), quiet=True))
    assert capsys.readouterr() == ("", "")
    shown = inspect(InspectSettings(f"npz:{tmp_path}/a.npz", out=str(tmp_path / "look")))
    assert shown["splits"]["train"]["class_counts"] is None
    assert len(list((out / "train").glob("*.png"))) == 24
    assert load_images(f"folder:{out}").image_shape == (8, 8, 1)


def test_an_interrupted_clean_leaves_nothing_half_written(folder, tmp_path, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("PIL.Image.Image.save", interrupt)
    out = tmp_path / "clean"
    with pytest.raises(KeyboardInterrupt):
        clean(CleanSettings(f"folder:{folder}", out=str(out)))
    assert not out.exists()


@pytest.mark.parametrize("data", ["folder:absent", "file:absent.txt"])
def test_data_at_fault_leave_no_empty_directory(tmp_path, monkeypatch, data):
    monkeypatch.chdir(tmp_path)
    commands = {inspect: InspectSettings} | ({clean: CleanSettings} if "folder" in data else {})
    for command, settings in commands.items():
        with pytest.raises(InputError, match="does not exist"):
            command(settings(data, out="new"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "flags", "message"),
    [
        ("tang_poems", {"image_size": 8}, "--image-size with tang_poems, which is a text"),
        ("tang_poems", {"max_images": 10}, "--max-images with tang_poems"),
        ("tang_poems", {"denoise": True}, "--denoise with tang_poems"),
        ("mnist", {"encoding": "latin-1"}, "--encoding with mnist, which is images"),
        ("mnist", {"max_characters": 100}, "--max-characters with mnist"),
    ],
)
def test_flags_of_another_kind_of_data_are_refused(tmp_path, data, flags, message):
    with pytest.raises(InputError, match=message):
        inspect(InspectSettings(data, out=str(tmp_path / "out"), **flags))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", ["shakespeare", "file:a.txt"])
def test_clean_is_for_images(tmp_path, data):
    with pytest.raises(InputError, match=r"is a text; images.*data inspect"):
        clean(CleanSettings(data, out=str(tmp_path / "out")))
    assert not (tmp_path / "out").exists()


def test_an_unusable_out_is_refused_before_anything_is_read(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("data.command.load_images", None)
    (tmp_path / "file").write_text("x")
    for command, settings in ((clean, CleanSettings), (inspect, InspectSettings)):
        for out in (folder, tmp_path / "file", tmp_path / "file" / "x"):
            with pytest.raises(InputError, match="--out"):
                command(settings(f"folder:{folder}", out=str(out)))


@pytest.mark.parametrize("size", [SMALLEST_IMAGE_SIZE - 1, LARGEST_IMAGE_SIZE + 1])
def test_one_range_of_image_sizes(size):
    for settings in (CleanSettings, InspectSettings):
        settings("mnist", out="x", image_size=LARGEST_IMAGE_SIZE)
        settings("mnist", out="x", image_size=SMALLEST_IMAGE_SIZE)
        with pytest.raises(InputError, match="at least 4 and at most 512"):
            settings("mnist", out="x", image_size=size)


def test_class_folders_are_legal_and_different():
    assert class_folders(("T-shirt/top", "犬", "..", "_a")) == ["T-shirt_top", "犬", "_", "_a"]
    assert class_folders(("a/b", "a_b")) == ["0_a_b", "1_a_b"]


def test_figures_of_a_split_and_of_changes_by_hand():
    images = np.array([0, 0, 255, 255], np.uint8).reshape(4, 1, 1, 1)
    assert describe_split(ImageSplit(images, np.array([0, 2, 2, 2])), 4) == {
        "count": 4,
        "minimum": 0,
        "maximum": 255,
        "mean": 127.5,
        "standard_deviation": 127.5,
        "class_counts": [1, 0, 3, 0],
    }
    reasons = ("duplicate: same pixels as b", "duplicate: same pixels as d")
    changes = [Change("a", "dropped", reason) for reason in reasons]
    changes += [Change("e", "changed", "resized to 8 x 8")]
    sums = {"dropped": {"duplicate": 2}, "changed": {"resized to 8 x 8": 1}}
    assert summarise_changes(changes) == sums


def test_the_grid_has_a_row_for_each_class():
    images = np.zeros((4, 48, 48, 1), np.uint8)
    images[3] = 255  # the only image of class 1
    grid = np.asarray(example_grid(ImageSplit(images, np.array([0, 0, 0, 1])), 2))
    assert grid.shape == (1 + 2 * 49, 1 + 12 * 49)
    assert (grid[50:98, 1:49] == 255).all()
    assert (grid[50:98, 50:98] == 96).all()
    flat = example_grid(ImageSplit(images, None), 0)
    assert flat.size == (1 + 12 * 49, 1 + 49)
