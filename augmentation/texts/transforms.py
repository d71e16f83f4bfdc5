"""Noise for texts: each transform draws numbers for every character and applies them.

"Character" is what readers take for one, a unit: a letter and its accents, a flag (two code
points), a family of joined emoji, a Korean syllable in parts; whoever moves units cannot tear one
apart. The rules are those of the extended grapheme clusters of Unicode Standard Annex 29, as far as
the standard library knows the properties they need; two things differ: an Indian conjunct
(consonant, virama, consonant) is two units, and whatever follows a zero width joiner belongs to it.

Spaces and line ends are never changed, so that words and lines stay; new characters come from the
text's own alphabet, and are of the kind of the one beside or below them: a letter for a letter, a
Chinese character for a Chinese one.
"""

import abc
import bisect
import dataclasses
import functools
import unicodedata

import numpy as np

from augmentation.core.fields import Named, Range, option
from data.texts.cleaning import starts_anew

TEXT_TRANSFORMS: dict[str, type["TextTransform"]] = {}  # the name in a recipe -> the class
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


class Alphabet:
    """The characters that may come into a text, by kind and in the order of their code points."""

    def __init__(self, units: list[str]):
        self.of_kind: dict[str, list[str]] = {}
        for unit in sorted(set(units)):
            if not is_fixed(unit):
                self.of_kind.setdefault(kind_of(unit), []).append(unit)

    def like(self, unit: str, place: float, other: bool) -> str:
        """A character of the unit's kind; the unit itself if none is left.

        `place` is in [0, 1), among those to choose from; `other`: leave out the unit itself.
        """
        choice = self.of_kind.get(kind_of(unit), [])
        own = bisect.bisect_left(choice, unit)
        without = other and own < len(choice) and choice[own] == unit
        count = len(choice) - without
        if not count:
            return unit
        chosen = int(place * count)
        return choice[chosen + (without and chosen >= own)]


@dataclasses.dataclass(frozen=True)
class TextTransform(Named, abc.ABC):
    """Base: checks every field."""

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        TEXT_TRANSFORMS[cls.name()] = cls

    @abc.abstractmethod
    def __call__(
        self, units: list[str], random: np.random.Generator, alphabet: Alphabet
    ) -> list[str]:
        """The units of one text to those of the changed one."""


@dataclasses.dataclass(frozen=True)
class Replace(TextTransform):
    """Other characters in the place of some, each drawn for itself.

    A character that is the only one of its kind in the alphabet stays.
    """

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        chosen, places = random.random((2, len(units)))
        after = list(units)
        for index in np.flatnonzero(chosen < self.share):
            if not is_fixed(units[index]):
                after[index] = alphabet.like(units[index], places[index], other=True)
        return after


@dataclasses.dataclass(frozen=True)
class Swap(TextTransform):
    """Neighbours exchange their places; none of them twice."""

    share: float = option(0.05, "of the pairs of neighbours, each for itself", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        chosen = random.random(len(units)) < self.share
        after, free = list(units), 0  # what stands before `free` has been moved
        for place in np.flatnonzero(chosen[:-1]):
            if place >= free and not is_fixed(units[place]) and not is_fixed(units[place + 1]):
                after[place], after[place + 1] = units[place + 1], units[place]
                free = place + 2
        return after


@dataclasses.dataclass(frozen=True)
class Delete(TextTransform):
    """Some characters go; where none would be left, all stay."""

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        chosen = random.random(len(units)) < self.share
        after = [unit for unit, go in zip(units, chosen, strict=True) if not go or is_fixed(unit)]
        return units if all(map(is_fixed, after)) else after


@dataclasses.dataclass(frozen=True)
class Insert(TextTransform):
    """A new character behind some, of the same kind: perhaps the same once more."""

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        chosen, places = random.random((2, len(units)))
        after = []
        for unit, more, place in zip(units, chosen < self.share, places, strict=True):
            after.append(unit)
            if more and not is_fixed(unit):
                after.append(alphabet.like(unit, place, other=False))
        return after


@dataclasses.dataclass(frozen=True)
class SpanCrop(TextTransform):
    """Only one piece of the text is left, of at least one character."""

    share: Range = option((0.7, 1.0), "of the characters that are left", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        kept = max(1, round(random.uniform(*self.share) * len(units)))
        first = random.integers(len(units) - kept + 1)
        return units[first : first + kept]
