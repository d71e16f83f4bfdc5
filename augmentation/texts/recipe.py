"""Text recipes: the steps that are done to each text, given (seed, epoch, number of the text)."""

import dataclasses
import os

from augmentation.core.fields import FieldError, NamedSteps
from augmentation.recipes.tables import HEADER, build_transform, check_keys, header_of, load, tables
from augmentation.texts.transforms import TEXT_TRANSFORMS, Alphabet, split_units
from foundation.purposes import TEXT_AUGMENTATION, rng


@dataclasses.dataclass(frozen=True)
class TextRecipe(NamedSteps):
    """What text transforms, the steps, do to every text of a data set, in order."""

    def __post_init__(self):
        super().__post_init__()
        if not self.steps:
            raise FieldError("steps", [], "at least one step", "name one")

    def __call__(self, text: str, seed: int, epoch: int, index: int) -> str:
        """The changed text; what comes into it are characters of its own.

        Args:
          text: in any language, one sample: a line, a poem, a review. An empty one stays empty.
          seed, epoch: whole numbers from 0 to 2^31 - 1.
          index: the number of the text in its data set.
        """
        units = split_units(text)
        alphabet = Alphabet(units)
        random = rng(seed, TEXT_AUGMENTATION, epoch, index)
        for step in self.steps:
            if units and random.random() < step.probability:
                units = step(units, random, alphabet)
        return "".join(units)


def load_text_recipe(name: str | os.PathLike) -> TextRecipe:
    """A shipped text recipe by its name, or one from a TOML file with `kind = "text"`.

    Raises: InputError naming the file and the path of the field that is at fault.
    """
    return load(name, "text", read_text_recipe)[0]


def read_text_recipe(table: dict) -> TextRecipe:
    """A recipe from parsed TOML whose header is checked. Raises: FieldError."""
    check_keys(table, (*HEADER, "steps"))
    given = tables(table.get("steps", []), "steps")
    steps = [build_transform(*step, TEXT_TRANSFORMS) for step in given]
    return TextRecipe(**header_of(table), steps=steps)
