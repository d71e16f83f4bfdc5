"""A user's own files and folders: encodings, and everything that can be wrong with them."""

import collections
import os

import pytest

from data.texts.cleaning import COMPOSED, CONTROLS_REMOVED, LINE_ENDS_CHANGED, MARKS_REMOVED
from data.texts.files import EMPTY_FILES, LINE_ENDS_ADDED, read_folder, text_files_in
from data.texts.load import load_text
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "gb18030"])
def test_a_difficult_text_in_any_encoding(tmp_path, encoding):
    corpus = load_text(f"file:{write(tmp_path / 'a.txt', DIFFICULT, encoding)}", encoding=encoding)
    assert corpus.changes == {
        MARKS_REMOVED: 4,
        LINE_ENDS_CHANGED: 21,
        CONTROLS_REMOVED: 4,
        COMPOSED: 8,
    }
    clean = "École\nécole école\n\nab \n山水😀\n한글 한\n" * 4 + "The end, without a newline\n"
    vocabulary = set(corpus.vocabulary.characters)
    assert parts_as_text(corpus) == "".join(c if c in vocabulary else "\ufffd" for c in clean)


def test_the_first_characters_of_the_clean_text(tmp_path):
    path = write(tmp_path / "a.txt", "a\r\nb" * 100)
    corpus = load_text(f"file:{path}", max_characters=50)
    assert parts_as_text(corpus) == ("a\nb" * 100)[:50]
    assert corpus.changes == {LINE_ENDS_CHANGED: 100}
    assert corpus.cut == "the first 50 of 300 characters" and corpus.cut in corpus.protocol
    whole = load_text(f"file:{path}", max_characters=300)
    assert parts_as_text(whole) == "a\nb" * 100 and whole.cut == ""


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
    text = read_folder(str(tmp_path), "utf-8", changes, quiet=True)
    assert text == "first\nsecond\nthird\n" + "fourth" * 10
    assert +changes == {LINE_ENDS_ADDED: 1, EMPTY_FILES: 1, MARKS_REMOVED: 1, LINE_ENDS_CHANGED: 1}
    corpus = load_text(f"folder:{tmp_path}")
    assert corpus.name == f"folder:{tmp_path}"
    assert corpus.changes == dict(+changes)


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
    "latin-1": (
        "café".encode("latin-1"),
        "utf-8",
        r"not valid utf-8 at byte 3, in line 1 .*latin-1",
    ),
    "gbk": ("山水".encode("gbk"), "ascii", r"not valid ascii at byte 0, in line 1 .*gb18030"),
    "cut short": ("abc山".encode()[:-1], "utf-8", r"not valid utf-8 at byte 3, in line 1 "),
    "after lines": ("é\r\na\rb\n".encode() + b"c\xff", "utf-8", "at byte 9, in line 4 "),
    "lines of utf-16": ("\u0a0a\nab".encode("utf-16")[:-1], "utf-16", "at byte 8, in line 2 "),
    "after a mark": (b"\xef\xbb\xbfa\xff", "utf-8-sig", "at byte 4, in line 1 "),
    "utf-16 as utf-8": ("abc".encode("utf-16"), "utf-8", "UTF-16: add --encoding utf-16"),
    "utf-16-be as utf-8": (b"\xfe\xff\x00a", "utf-8", "UTF-16: add --encoding utf-16"),
    "utf-16 cut short": ("abc".encode("utf-16")[:-1], "utf-16", "not valid utf-16 at byte 6,"),
    "utf-16 without mark": ("abc".encode("utf-16-le"), "utf-16", "BOM.*--encoding utf-16-le"),
    "no such encoding": (b"abc", "utf-9", "--encoding utf-9; a text encoding.*such as utf-8"),
    "no text encoding": (b"abc", "hex", "--encoding hex; a text encoding"),
    "one character": (b"a" * 100, "utf-8", "nothing but 'a'; at least two different"),
    "one character to learn from": (b"a" * 95 + b"bcdef", "utf-8", "nothing but 'a'"),
    "too short": (b"ab" * 15, "utf-8", "a text of 30 characters; at least 31"),
    "half a character": (b"+2D0-" + b"ab" * 30, "utf-7", r"U\+D83D.*half a character"),
    "too many characters": (
        "".join(map(chr, [*range(1, 0xD800), *range(0xE000, 0x12800)])).encode(),
        "utf-8",
        "65,728 different characters; at most 65,535: a text of one or a few languages",
    ),
}


@pytest.mark.parametrize("content, encoding, message", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_one_error(tmp_path, content, encoding, message):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_text(f"file:{path}", encoding=encoding)
    with pytest.raises(InputError) as caught:
        load_text(f"folder:{tmp_path}", encoding=encoding)
    assert "\n" not in str(caught.value)
    assert str(caught.value).count(";") >= 2


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


def test_a_pipe_is_read_like_a_file(tmp_path):
    read_end, write_end = os.pipe()
    os.write(write_end, b"ab\r\n" * 30)
    os.close(write_end)
    try:
        corpus = load_text(f"file:/dev/fd/{read_end}")
    finally:
        os.close(read_end)
    assert parts_as_text(corpus) == "ab\n" * 30
