"""`load_text`: the embedded texts, both splits, and what the hash depends on."""

import collections
import itertools
import lzma

import numpy as np
import pytest

from data.texts import files
from data.texts.cleaning import clean_text
from data.texts.load import PIECE, STREAMS, load_text, read_text, split_codes
from data.texts.vocabulary import Vocabulary
from foundation.errors import InputError

# name: characters, different ones, size of the vocabulary of the contiguous split, dtype, hash
EMBEDDED = {
    "shakespeare": (5_051_119, 79, 80, np.uint8, "07f4c598edd6f02a"),
    "tang_poems": (829_297, 5_750, 5_632, np.uint16, "2b4e386069354d6f"),
}


@pytest.mark.parametrize("name", EMBEDDED)
def test_embedded_texts_have_the_published_counts(name):
    count, different, size, dtype, sha256 = EMBEDDED[name]
    text = read_text(name)  # checks the SHA-256
    assert (len(text), len(set(text))) == (count, different)
    changes = collections.Counter()
    assert clean_text(text, changes) == text and not changes.total()
    corpus = load_text(name)
    assert corpus.name == name
    assert corpus.vocabulary.size == size
    assert corpus.train.dtype == dtype
    assert [len(part) for part in corpus.parts.values()] == [1, 1, 1]
    codes = np.concatenate([part[0] for part in corpus.parts.values()])
    unknown = {ord(each): "\ufffd" for each in set(text) - set(corpus.vocabulary.characters)}
    assert corpus.vocabulary.decode(codes) == text.translate(unknown)
    assert corpus.sha256.startswith(sha256)
    assert str(corpus.train.size) in corpus.protocol.replace(",", "")


def test_a_missing_damaged_or_other_embedded_text(tmp_path, monkeypatch):
    original = (files.EMBEDDED / "tang_poems" / "tang_poems.txt.xz").read_bytes()
    monkeypatch.setattr(files, "EMBEDDED", tmp_path)
    with pytest.raises(InputError, match="is missing; the file of the repository"):
        read_text("tang_poems")
    (tmp_path / "tang_poems").mkdir()
    for content, message in (
        (original[:-1000], "is damaged; the file of the repo"),
        (b"no xz", "is damaged"),
        (original[:500] + b"x" + original[501:], "is damaged|SHA-256"),
        (lzma.compress(b"another text"), "holds a text with SHA-256"),
    ):
        (tmp_path / "tang_poems" / "tang_poems.txt.xz").write_bytes(content)
        with pytest.raises(InputError, match=message):
            read_text("tang_poems")


def slowly_split(text: list, split: str) -> tuple[list, list, list]:
    """Both splits in plain Python; char-rnn's as a list of pieces for each stream."""
    if split == "contiguous":
        ends = [0, int(0.9 * len(text)), 0, len(text)]
        ends[2] = ends[1] + (len(text) - ends[1]) // 2
        return tuple([text[start:end]] for start, end in itertools.pairwise(ends))
    columns = len(text) // (STREAMS * PIECE)
    train, validation, parts = int(0.8 * columns), int(0.1 * columns), ([], [], [])
    for stream in range(STREAMS):
        row = text[stream * columns * PIECE :][: columns * PIECE]
        pieces = [row[i : i + PIECE] for i in range(0, len(row), PIECE)]
        cut = pieces[:train], pieces[train : train + validation], pieces[train + validation :]
        for part, chosen in zip(parts, cut, strict=True):
            part.append([code for piece in chosen for code in piece])
    return parts


@pytest.mark.parametrize(
    ("split", "count"),
    [
        *(("contiguous", count) for count in (31, 32, 41, 712, 1_115_394)),
        *(("interleaved", count) for count in (100_000, 119_999, 200_001)),
    ],
)
def test_both_splits_against_plain_python(tmp_path, split, count):
    random = np.random.Generator(np.random.PCG64(7))
    text = "".join(random.choice(list("abc 山水é😀"), count - 8)) + "end xyz."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    corpus, parts = load_text(f"file:{tmp_path}/a.txt", split), slowly_split(list(text), split)
    characters = sorted({character for row in parts[0] for character in row})
    assert corpus.vocabulary.characters == tuple(characters)
    code_of = {character: code for code, character in enumerate(characters, start=1)}
    for found, part in zip(corpus.parts.values(), parts, strict=True):
        assert found.tolist() == [[code_of.get(c, 0) for c in row] for row in part]
        assert min(found.shape) >= 1 and found.shape[1] >= 2
    assert corpus.split == split and not corpus.train.flags.writeable
    assert split in corpus.protocol and "\n" not in corpus.protocol


@pytest.mark.parametrize(
    ("split", "count", "message"),
    [
        *(("contiguous", count, "at least 31 ") for count in (0, 1, 2, 10, 30)),
        ("interleaved", 99_999, "at least 100,000 for a split that is .*--split contiguous"),
    ],
)
def test_a_text_that_is_too_short_for_its_split(split, count, message):
    with pytest.raises(InputError, match=f"a text of {count:,} characters; {message}"):
        split_codes(np.zeros(count, np.uint8), split)


def test_the_vocabulary_is_the_training_parts_and_the_rest_is_unknown(tmp_path):
    (tmp_path / "a.txt").write_text("ab" * 45 + "aZaYb" + "bbX山X", encoding="utf-8")
    corpus = load_text(f"file:{tmp_path}/a.txt")
    assert corpus.vocabulary.characters == ("a", "b")
    assert corpus.validation.tolist() == [[1, 0, 1, 0, 2]]
    assert corpus.test.tolist() == [[2, 2, 0, 0, 0]]
    assert (corpus.train != corpus.vocabulary.UNKNOWN).all()


def test_what_is_known_before_stays_in_the_vocabulary(tmp_path):
    (tmp_path / "a.txt").write_text("ab" * 45 + "aZaYb" + "bbX山X", encoding="utf-8")
    corpus = load_text(f"file:{tmp_path}/a.txt", known=Vocabulary(("Z", "b", "山")))
    assert corpus.vocabulary.characters == ("Z", "a", "b", "山")
    assert corpus.validation.tolist() == [[2, 1, 2, 0, 3]]
    (tmp_path / "a.txt").write_text("a" * 95 + "bcdef")
    with pytest.raises(InputError, match="nothing but 'a'"):
        load_text(f"file:{tmp_path}/a.txt", known=corpus.vocabulary)


def test_the_same_data_have_the_same_hash_and_other_data_another(tmp_path):
    def hash_of(text, **arguments):
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        return load_text(f"file:{tmp_path}/a.txt", **arguments).sha256

    text = "the quick brown fox\n" * 5000
    assert hash_of(text) == hash_of(text) == hash_of(text.replace("\n", "\r\n"))
    others = [
        hash_of(text),
        hash_of(text, max_characters=300),
        hash_of(text, split="interleaved"),
        hash_of(text.replace("x", "y")),  # the same codes of other characters
        hash_of(text[:-2] + "q\n"),
    ]
    assert len(set(others)) == len(others)


def test_arguments_that_do_not_fit():
    with pytest.raises(InputError, match=r"--encoding gb18030 with tang_poems; .*file:PATH"):
        load_text("tang_poems", encoding="gb18030")
    with pytest.raises(InputError, match="a text of 20 characters"):
        load_text("tang_poems", max_characters=20)
