"""What cleaning does, held against a slow obvious version."""

import collections
import sys
import unicodedata

import numpy as np
import pytest

from data.texts.cleaning import (
    COMPOSED,
    CONTROLS,
    CONTROLS_REMOVED,
    LINE_ENDS_CHANGED,
    MARKS_REMOVED,
    clean_text,
    starts_anew,
)

CASES = {
    "nothing to do": ("a\tb\nc é 山😀\n", "a\tb\nc é 山😀\n", {}),
    "byte-order mark": ("\ufeffa\ufeffb", "ab", {MARKS_REMOVED: 2}),
    "line ends": ("a\r\nb\rc\n\r\r\nd\r", "a\nb\nc\n\n\nd\n", {LINE_ENDS_CHANGED: 5}),
    "line ends of Unicode": (
        "a\fb\x85c\vd\u2028e\u2029\n\f",
        "a\nb\nc\nd\ne\n\n\n",
        {LINE_ENDS_CHANGED: 6},
    ),
    "mark in a line end": ("a\r\ufeff\nb", "a\nb", {MARKS_REMOVED: 1, LINE_ENDS_CHANGED: 1}),
    "controls": ("a\x07b\x1c\x1f\x7f\x80\x9f\tc\n", "ab\tc\n", {CONTROLS_REMOVED: 6}),
    "accent": ("cafe\u0301 e\u0301", "café é", {COMPOSED: 2}),
    "two accents": ("a\u0307\u0323", "ạ\u0307", {COMPOSED: 1}),
    "accent after a control": ("e\x07\u0301", "é", {CONTROLS_REMOVED: 1, COMPOSED: 1}),
    "Korean letters": ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글", {COMPOSED: 2}),
    "Korean syllable and final": ("\ud558\u11ab", "한", {COMPOSED: 1}),
    "sign of its own": ("\u212b \u2126", "Å Ω", {COMPOSED: 2}),
    "Hebrew order": ("\u05e9\u05c1\u05b8", "\u05e9\u05b8\u05c1", {COMPOSED: 1}),
    "accent at the start": ("\u0301a", "\u0301a", {}),
    "Indic vowel": ("\u09c7\u09be", "\u09cb", {COMPOSED: 1}),
    "no letter for it": ("x\u0301\u0302", "x\u0301\u0302", {}),
}


def slowly_cleaned(text):
    """One rule after the other; how many of the pieces that start anew were composed."""
    text = text.replace("\ufeff", "").replace("\r\n", "\n")
    text = "".join("\n" if c in "\r\v\f\x85\u2028\u2029" else c for c in text)
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    pieces = []
    for character in text:
        if starts_anew(character) or not pieces:
            pieces.append("")
        pieces[-1] += character
    composed = sum(unicodedata.normalize("NFC", piece) != piece for piece in pieces)
    return unicodedata.normalize("NFC", text), composed


def cleaned_and_counted(text):
    changes = collections.Counter()
    return clean_text(text, changes), {kind: count for kind, count in changes.items() if count}


@pytest.mark.parametrize("text, cleaned, changes", CASES.values(), ids=CASES)
def test_each_rule(text, cleaned, changes):
    assert cleaned_and_counted(text) == (cleaned, changes)
    assert slowly_cleaned(text) == (cleaned, changes.get(COMPOSED, 0))
    assert cleaned_and_counted(cleaned) == (cleaned, {})


def test_random_texts_of_everything_that_is_difficult():
    random = np.random.Generator(np.random.PCG64(0))
    pieces = list(
        "ab \n\r\t\x00\x0c\x85\u2029\ufeffé한하山😀\u0301\u0307\u0323\u11ab\u1161\u1112\u212b\u0344"
        "\u0f73"
    )
    for _ in range(300):
        text = "".join(random.choice(pieces, size=random.integers(1, 40)))
        cleaned, changes = cleaned_and_counted(text)
        assert (cleaned, changes.get(COMPOSED, 0)) == slowly_cleaned(text)


def test_no_character_that_starts_anew_ever_joins_the_one_before():
    """Every character that stands second in a canonical pair, of all of Unicode."""
    seconds = set()
    for point in range(sys.maxunicode + 1):
        decomposition = unicodedata.decomposition(chr(point))
        if decomposition and not decomposition.startswith("<"):
            seconds |= {chr(int(part, 16)) for part in decomposition.split()[1:]}
    composing = {c for c in seconds if unicodedata.normalize("NFC", c) == c}
    # Korean syllables are composed by rule, not by table.
    composing |= set(map(chr, [*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]))
    assert len(composing) > 100
    assert not any(starts_anew(c) for c in composing)
    reordered = (chr(p) for p in range(sys.maxunicode + 1) if unicodedata.combining(chr(p)))
    assert not any(starts_anew(c) for c in reordered)


def test_all_control_characters_and_nothing_else():
    removed = [chr(p) for p in range(0x3000) if CONTROLS.fullmatch(chr(p))]
    controls = [chr(p) for p in range(0x3000) if unicodedata.category(chr(p)) == "Cc"]
    assert removed == [c for c in controls if c not in "\t\n"]
