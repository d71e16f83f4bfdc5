"""What DATA can name: found by reading the folders, parsed in one place."""

import importlib
from pathlib import Path

import pytest

from data.kinds import (
    DATA_HELP,
    FOLDERS,
    IMAGES,
    TABLE,
    TABLE_HELP,
    TEXT,
    TEXT_HELP,
    all_sources,
    kind_of,
    kinds_of,
    parse,
    sources_of,
)
from foundation.errors import InputError
from gan.config import GanSettings
from lstm_text.config import TextSettings
from tests.contributing import example


def test_every_file_of_the_folders_is_found_and_named_as_data_names_it():
    files = [
        path.stem
        for folder in FOLDERS
        for path in Path(*folder.split(".")).resolve().glob("*.py")
        if path.stem != "__init__"
    ]
    found = [source.name.partition(":")[0] for source in all_sources()]
    assert sorted(found) == sorted(files)
    assert {"mnist", "digits", "folder", "shakespeare", "csv"} <= set(found)


def test_a_file_in_a_folder_is_a_data_set(tmp_path, monkeypatch):
    """A contributor adds one file; no list is kept."""
    (tmp_path / "stars.py").write_text(example("A data set"))
    package = importlib.import_module("data.images.sources")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    all_sources.cache_clear()
    try:
        source, place = parse("stars", IMAGES)
        assert (source.description, place, source.load()) == ("pictures of stars", "", "loaded")
        assert kinds_of("stars") == (IMAGES,)
    finally:
        all_sources.cache_clear()


def test_the_help_names_what_there_is():
    assert DATA_HELP == (
        "cifar10, digits, fashion_mnist, mnist, folder:PATH (one sub-folder a class) or npz:PATH"
    )
    assert TEXT_HELP == (
        "shakespeare, tang_poems, tiny_shakespeare, file:PATH or folder:PATH (its .txt files)"
    )
    assert TABLE_HELP == "breast_cancer or csv:PATH"


@pytest.mark.parametrize(
    ("data", "kind", "place"),
    [
        ("mnist", IMAGES, ""),
        ("npz:a:b.npz", IMAGES, "a:b.npz"),
        ("file:a.txt", TEXT, "a.txt"),
        ("csv:~/a.csv", TABLE, "~/a.csv"),
        ("breast_cancer", TABLE, ""),
    ],
)
def test_the_place_is_what_stands_behind_the_colon(data, kind, place):
    source, found = parse(data, kind)
    assert found == place and source.name.startswith(data.partition(":")[0])
    assert kind_of(data) == kind and kinds_of(data)[0] == kind


def test_a_folder_may_be_images_or_text():
    assert kinds_of("folder:x") == (IMAGES, TEXT)
    assert [parse("folder:x", kind)[1] for kind in (IMAGES, TEXT)] == ["x", "x"]


@pytest.mark.parametrize("data", ["", "minst", "folder", "npz:", "mnist:", "mnist:x", ":x", "x:y"])
def test_what_names_nothing(data):
    assert kinds_of(data) == ()
    for ask in (kind_of, lambda data: parse(data, IMAGES)):
        with pytest.raises(InputError) as caught:
            ask(data)
        line = str(caught.value)
        assert line.startswith(f"DATA {data!r}; one of cifar10, digits,")
        assert line.endswith("; choose one of these") and line.count("folder:PATH") == 1


@pytest.mark.parametrize(
    ("place", "meant"),
    [
        ("novel.txt", {TEXT: "file", None: "file"}),
        ("rows.CSV", {TABLE: "csv", TEXT: "file", None: "csv"}),
        ("arrays.npz", {IMAGES: "npz", TEXT: "file", None: "npz"}),
        ("folder", {IMAGES: "folder", TEXT: "folder", None: "folder"}),
    ],
)
def test_a_path_without_its_word_gets_it_suggested(tmp_path, monkeypatch, place, meant):
    """In `gan train` and `text train` when the settings are made, before TensorFlow is imported."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "folder").mkdir()
    (tmp_path / place).touch()
    asks = {None: kind_of, IMAGES: lambda data: GanSettings(data=data)}
    asks |= {TEXT: lambda data: TextSettings(data=data), TABLE: lambda data: parse(data, TABLE)}
    for data in (f"{tmp_path}/{place}", f"~/{place}"):
        for kind, ask in asks.items():
            with pytest.raises(InputError) as caught:
                ask(data)
            mend = f"did you mean {meant[kind]}:{data}?" if kind in meant else "choose one of these"
            assert str(caught.value).split("; ")[-1] == mend


def test_each_kind_lists_its_own_names():
    for kind, stranger in ((IMAGES, "tang_poems"), (TEXT, "mnist"), (TABLE, "file:a.txt")):
        with pytest.raises(InputError) as caught:
            parse(stranger, kind)
        names = ", ".join(source.name for source in sources_of(kind))
        assert f"one of {names}; choose" in str(caught.value)


def test_a_folder_is_a_text_if_it_holds_texts_and_no_images(tmp_path):
    folder = tmp_path / "folder"
    assert kind_of(f"folder:{folder}") == IMAGES
    folder.mkdir()
    assert kind_of(f"folder:{folder}") == IMAGES
    (folder / "a.txt").write_text("ab" * 100)
    (folder / "a.pdf").write_bytes(b"")
    assert kind_of(f"folder:{folder}") == TEXT
    (folder / "class").mkdir()
    (folder / "class" / "a.PNG").write_bytes(b"")
    assert kind_of(f"folder:{folder}") == IMAGES
