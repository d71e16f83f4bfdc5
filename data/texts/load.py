"""`load_text`: every text that `--data` can name, in one form, cut in one of two ways."""

import collections
import dataclasses
import hashlib
from collections.abc import Sequence

import numpy as np

from data.kinds import SMALLEST_TEXT, TEXT, parse
from data.texts.vocabulary import MOST_CHARACTERS, Vocabulary, code_points
from foundation.errors import InputError

DEFAULT_ENCODING = "utf-8"
STREAMS, PIECE = 100, 100  # of the interleaved split: rows, and characters of a row in a column
HOW = {  # it is split, in words
    "contiguous": "contiguous split: first 90 % train, next 5 % validation, last 5 % test",
    "interleaved": f"interleaved split (char-rnn): {STREAMS} streams, columns of {PIECE} "
    "characters, 80/10/10",
}


@dataclasses.dataclass(frozen=True, eq=False)
class TextCorpus:
    """A text ready for a model.

    The parts are codes, uint8 or uint16, shape (segments, length), read-only. A segment is
    contiguous text; where one ends, the next does not go on.
    """

    name: str  # what the user asked for, such as "shakespeare" or "file:novel.txt"
    vocabulary: Vocabulary  # of the characters of the training part
    train: np.ndarray
    validation: np.ndarray  # chooses the checkpoint
    test: np.ndarray  # chooses nothing
    split: str  # "contiguous" or "interleaved"
    protocol: str  # one line for people, to be printed beside every figure
    changes: dict[str, int]  # what cleaning changed -> how often
    sha256: str  # of the codes, the vocabulary and the split: the same data, the same hash
    cut: str = ""  # what part of the whole text this is, in words; "": all of it

    @property
    def parts(self) -> dict[str, np.ndarray]:
        """The three parts by name, in the order train, validation, test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


def load_text(
    data: str,
    split: str = "contiguous",
    encoding: str = DEFAULT_ENCODING,
    max_characters: int | None = None,
    quiet: bool = False,
    known: Vocabulary | None = None,
) -> TextCorpus:
    """Load, clean, split and encode a text; the same arguments give the same codes.

    Args:
      data: what a file of data/texts/sources names, such as shakespeare or file:PATH.
      split: "contiguous" (90/5/5 as nanoGPT) or "interleaved" (80/10/10 as char-rnn).
      encoding: of a file or folder.
      max_characters: only the first so many characters of the clean text; None: all. `changes`
        counts those of the whole.
      quiet: no counter on the terminal while files are read.
      known: characters that the vocabulary has in any case.

    Raises: InputError if the name, the place, the encoding or the content is at fault.
    """
    how, changes = HOW[split], collections.Counter()
    whole = read_text(data, encoding, quiet, changes)
    text, limited = whole[:max_characters], ""
    if len(text) < len(whole):
        limited = f"the first {len(text):,} of {len(whole):,} characters"
    vocabulary = _vocabulary_of(split_codes(code_points(text), split)[0], known)
    codes = vocabulary.encode(text)
    codes.setflags(write=False)
    parts = split_codes(codes, split)
    sizes = " / ".join(f"{part.size:,}" for part in parts)
    sizes += f" characters{limited and ' of ' + limited}"
    return TextCorpus(
        data,
        vocabulary,
        *parts,
        split=split,
        protocol=f"{how}; {sizes}; vocabulary of the training part",
        changes={kind: count for kind, count in changes.items() if count},
        sha256=_hash(parts, vocabulary, split),
        cut=limited,
    )


def read_text(
    data: str,
    encoding: str = DEFAULT_ENCODING,
    quiet: bool = False,
    changes: collections.Counter | None = None,
) -> str:
    """The clean text that DATA names, whole: for a text that is neither split nor learnt from.

    Args, Raises: as `load_text`.
      changes: what cleaning changed is added to it, kind -> how often.
    """
    source, place = parse(data, TEXT)
    if encoding != DEFAULT_ENCODING and not source.takes_place:
        raise InputError(
            f"--encoding {encoding} with {data}",
            "--encoding with file:PATH or folder:PATH only",
            "leave it out",
        )
    counter = collections.Counter() if changes is None else changes
    return source.load(place, encoding, counter, quiet)


def split_codes(codes: np.ndarray, split: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cut a text into three parts.

    contiguous: the first 90 % train, the next 5 % validate, the last 5 % test. Validation and test
    together are the validation text of nanoGPT (data/shakespeare_char).
    interleaved: as in char-rnn, every part is taken from all over the text. Its beginning, cut to a
    multiple of STREAMS x PIECE, is laid out as STREAMS rows, and columns of pieces go to the parts:
    the first 80 % train, the next 10 % validate, the last 10 % test.

    Args:
      codes: shape (characters,).

    Returns: train, validation and test: views of shape (1 or STREAMS, length), length at least 2.
    Raises: InputError if the text is too short.
    """
    if split == "contiguous":
        rows, least = codes[np.newaxis], SMALLEST_TEXT
        train_end = int(0.9 * len(codes))
        validation_end = train_end + (len(codes) - train_end) // 2
    else:
        columns, least = len(codes) // (STREAMS * PIECE), 10 * STREAMS * PIECE
        rows = codes[: columns * STREAMS * PIECE].reshape(STREAMS, columns * PIECE)
        train_end = int(0.8 * columns) * PIECE
        validation_end = train_end + int(0.1 * columns) * PIECE
    if len(codes) < least:
        raise InputError(
            f"a text of {len(codes):,} characters",
            f"at least {least:,} for a split that is {split}",
            "use a longer text" + (" or --split contiguous" if split == "interleaved" else ""),
        )
    return rows[:, :train_end], rows[:, train_end:validation_end], rows[:, validation_end:]


def _vocabulary_of(train: np.ndarray, known: Vocabulary | None) -> Vocabulary:
    """The characters of a training part, given as code points, and those that are known before.

    Raises: InputError if it has fewer than two different ones, or there are more than 16 bits
      number.
    """
    points = np.unique(train)
    if len(points) < 2:
        raise InputError(
            f"a text whose training part is nothing but {chr(points[0])!r}",
            "at least two different characters",
            "use another text",
        )
    if known:
        points = np.union1d(points, code_points("".join(known.characters)))
    if len(points) > MOST_CHARACTERS:
        raise InputError(
            f"a text of {len(points):,} different characters",
            f"at most {MOST_CHARACTERS:,}: a text of one or a few languages",
            "check that the file is a text and that --encoding fits",
        )
    return Vocabulary(tuple(map(chr, points.tolist())))


def _hash(parts: Sequence[np.ndarray], vocabulary: Vocabulary, split: str) -> str:
    digest = hashlib.sha256(repr((split, vocabulary.characters)).encode("utf-8"))
    for part in parts:
        digest.update(repr(part.shape).encode())
        for row in part:  # each lies in one piece, the part of an interleaved split does not
            digest.update(row)
    return digest.hexdigest()
