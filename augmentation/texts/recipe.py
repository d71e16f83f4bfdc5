"""Text recipes: the steps that are done to each text, given (seed, epoch, number of the text)."""

import dataclasses
import os
from collections.abc import Iterable, Sequence

import numpy as np

from augmentation.core.fields import FieldError, check_names, check_number
from augmentation.recipes.tables import (
    HEADER,
    build_transform,
    check_keys,
    header_of,
    header_table,
    load,
    tables,
    transform_table,
)
from augmentation.recipes.toml import toml_lines
from augmentation.texts.transforms import TEXT_TRANSFORMS, Alphabet, TextTransform
from augmentation.texts.units import split_units
from foundation.errors import InputError
from foundation.purposes import TEXT_AUGMENTATION, rng


@dataclasses.dataclass(frozen=True)
class TextRecipe:
    """What is done to every text of a data set, in order.

    Args:
      name, version, description: text.
      steps: text transforms.

    Raises: FieldError naming the field that is at fault.
    """

    name: str
    version: str = "1.0"
    description: str = ""
    steps: tuple[TextTransform, ...] = ()

    def __post_init__(self):
        object.__setattr__(self, "steps", tuple(self.steps))
        check_names(self)
        for step in self.steps:
            if not isinstance(step, TextTransform):
                raise FieldError("steps", step, "text transforms", "see augment list")
        if not self.steps:
            raise FieldError("steps", [], "at least one step", "name one")

    def __call__(
        self,
        texts: Sequence[str],
        seed: int,
        epoch: int,
        indices: Iterable[int],
        alphabet: str | None = None,
    ) -> list[str]:
        """The changed texts: what becomes of one does not depend on the others.

        Args:
          texts: in any language; each is one sample: a line, a poem, a review.
          seed, epoch: whole numbers from 0 to 2^31 - 1.
          indices: the number of each text in its data set.
          alphabet: the characters that may come into a text; its own if not given.

        Returns: as many texts, in the same order. An empty one stays empty.
        Raises: InputError for something that is no text, or a number out of range.
        """
        indices = np.fromiter(indices, np.int64)
        _check(texts, seed, epoch, indices)
        given = Alphabet(split_units(alphabet)) if alphabet else None
        changed = []
        for text, index in zip(texts, indices, strict=True):
            units = split_units(text)
            own = given or Alphabet(units)
            # the last number is never 0: NumPy takes [1, 2] and [1, 2, 0] for one seed
            random = rng(seed, TEXT_AUGMENTATION, epoch, index)
            for step in self.steps:
                if units and random.random() < step.probability:
                    units = step(units, random, own)
            changed.append("".join(units))
        return changed


def load_text_recipe(name: str | os.PathLike) -> TextRecipe:
    """A shipped text recipe by its name, or one from a TOML file with `kind = "text"`.

    Raises: InputError naming the file and the path of the field that is at fault.
    """
    return load(name, "text", read_text_recipe)


def read_text_recipe(table: dict) -> TextRecipe:
    """A text recipe from parsed TOML whose header is checked.

    Raises: FieldError whose field is the whole path.
    """
    check_keys(table, (*HEADER, "steps"))
    steps = tuple(
        build_transform(step, f"steps[{number}]", TEXT_TRANSFORMS)
        for number, step in enumerate(tables(table.get("steps", []), "steps"))
    )
    return TextRecipe(**header_of(table), steps=steps)


def text_recipe_text(recipe: TextRecipe) -> str:
    """The TOML of a text recipe, with every field: it reads back equal."""
    lines = toml_lines(header_table(recipe, "text"))
    for step in recipe.steps:
        lines += ["", "[[steps]]", *toml_lines(transform_table(step))]
    return "\n".join(lines) + "\n"


def _check(texts: Sequence[str], seed: int, epoch: int, indices: np.ndarray) -> None:
    check_number("seed", seed)
    check_number("epoch", epoch)
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        shown = "one text" if isinstance(texts, str) else "something that is no text"
        raise InputError(shown, "a list of texts", "put it into a list")
    if len(indices) != len(texts) or np.any(indices < 0):
        raise InputError(
            f"{len(indices)} numbers for {len(texts)} texts",
            "one number from 0 for each text, its place in the data set",
            "pass range(len(texts)) for a whole data set",
        )
