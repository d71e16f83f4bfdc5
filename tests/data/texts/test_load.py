"""`load_text`: the embedded texts, both splits, and what the hash depends on."""

import collections
import lzma

import numpy as np
import pytest

from data.texts.cleaning import clean_text
from data.texts.files import EMBEDDED as EMBEDDED_PLACE
from data.texts.files import embedded_text
from data.texts.load import load_text, read_text, split_contiguous, split_interleaved
from data.texts.sources import tang_poems
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
    unknown = {ord(character): "\ufffd" for character in corpus.vocabulary.unknown_in(text)}
    assert corpus.vocabulary.decode(codes) == text.translate(unknown)
    assert corpus.sha256.startswith(sha256)
    assert str(corpus.train.size) in corpus.protocol.replace(",", "")


def test_a_missing_damaged_or_other_embedded_text(tmp_path):
    (tmp_path / "tang_poems").mkdir()
    path = tmp_path / "tang_poems" / "tang_poems.txt.xz"
    with pytest.raises(InputError, match="is missing; the file of the repository"):
        embedded_text("tang_poems", tang_poems.SHA256, tmp_path)
    original = (EMBEDDED_PLACE / "tang_poems" / "tang_poems.txt.xz").read_bytes()
    for damaged in (original[:-1000], b"", b"no xz", original[:500] + b"x" + original[501:]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"is damaged; the file of the repo|SHA-256"):
            embedded_text("tang_poems", tang_poems.SHA256, tmp_path)
    path.write_bytes(lzma.compress(b"another text"))
    with pytest.raises(InputError, match="holds a text with SHA-256"):
        embedded_text("tang_poems", tang_poems.SHA256, tmp_path)


@pytest.mark.parametrize(
    "split, cut", [("contiguous", split_contiguous), ("interleaved", split_interleaved)]
)
def test_both_splits_against_plain_python(tmp_path, split, cut):
    random = np.random.Generator(np.random.PCG64(7))
    text = "".join(random.choice(list("abc 山水é😀"), 700)) + "the end xyz"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    corpus = load_text(f"file:{tmp_path}/a.txt", split=split, streams=3, piece_length=4)
    parts = cut(np.array(list(text)), *((3, 4) if split == "interleaved" else ()))
    characters = sorted(set(parts[0].reshape(-1).tolist()))
    assert corpus.vocabulary.characters == tuple(characters)
    code_of = {character: code for code, character in enumerate(characters, start=1)}
    for found, part in zip(corpus.parts.values(), parts, strict=True):
        assert found.tolist() == [[code_of.get(c, 0) for c in row] for row in part.tolist()]
    assert corpus.split == split and not corpus.train.flags.writeable
    assert split in corpus.protocol and "\n" not in corpus.protocol


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

    text = "the quick brown fox\n" * 20
    assert hash_of(text) == hash_of(text) == hash_of(text.replace("\n", "\r\n"))
    others = [
        hash_of(text),
        hash_of(text, max_characters=300),
        hash_of(text, split="interleaved", streams=2, piece_length=5),
        hash_of(text, split="interleaved", streams=4, piece_length=5),
        hash_of(text.replace("x", "y")),  # the same codes of other characters
        hash_of(text[:-2] + "q\n"),
    ]
    assert len(set(others)) == len(others)


def test_arguments_that_do_not_fit():
    with pytest.raises(InputError, match=r"--encoding gb18030 with tang_poems; .*file:PATH"):
        load_text("tang_poems", encoding="gb18030")
    with pytest.raises(InputError, match="a text of 20 characters"):
        load_text("tang_poems", max_characters=20)


def slow_interleaved(text, streams, piece_length):
    """char-rnn's split in plain Python: a list of pieces for each stream."""
    columns = len(text) // (streams * piece_length)
    length = columns * piece_length
    train = int(0.8 * columns)
    validation = int(0.1 * columns)
    parts = ([], [], [])
    for stream in range(streams):
        row = text[stream * length : (stream + 1) * length]
        pieces = [row[i : i + piece_length] for i in range(0, length, piece_length)]
        cut = pieces[:train], pieces[train : train + validation], pieces[train + validation :]
        for part, chosen in zip(parts, cut, strict=True):
            part.append([code for piece in chosen for code in piece])
    return parts


def test_contiguous_by_hand():
    train, validation, test = split_contiguous(np.arange(41))
    assert train.tolist() == [list(range(36))]
    assert validation.tolist() == [[36, 37]]
    assert test.tolist() == [[38, 39, 40]]  # the odd rest


def test_contiguous_cuts_tiny_shakespeare_as_nanogpt_does():
    train, validation, test = split_contiguous(np.zeros(1_115_394, np.uint8))
    assert train.size == 1_003_854
    assert validation.size + test.size == 111_540


def test_interleaved_by_hand():
    # 2 streams, pieces of 2: 10 columns, and one code that does not fill a column
    train, validation, test = split_interleaved(np.arange(41), 2, 2)
    assert train.tolist() == [list(range(16)), list(range(20, 36))]
    assert validation.tolist() == [[16, 17], [36, 37]]
    assert test.tolist() == [[18, 19], [38, 39]]


@pytest.mark.parametrize("count", [60, 61, 119, 120, 500, 1234])
@pytest.mark.parametrize("streams, piece_length", [(1, 2), (2, 3), (3, 2)])
def test_interleaved_against_the_slow_version(count, streams, piece_length):
    codes = np.random.Generator(np.random.PCG64(count)).integers(0, 9, count, dtype=np.uint8)
    fast = split_interleaved(codes, streams, piece_length)
    slow = slow_interleaved(codes.tolist(), streams, piece_length)
    assert [part.tolist() for part in fast] == list(slow)
    assert all(np.shares_memory(part, codes) for part in fast)


@pytest.mark.parametrize("count", [0, 1, 2, 10, 30])
def test_contiguous_refuses_a_text_that_is_too_short(count):
    with pytest.raises(InputError, match=rf"a text of {count} characters; at least 31 characters"):
        split_contiguous(np.zeros(count, np.uint8))
    assert min(part.size for part in split_contiguous(np.zeros(31))) == 2


def test_interleaved_refuses_a_text_that_is_too_short():
    with pytest.raises(InputError, match=r"at least 60 for an interleaved split.*--split cont"):
        split_interleaved(np.zeros(59), 3, 2)
    shapes = [part.shape for part in split_interleaved(np.zeros(60), 3, 2)]
    assert shapes == [(3, 16), (3, 2), (3, 2)]
