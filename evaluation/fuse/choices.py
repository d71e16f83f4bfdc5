"""The words of the `fuse` command as numbers: ratios, counts and weights, by class or by source."""

import dataclasses

import numpy as np

from data.synthetic.balancing import ADAPTIVE, STRATEGIES
from data.synthetic.postprocessing import STEPS
from data.synthetic.weights import BALANCED
from evaluation.config import FuseSettings
from foundation.errors import InputError


@dataclasses.dataclass(frozen=True, eq=False)
class Choices:
    """What was asked for; None where nothing was.

    Args:
      ratio: synthetic images for each real one, in all or for each source.
      balance: the name of a strategy, a count, or class name -> count.
      recalls: of each class.
      weights: of each source, the real one first.
      class_weights: "balanced", or class name -> weight.
      steps: of the post-processing.
    """

    ratio: float | list[float] | None
    balance: str | int | dict[str, int] | None
    recalls: np.ndarray | None
    weights: list[float] | None
    class_weights: str | dict[str, float] | None
    steps: tuple[str, ...]

    def of_classes(self, class_names: tuple[str, ...]) -> "Choices":
        """The same with the numbers of the classes for their names."""
        return dataclasses.replace(
            self,
            balance=numbered("--balance", self.balance, class_names),
            class_weights=numbered("--class-weights", self.class_weights, class_names),
        )


def read_choices(settings: FuseSettings) -> Choices:
    """Read the flags that hold more than one value.

    Raises: InputError naming the flag, what it holds and what it may hold.
    """
    ratio = numbers("--ratio", settings.ratio)
    recalls = numbers("--recall", settings.recall)
    steps = tuple(settings.postprocess.split(",")) if settings.postprocess else ()
    for step in steps:
        if step not in STEPS:
            raise InputError(
                f"--postprocess {settings.postprocess}", f"some of {', '.join(STEPS)}", "correct it"
            )
    return Choices(
        ratio=ratio[0] if ratio and len(ratio) == 1 else ratio,
        balance=balance_of(settings.balance),
        recalls=None if recalls is None else np.array(recalls),
        weights=numbers("--weights", settings.weights),
        class_weights=(
            BALANCED
            if settings.class_weights == BALANCED
            else by_name("--class-weights", settings.class_weights, float)
        ),
        steps=steps,
    )


def balance_of(words: str | None) -> str | int | dict[str, int] | None:
    """ "not-minority" -> "not minority"; "500" -> 500; "3:500,8:500" -> {"3": 500, "8": 500}."""
    if words is None:
        return None
    name = words.replace("-", " ")
    if name in (*STRATEGIES, ADAPTIVE):
        return name
    if words.isdecimal():
        return int(words)
    if ":" not in words:
        names = ", ".join(each.replace(" ", "-") for each in (*STRATEGIES, ADAPTIVE))
        raise InputError(
            f"--balance {words}", f"one of {names}, a count, or counts as 3:500,8:500", "choose one"
        )
    return by_name("--balance", words, int)


def numbers(flag: str, words: str | None) -> list[float] | None:
    """ "1,0.5" -> [1.0, 0.5]."""
    if words is None:
        return None
    try:
        return [float(word) for word in words.split(",")]
    except ValueError:
        raise InputError(
            f"{flag} {words}", "numbers with commas between them, such as 1,0.5", "correct it"
        ) from None


def by_name(flag: str, words: str | None, kind: type) -> dict[str, float] | None:
    """ "3:2,8:2" -> {"3": 2, "8": 2}; what stands before the last colon is the name of a class."""
    if words is None:
        return None
    try:
        pairs = [word.rsplit(":", 1) for word in words.split(",")]
        return {name: kind(value) for name, value in pairs}
    except ValueError:
        raise InputError(
            f"{flag} {words}",
            "CLASS:NUMBER with commas between them, such as 3:2,8:2",
            "correct it",
        ) from None


def numbered(flag: str, choice: object, class_names: tuple[str, ...]) -> object:
    """A choice by names of classes as one by their numbers; any other choice as it is."""
    if not isinstance(choice, dict):
        return choice
    for name in choice:
        if name not in class_names:
            raise InputError(
                f"{flag} for class {name!r}",
                f"classes {', '.join(class_names) or 'none'}",
                "name a class of the real data",
            )
    return {class_names.index(name): value for name, value in choice.items()}
