"""Folders that cannot be used, each refused with what is wrong and how to mend it."""

import shutil

import numpy as np
import pytest
from PIL import Image

from data.images.load import load_images
from foundation.errors import InputError


def fill(folder, numbers):
    """Write small images that all differ."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        random = np.random.Generator(np.random.PCG64(number))
        pixels = random.integers(0, 256, (8, 8), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:03d}.png")


def load(root):
    return load_images(f"folder:{root}")


def test_too_many_pixels_for_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("data.images.folder.BYTES_LIMIT", 1000)
    fill(tmp_path, range(20))
    with pytest.raises(InputError, match=r"GiB.*--image-size"):
        load(tmp_path)


def test_a_missing_folder_and_a_file(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load(tmp_path / "absent")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="is a file"):
        load(tmp_path / "file")
    with pytest.raises(InputError, match="DATA 'folder:'"):
        load_images("folder:")


def test_an_empty_folder(tmp_path):
    with pytest.raises(InputError, match="holds no file"):
        load(tmp_path)
    (tmp_path / "cat").mkdir()
    with pytest.raises(InputError, match="holds no file"):
        load(tmp_path)


def test_a_folder_of_unreadable_files(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.png").write_text("no image")
    with pytest.raises(InputError, match=r"none of 3 files .*0.png: not an image"):
        load(tmp_path)


def test_a_class_without_images(tmp_path):
    fill(tmp_path / "cat", range(10))
    (tmp_path / "bird").mkdir()
    with pytest.raises(InputError, match="folder bird/ holds no readable image"):
        load(tmp_path)
    (tmp_path / "bird" / "a.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"bird/a.png: empty file"):
        load(tmp_path)


def test_an_empty_test_folder_is_not_filled_from_train(tmp_path):
    fill(tmp_path / "train", range(20))
    (tmp_path / "test").mkdir()
    with pytest.raises(InputError, match="folder test/ holds no readable image"):
        load(tmp_path)


def test_splits_with_different_classes(tmp_path):
    fill(tmp_path / "train" / "cat", range(10))
    fill(tmp_path / "test" / "dog", range(10, 20))
    with pytest.raises(InputError, match=r"holds 'dog'.*the same class folders"):
        load(tmp_path)
    shutil.rmtree(tmp_path / "test")
    fill(tmp_path / "test", range(10, 20))
    with pytest.raises(InputError, match="no class folder"):
        load(tmp_path)


def test_ambiguous_splits(tmp_path):
    for name in ("train", "test", "unlabelled"):
        fill(tmp_path / name, range(3))
    with pytest.raises(InputError, match="'unlabelled'"):
        load(tmp_path)
    shutil.rmtree(tmp_path / "unlabelled")
    for name in ("validation", "val"):
        fill(tmp_path / name, range(3))
    with pytest.raises(InputError, match="one of them"):
        load(tmp_path)


def test_too_few_images(tmp_path):
    fill(tmp_path, range(5))
    with pytest.raises(InputError, match="at least 2 each"):
        load(tmp_path)
