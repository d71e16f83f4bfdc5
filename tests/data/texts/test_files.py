"""A user's own files and folders: blocks, encodings, and everything that can be wrong with them."""

import collections
import os
import tracemalloc

import numpy as np
import pytest

from data.texts import codes as text_codes
from data.texts import files as text_files
from data.texts.cleaning import COMPOSED, CONTROLS_REMOVED, LINE_ENDS_CHANGED, MARKS_REMOVED
from data.texts.codes import CharacterNumbers, translated, write_numbers
from data.texts.files import EMPTY_FILES, LINE_ENDS_ADDED, read_file, read_folder, text_files_in
from data.texts.load import load_text
from data.texts.vocabulary import MOST_CHARACTERS
from foundation.errors import InputError

DIFFICULT = (
    "\ufeffÉcole\r\nécole e\u0301cole\r\ra\x07b \x0c山水😀\n한글 \u1112\u1161\u11ab\r" * 4
    + "The end, without a newline\r"
)


def parts_as_text(corpus):
    return "".join(corpus.vocabulary.decode(part) for part in corpus.parts.values())


def write(path, text, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 5, 64])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "gb18030"])
def test_any_block_size_gives_the_same_text(tmp_path, monkeypatch, block_bytes, encoding):
    path = write(tmp_path / "a.txt", DIFFICULT, encoding)
    whole = load_text(f"file:{path}", encoding=encoding)
    monkeypatch.setattr(text_files, "BLOCK_BYTES", block_bytes)
    monkeypatch.setattr(text_codes, "BLOCK_CODES", block_bytes)
    again = load_text(f"file:{path}", encoding=encoding)
    assert again.sha256 == whole.sha256
    assert again.changes == whole.changes
    assert set(whole.changes) == {MARKS_REMOVED, LINE_ENDS_CHANGED, CONTROLS_REMOVED, COMPOSED}
    assert parts_as_text(again) == parts_as_text(whole)
    clean = "École\nécole école\n\nab 山水😀\n한글 한\n" * 4 + "The end, without a newline\n"
    vocabulary = set(whole.vocabulary.characters)
    assert parts_as_text(whole) == "".join(c if c in vocabulary else "\ufffd" for c in clean)


@pytest.mark.parametrize("distinct", [200, 255, 256, 300])
def test_the_memory_mapped_codes_against_plain_ones(tmp_path, monkeypatch, distinct):
    """New characters appear to the very end, so the numbers widen on the way."""
    random = np.random.Generator(np.random.PCG64(distinct))
    points = np.concatenate(
        [random.integers(0x4E00, 0x4E00 + 90, 3000), 0x4E00 + np.arange(distinct)]
    )
    text = "".join(map(chr, points))
    monkeypatch.setattr(text_files, "BLOCK_BYTES", 700)
    monkeypatch.setattr(text_codes, "BLOCK_CODES", 64)
    corpus = load_text(f"file:{write(tmp_path / 'a.txt', text)}")
    boundary = int(0.9 * len(text))
    characters = sorted(set(text[:boundary]))  # the slow and obvious way, in memory
    codes = [characters.index(c) + 1 if c in characters else 0 for c in text]
    assert corpus.vocabulary.characters == tuple(characters)
    assert np.concatenate([part[0] for part in corpus.parts.values()]).tolist() == codes
    assert corpus.train.dtype == np.uint8 if len(characters) <= 255 else np.uint16
    assert not corpus.train.flags.writeable


@pytest.mark.parametrize("distinct", [255, 256])
def test_numbers_by_order_of_appearance(monkeypatch, distinct):
    monkeypatch.setattr(text_codes, "BLOCK_CODES", 7)
    text = "".join(chr(0x9000 - i) for i in range(distinct)) + "a" + chr(0x9000)
    numbers, points = write_numbers(text[start : start + 5] for start in range(0, len(text), 5))
    seen = list(dict.fromkeys(text))
    assert points == [ord(c) for c in seen]
    assert numbers.tolist() == [seen.index(c) + 1 for c in text]
    assert numbers.dtype == np.uint16
    table = np.random.Generator(np.random.PCG64(0)).integers(0, 99, 300).astype(np.uint8)
    np.testing.assert_array_equal(translated(numbers, table), table[numbers])


def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path, monkeypatch):
    path = tmp_path / "large.txt"
    path.write_bytes(
        b"It is a truth universally acknowledged, that a text may be long.\r\n" * 500_000
    )
    monkeypatch.setattr(text_files, "BLOCK_BYTES", 2**18)
    monkeypatch.setattr(text_codes, "BLOCK_CODES", 2**18)
    tracemalloc.start()
    try:
        corpus = load_text(f"file:{path}")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(part.size for part in corpus.parts.values()) == 500_000 * 65
    assert peak < 16 * 2**20  # 32.5 million characters, half of it would be 16 MB as bytes


def test_no_temporary_file_is_left(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    corpus = load_text("tang_poems")
    assert list((tmp_path / "temporary").iterdir()) == []
    assert corpus.train.size  # still readable


def test_the_first_characters_of_the_clean_text(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", "a\r\nb" * 100)
    for block_bytes in (3, 2**20):
        monkeypatch.setattr(text_files, "BLOCK_BYTES", block_bytes)
        assert parts_as_text(load_text(f"file:{path}", max_characters=50)) == ("a\nb" * 100)[:50]
        assert parts_as_text(load_text(f"file:{path}", max_characters=1000)) == "a\nb" * 100
    monkeypatch.setattr(text_files, "BLOCK_BYTES", 40)
    assert load_text(f"file:{path}", max_characters=31).changes == {LINE_ENDS_CHANGED: 20}


def test_a_folder_in_order_with_newlines_between(tmp_path):
    write(tmp_path / "b.txt", "second\n")
    write(tmp_path / "a" / "z.TXT", "\ufefffirst")
    write(tmp_path / "c.txt", "")
    write(tmp_path / "d.txt", "third\r")
    write(tmp_path / "e.txt", "fourth" * 10)
    write(tmp_path / "notes.md", "no text")
    write(tmp_path / ".hidden.txt", "no text")
    write(tmp_path / ".git" / "x.txt", "no text")
    names = [path.relative_to(tmp_path).as_posix() for path in text_files_in(tmp_path)]
    assert names == ["a/z.TXT", "b.txt", "c.txt", "d.txt", "e.txt"]
    changes = collections.Counter()
    text = "".join(read_folder(str(tmp_path), "utf-8", changes))
    assert text == "first\nsecond\nthird\n" + "fourth" * 10
    assert changes == {
        LINE_ENDS_ADDED: 1,
        EMPTY_FILES: 1,
        MARKS_REMOVED: 1,
        LINE_ENDS_CHANGED: 1,
    }
    corpus = load_text(f"folder:{tmp_path}")
    assert corpus.name == f"folder:{tmp_path}"
    assert corpus.changes == dict(changes)


def test_a_path_from_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / "a.txt", "ab" * 50)
    assert load_text("file:~/a.txt").sha256 == load_text("folder:~").sha256


# content, encoding, what the error must say
BAD_FILES = {
    "empty": (b"", "utf-8", r"is empty; a text; check the path"),
    "nothing but marks": ("\ufeff\x07".encode(), "utf-8", "is empty"),
    "binary": (b"\x89abc\x00" * 9, "latin-1", "NUL characters.*not a binary file.*--encoding"),
    "binary without mark": (b"abc\x00" * 20, "utf-8", "NUL.*--encoding utf-16-le"),
    "latin-1": ("café".encode("latin-1"), "utf-8", r"not valid utf-8 at byte 3 .*latin-1"),
    "gbk": ("山水".encode("gbk"), "ascii", r"not valid ascii at byte 0 .*gb18030"),
    "cut short": ("abc山".encode()[:-1], "utf-8", r"not valid utf-8 at byte 3 "),
    "utf-16 as utf-8": ("abc".encode("utf-16"), "utf-8", "UTF-16: add --encoding utf-16"),
    "utf-16-be as utf-8": (b"\xfe\xff\x00a", "utf-8", "UTF-16: add --encoding utf-16"),
    "utf-16 cut short": ("abc".encode("utf-16")[:-1], "utf-16", "not valid utf-16 at byte 6"),
    "utf-16 without mark": ("abc".encode("utf-16-le"), "utf-16", "BOM.*--encoding utf-16-le"),
    "no such encoding": (b"abc", "utf-9", "--encoding utf-9; a text encoding.*such as utf-8"),
    "no text encoding": (b"abc", "hex", "--encoding hex; a text encoding"),
    "one character": (b"a" * 100, "utf-8", "nothing but 'a'; at least two different"),
    "one character to learn from": (b"a" * 95 + b"bcdef", "utf-8", "nothing but 'a'"),
    "too short": (b"ab" * 15, "utf-8", "a text of 30 characters; at least 31"),
    "half a character": (b"+2D0-" + b"ab" * 30, "utf-7", r"U\+D83D.*half a character"),
}


@pytest.mark.parametrize("block_bytes", [4, 7, 2**20])
@pytest.mark.parametrize("content, encoding, message", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_one_error(tmp_path, monkeypatch, content, encoding, message, block_bytes):
    monkeypatch.setattr(text_files, "BLOCK_BYTES", block_bytes)
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_text(f"file:{path}", encoding=encoding)
    with pytest.raises(InputError) as caught:
        load_text(f"folder:{tmp_path}", encoding=encoding)
    assert "\n" not in str(caught.value)
    assert str(caught.value).count(";") >= 2


@pytest.mark.parametrize("before", [0, 1, 4, 5, 6, 7, 100])
def test_the_offset_of_a_bad_byte_does_not_depend_on_blocks(tmp_path, monkeypatch, before):
    path = tmp_path / "a.txt"
    path.write_bytes("é".encode() * before + b"ab\xff" + "山".encode())
    for block_bytes in (1, 2, 3, 64):
        monkeypatch.setattr(text_files, "BLOCK_BYTES", block_bytes)
        with pytest.raises(InputError, match=rf"at byte {2 * before + 2} "):
            list(read_file(str(path), "utf-8", collections.Counter()))


def test_wrong_places(tmp_path):
    (tmp_path / "folder").mkdir()
    file = write(tmp_path / "a.txt", "a")
    for data, message in (
        (f"file:{tmp_path}/absent.txt", "absent.txt does not exist; a text file"),
        (f"file:{tmp_path}/folder", "is a directory; a file; use folder:"),
        (f"folder:{tmp_path}/absent", "absent does not exist; a folder"),
        (f"folder:{file}", "a.txt is a file; a folder"),
        (f"folder:{tmp_path}/folder", "holds no .txt file with a text"),
        ("file:", "DATA 'file:'; one of shakespeare"),
        ("folder:", "DATA 'folder:'"),
        ("mnist", "DATA 'mnist'"),
    ):
        with pytest.raises(InputError, match=message):
            load_text(data)


def test_a_file_that_may_not_be_read_is_the_systems_refusal(tmp_path, monkeypatch):
    def refuse(*arguments, **keywords):
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "a.txt", "a")
    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(PermissionError):
        load_text(f"file:{path}")


def test_a_pipe_is_read_like_a_file(tmp_path):
    read_end, write_end = os.pipe()
    os.write(write_end, b"ab\r\n" * 30)
    os.close(write_end)
    try:
        corpus = load_text(f"file:/dev/fd/{read_end}")
    finally:
        os.close(read_end)
    assert parts_as_text(corpus) == "ab\n" * 30


def test_more_different_characters_than_codes():
    points = [*range(1, 0xD800), *range(0xE000, 0x12000)]
    numbers = CharacterNumbers()
    numbers.numbers_of("".join(map(chr, points[:MOST_CHARACTERS])))
    assert numbers.numbers_of(chr(points[MOST_CHARACTERS - 1])).tolist() == [MOST_CHARACTERS]
    with pytest.raises(InputError, match="more than 65,535 different characters"):
        numbers.numbers_of(chr(points[MOST_CHARACTERS]))
