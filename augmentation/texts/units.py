"""A text as what its readers take for single characters.

A letter and its accents, a flag (two code points), a family of joined emoji, a Korean syllable in
parts: each is one unit, and whoever moves units cannot tear one apart. The rules are those of the
extended grapheme clusters of Unicode Standard Annex 29, as far as the standard library knows the
properties they need; two things differ: an Indian conjunct (consonant, virama, consonant) is two
units, the first with its virama, and whatever follows a zero width joiner belongs to it.
"""

import functools
import unicodedata

from data.texts.cleaning import starts_anew

JOINER = "\u200d"
# marks by their use, though not by their category: zero width non-joiner, Thai and Lao vowels,
# the sound marks of narrow katakana
OTHER_MARKS = "\u200c\u0e33\u0eb3\uff9e\uff9f"


def split_units(text: str) -> list[str]:
    """The units of a text, in order; joined they are the text again."""
    if text.isascii() and "\r" not in text:
        return list(text)
    units: list[str] = []
    for character in text:
        if units and _belongs(units[-1], character):
            units[-1] += character
        else:
            units.append(character)
    return units


def is_fixed(unit: str) -> bool:
    """Whether a unit keeps its place in any case: spaces, line ends, controls, marks of nothing."""
    return unit.isspace() or kind_of(unit).startswith("C") or _extends(unit[0])


@functools.lru_cache(maxsize=2**16)
def kind_of(unit: str) -> str:
    """What a unit may be exchanged for: capital, digit, bracket, ...; letters also by their script.

    Unicode names a letter's script first: LATIN SMALL LETTER A, CJK UNIFIED IDEOGRAPH-4E00.
    """
    category = unicodedata.category(unit[0])
    script = unicodedata.name(unit[0], "").partition(" ")[0] if category[0] == "L" else ""
    return f"{category} {script}"


def _belongs(unit: str, character: str) -> bool:
    """Whether a character goes on with the unit before it."""
    last = unit[-1]
    if last == "\r":
        return character == "\n"
    if unicodedata.category(last) in ("Cc", "Zl", "Zp"):
        return False
    if _extends(character) or last == JOINER:
        return True
    if _is_flag_half(character):
        return len(unit) == 1 and _is_flag_half(unit)
    return "\ud800" <= last <= "\udbff" and "\udc00" <= character <= "\udfff"


@functools.lru_cache(maxsize=2**16)
def _extends(character: str) -> bool:
    skin = "\U0001f3fb" <= character <= "\U0001f3ff"
    tag = "\U000e0020" <= character <= "\U000e007f"
    return not starts_anew(character) or character in OTHER_MARKS + JOINER or skin or tag


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
