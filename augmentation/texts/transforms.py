"""Noise for texts: a class draws numbers for every character, a pure function applies them.

"Character" means a unit of `text_units`. Spaces and line ends are never changed, so that words and
lines stay; new characters come from an alphabet, as a rule that of the text itself, and are of the
kind of the one beside or below them: a letter for a letter, a Chinese character for a Chinese one.
"""

import abc
import bisect
import dataclasses

import numpy as np

from augmentation.core.transform import check_field, option, snake_case
from augmentation.texts.randomness import TextDraws, below, scaled
from augmentation.texts.units import is_fixed, kind_of

TEXT_TRANSFORMS: dict[str, type["TextTransform"]] = {}  # the name in a recipe -> the class
Numbers = dict[str, np.ndarray]  # what was drawn for one text


class Alphabet:
    """The characters that may come into a text, by kind and in the order of their code points.

    Args:
      units: any number of units, as often as they come.
    """

    def __init__(self, units: list[str]):
        self.of_kind: dict[str, list[str]] = {}
        for unit in sorted(set(units)):
            if not is_fixed(unit):
                self.of_kind.setdefault(kind_of(unit), []).append(unit)

    def like(self, unit: str, word: int, other: bool) -> str:
        """A character of the unit's kind, chosen by a random word; the unit itself if none is left.

        Args:
          word: from 0 to 2^32 - 1.
          other: leave out the unit itself.
        """
        choice = self.of_kind.get(kind_of(unit), [])
        own = bisect.bisect_left(choice, unit)
        without = other and own < len(choice) and choice[own] == unit
        count = len(choice) - without
        if not count:
            return unit
        place = int(word) * count >> 32
        return choice[place + (without and place >= own)]


@dataclasses.dataclass(frozen=True)
class TextTransform(abc.ABC):
    """Base: declares `probability` and checks every field.

    Raises: FieldError naming the field, what was received and the legal values.
    """

    probability: float = option(
        1.0, "share of the texts it is applied to, in [0, 1]", low=0.0, high=1.0
    )

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        TEXT_TRANSFORMS[cls.name()] = cls

    @classmethod
    def name(cls) -> str:
        """As recipes call it."""
        return snake_case(cls.__name__)

    def __post_init__(self):
        for field in dataclasses.fields(self):
            check_field(field, getattr(self, field.name))

    @abc.abstractmethod
    def draw(self, draws: TextDraws, lengths: list[int]) -> list[Numbers]:
        """The numbers for each text, given how many units it has."""

    @abc.abstractmethod
    def apply(self, units: list[str], drawn: Numbers, alphabet: Alphabet) -> list[str]:
        """The units of one text to those of the changed one."""


@dataclasses.dataclass(frozen=True)
class Replace(TextTransform):
    """Other characters in the place of some, each drawn for itself.

    A character that is the only one of its kind in the alphabet stays.
    """

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def draw(self, draws, lengths):
        return _chosen_and_words(draws, lengths, self.share)

    def apply(self, units, drawn, alphabet):
        return replace_units(units, drawn["chosen"], drawn["words"], alphabet)


@dataclasses.dataclass(frozen=True)
class Swap(TextTransform):
    """Neighbours exchange their places; none of them twice."""

    share: float = option(0.05, "of the pairs of neighbours, each for itself", low=0.0, high=1.0)

    def draw(self, draws, lengths):
        return [{"chosen": below(words, self.share)} for words in draws.words(lengths)]

    def apply(self, units, drawn, alphabet):
        return swap_units(units, drawn["chosen"])


@dataclasses.dataclass(frozen=True)
class Delete(TextTransform):
    """Some characters go; where none would be left, all stay."""

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def draw(self, draws, lengths):
        return [{"chosen": below(words, self.share)} for words in draws.words(lengths)]

    def apply(self, units, drawn, alphabet):
        return delete_units(units, drawn["chosen"])


@dataclasses.dataclass(frozen=True)
class Insert(TextTransform):
    """A new character behind some, of the same kind: perhaps the same once more."""

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def draw(self, draws, lengths):
        return _chosen_and_words(draws, lengths, self.share)

    def apply(self, units, drawn, alphabet):
        return insert_units(units, drawn["chosen"], drawn["words"], alphabet)


@dataclasses.dataclass(frozen=True)
class SpanCrop(TextTransform):
    """Only one piece of the text is left, of at least one character."""

    share: tuple[float, float] = option(
        (0.7, 1.0), "of the characters that are left", low=0.0, high=1.0
    )

    def draw(self, draws, lengths):
        shares = draws.uniform(*self.share).astype(np.float64)
        counts = np.asarray(lengths, np.int64)
        kept = np.minimum(np.maximum(np.round(shares * counts).astype(np.int64), 1), counts)
        first = scaled(draws.key()[:, 0], counts - kept + 1)
        return [{"first": f, "kept": k} for f, k in zip(first, kept, strict=True)]

    def apply(self, units, drawn, alphabet):
        return units[drawn["first"] : drawn["first"] + drawn["kept"]]


def replace_units(
    units: list[str], chosen: np.ndarray, words: np.ndarray, alphabet: Alphabet
) -> list[str]:
    """Another character of the same kind for each chosen one.

    Args:
      chosen: bool (units,).
      words: uint32 (units,): each decides which one it is.
    """
    after = list(units)
    for place in np.flatnonzero(chosen):
        if not is_fixed(units[place]):
            after[place] = alphabet.like(units[place], words[place], other=True)
    return after


def swap_units(units: list[str], chosen: np.ndarray) -> list[str]:
    """Exchange each chosen unit and the one behind it, from the left, if neither is fixed."""
    after, free = list(units), 0  # what stands before `free` has been moved
    for place in np.flatnonzero(chosen[:-1]):
        if place >= free and not is_fixed(units[place]) and not is_fixed(units[place + 1]):
            after[place], after[place + 1] = units[place + 1], units[place]
            free = place + 2
    return after


def delete_units(units: list[str], chosen: np.ndarray) -> list[str]:
    """Leave out what is chosen and not fixed."""
    after = [unit for unit, go in zip(units, chosen, strict=True) if not go or is_fixed(unit)]
    return units if all(map(is_fixed, after)) else after


def insert_units(
    units: list[str], chosen: np.ndarray, words: np.ndarray, alphabet: Alphabet
) -> list[str]:
    """A character of the same kind behind each chosen one; see `replace_units`."""
    after = []
    for unit, more, word in zip(units, chosen, words, strict=True):
        after.append(unit)
        if more and not is_fixed(unit):
            after.append(alphabet.like(unit, word, other=False))
    return after


def _chosen_and_words(draws: TextDraws, lengths: list[int], share: float) -> list[Numbers]:
    decisions, words = draws.words(lengths), draws.words(lengths)
    return [
        {"chosen": below(decision, share), "words": own}
        for decision, own in zip(decisions, words, strict=True)
    ]
