"""Directories that a command fills: wholly or not at all, wherever they lie."""

import os

import pytest

from foundation.errors import InputError
from foundation.files import check_directory, claim_directory, new_directory, staged_directory


def fill(path):
    with staged_directory(path) as staged:
        (staged / "a.txt").write_text("a")
        (staged / "inner").mkdir()
        (staged / "inner" / "b.txt").write_text("b")
        assert staged.stat().st_dev == os.stat(path).st_dev


def held(path):
    return sorted(str(place.relative_to(path)) for place in path.rglob("*"))


FILLED = ["a.txt", "inner", "inner/b.txt"]


def test_new_directories_are_numbered(tmp_path):
    assert [new_directory(tmp_path, "gan").name for _ in range(2)] == ["gan-001", "gan-002"]


def test_a_new_directory_is_filled(tmp_path):
    fill(tmp_path / "new" / "out")
    assert held(tmp_path / "new") == ["out", *(f"out/{name}" for name in FILLED)]


def test_a_link_to_a_directory_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    fill(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert held(tmp_path / "real") == FILLED


def test_the_directory_itself_is_never_renamed_or_removed(tmp_path, monkeypatch):
    """The current one, a mount point or one in a read-only parent would refuse both."""
    monkeypatch.chdir(tmp_path)
    identity = os.stat(tmp_path).st_ino
    fill(".")
    assert os.stat(tmp_path).st_ino == identity
    assert held(tmp_path) == FILLED


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, ValueError])
def test_a_failure_leaves_nothing(tmp_path, error):
    (tmp_path / "old").mkdir()
    for out in (tmp_path / "new" / "out", tmp_path / "old"):
        with pytest.raises(error), staged_directory(out) as staged:
            (staged / "half").write_text("h")
            raise error
    assert held(tmp_path) == ["old"]


def test_a_failure_while_the_entries_are_moved_leaves_nothing(tmp_path, monkeypatch):
    replace = os.replace

    def replace_but_the_last(source, target):
        if os.path.basename(source) == "inner":
            raise OSError("disk")
        replace(source, target)

    monkeypatch.setattr(os, "replace", replace_but_the_last)
    with pytest.raises(OSError, match="disk"):
        fill(tmp_path / "out")
    assert held(tmp_path) == []


def test_another_writer_keeps_its_file_and_the_directory(tmp_path):
    with pytest.raises(ValueError, match="mine"), staged_directory(tmp_path / "out"):
        (tmp_path / "out" / "other.txt").write_text("other")
        raise ValueError("mine")
    assert held(tmp_path) == ["out", "out/other.txt"]


@pytest.mark.parametrize("take", [check_directory, claim_directory, fill])
@pytest.mark.parametrize("name", ["afile", "afile/x", "afile/x/y", "broken", "broken/x"])
def test_a_file_in_the_way_is_the_users_fault(tmp_path, take, name):
    (tmp_path / "afile").write_text("x")
    (tmp_path / "broken").symlink_to(tmp_path / "absent")
    with pytest.raises(InputError, match=r"--out .*(afile|broken).* is a file or a broken link"):
        take(tmp_path / name)
    assert held(tmp_path) == ["afile", "broken"]


@pytest.mark.parametrize("take", [check_directory, claim_directory, fill])
def test_a_directory_in_use_is_refused_by_what_it_holds(tmp_path, take):
    (tmp_path / ".hidden").write_text("x")
    with pytest.raises(InputError, match=r"\(it holds \.hidden\) is not empty"):
        take(tmp_path)
    assert held(tmp_path) == [".hidden"]


def test_a_check_creates_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in ("new", "new/out", ".", tmp_path / "new"):
        check_directory(path)
    assert held(tmp_path) == []
