"""Characters to codes and back, and vocabularies that come damaged from a file."""

import json

import numpy as np
import pytest

from data.texts.vocabulary import Vocabulary, code_points, require_known
from foundation.errors import InputError

TEXTS = [
    "To be, or not to be",
    "山水有相逢，風雨故人來。\n",
    "a😀b👩\u200d👧c 🏴",
    "e\u0301 \u05e9\u05b8\u05dc\u05d5\u05b9\u05dd ช้าง",  # marks that stay marks
    "\ufffd\x00\U0010ffff",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back(text):
    vocabulary = Vocabulary(tuple(sorted(set(text))))
    codes = vocabulary.encode(text)
    # the slow and obvious way
    assert codes.tolist() == [sorted(set(text)).index(character) + 1 for character in text]
    assert vocabulary.decode(codes) == text
    assert vocabulary.decode(codes.astype(np.int64).reshape(-1, 1)) == text
    assert Vocabulary.from_json(json.loads(json.dumps(vocabulary.to_json()))) == vocabulary


def test_an_unknown_character_has_code_0_and_is_named():
    vocabulary = Vocabulary(("a", "b", "山"))
    assert vocabulary.UNKNOWN == 0
    assert vocabulary.size == 4
    text = "bz山水za\ud83d"
    assert vocabulary.encode(text).tolist() == [2, 0, 3, 0, 0, 1, 0]
    assert vocabulary.decode(vocabulary.encode(text)) == "b\ufffd山\ufffd\ufffda\ufffd"
    with pytest.raises(InputError, match=r"--x has 'z' .*, '水' .*, '\\ud83d' \(U\+D83D\), which"):
        require_known(vocabulary, "--x", text)
    assert vocabulary.encode("").tolist() == []
    assert vocabulary.decode([]) == ""


@pytest.mark.parametrize("count, dtype", [(255, np.uint8), (256, np.uint16)])
def test_the_smallest_codes_that_hold_all(count, dtype):
    characters = tuple(map(chr, range(0x4E00, 0x4E00 + count)))
    vocabulary = Vocabulary(characters)
    codes = vocabulary.encode("".join(characters))
    assert codes.dtype == vocabulary.dtype == dtype
    assert codes.tolist() == list(range(1, count + 1))
    assert vocabulary.decode(codes) == "".join(characters)


@pytest.mark.parametrize("codes", [[0, 3], [-1], [2**40]])
def test_codes_of_another_vocabulary_are_refused(codes):
    with pytest.raises(ValueError, match=r"codes in \[0, 2\]"):
        Vocabulary(("a", "b")).decode(codes)


@pytest.mark.parametrize(
    "damaged",
    {
        "no characters": {},
        "list": [],
        "None": None,
        "null": {"characters": None},
        "list of characters": {"characters": ["a", "b"]},
        "empty": {"characters": ""},
        "order": {"characters": "ba"},
        "twice": {"characters": "aab"},
        "surrogate": {"characters": "ab\ud800"},
        "too many": {"characters": "".join(map(chr, [*range(0xD800), *range(0xE000, 0x12000)]))},
    }.items(),
    ids=lambda item: item[0],
)
def test_a_damaged_vocabulary_is_refused(damaged):
    with pytest.raises(InputError, match="damaged vocabulary"):
        Vocabulary.from_json(damaged[1])


def test_code_points_are_small_for_ascii_and_right_for_all():
    assert code_points("az").dtype == np.uint8
    for text in TEXTS:
        assert code_points(text).tolist() == [ord(character) for character in text]
