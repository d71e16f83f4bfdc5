"""Noise for texts: a class draws numbers for every character, a pure function applies them.

"Character" means a unit of `texts.units`. Spaces and line ends are never changed, so that words and
lines stay; new characters come from an alphabet, as a rule that of the text itself, and are of the
kind of the one beside or below them: a letter for a letter, a Chinese character for a Chinese one.
"""

import abc
import bisect
import dataclasses

import numpy as np

from augmentation.core.fields import Named, Range, option
from augmentation.texts.units import is_fixed, kind_of

TEXT_TRANSFORMS: dict[str, type["TextTransform"]] = {}  # the name in a recipe -> the class


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

    def like(self, unit: str, place: float, other: bool) -> str:
        """A character of the unit's kind; the unit itself if none is left.

        Args:
          place: in [0, 1), among those to choose from.
          other: leave out the unit itself.
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
    """Base: declares `probability` and checks every field.

    Raises: FieldError naming the field, what was received and the legal values.
    """

    probability: float = option(
        1.0, "share of the texts it is applied to, in [0, 1]", low=0.0, high=1.0
    )

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
        return replace_units(units, chosen < self.share, places, alphabet)


@dataclasses.dataclass(frozen=True)
class Swap(TextTransform):
    """Neighbours exchange their places; none of them twice."""

    share: float = option(0.05, "of the pairs of neighbours, each for itself", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        return swap_units(units, random.random(len(units)) < self.share)


@dataclasses.dataclass(frozen=True)
class Delete(TextTransform):
    """Some characters go; where none would be left, all stay."""

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        return delete_units(units, random.random(len(units)) < self.share)


@dataclasses.dataclass(frozen=True)
class Insert(TextTransform):
    """A new character behind some, of the same kind: perhaps the same once more."""

    share: float = option(0.05, "of the characters, each for itself", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        chosen, places = random.random((2, len(units)))
        return insert_units(units, chosen < self.share, places, alphabet)


@dataclasses.dataclass(frozen=True)
class SpanCrop(TextTransform):
    """Only one piece of the text is left, of at least one character."""

    share: Range = option((0.7, 1.0), "of the characters that are left", low=0.0, high=1.0)

    def __call__(self, units, random, alphabet):
        kept = max(1, round(random.uniform(*self.share) * len(units)))
        first = random.integers(len(units) - kept + 1)
        return units[first : first + kept]


def replace_units(
    units: list[str], chosen: np.ndarray, places: np.ndarray, alphabet: Alphabet
) -> list[str]:
    """Another character of the same kind for each chosen one.

    Args:
      chosen: bool (units,).
      places: float (units,) in [0, 1): each decides which one it is, see `Alphabet.like`.
    """
    after = list(units)
    for index in np.flatnonzero(chosen):
        if not is_fixed(units[index]):
            after[index] = alphabet.like(units[index], places[index], other=True)
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
    units: list[str], chosen: np.ndarray, places: np.ndarray, alphabet: Alphabet
) -> list[str]:
    """A character of the same kind behind each chosen one; see `replace_units`."""
    after = []
    for unit, more, place in zip(units, chosen, places, strict=True):
        after.append(unit)
        if more and not is_fixed(unit):
            after.append(alphabet.like(unit, place, other=False))
    return after
