"""Steps made of steps: all in order, or one of several, each with a probability.

Child i draws from a branch of its own, `draws.child(i)`, so that a change of one step moves no
number of another. A choice is made for every image apart, and only the images that drew a step go
through it: with fourteen to choose from, the other thirteen cost nothing.
"""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from augmentation.core.batch import Batch, Size, expand
from augmentation.core.compiling import can_compile, run_compiled
from augmentation.core.fields import FieldError, Named, is_number
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Transform


def draw_steps(steps: tuple["Step", ...], draws: Draws, size: Size) -> Drawn:
    """What each step draws, by its place as text; each for the size that the one before leaves."""
    drawn = {}
    for place, own in enumerate(draws.children(len(steps))):
        drawn[str(place)] = draw_step(steps[place], own, size)
        size = steps[place].size_after(size)
    return drawn


def draw_step(step: "Step", draws: Draws, size: Size) -> Drawn:
    """The numbers of a step; with a probability below 1 also `applied`, bool (count,).

    `applied` is drawn last, so that another probability moves no other number.
    """
    drawn = step.draw(draws, size)
    if step.probability < 1:
        drawn = {**drawn, "applied": draws.happens(step.probability)}
    return drawn


def apply_steps(steps: tuple["Step", ...], batch: Batch, drawn: Drawn) -> Batch:
    """Apply all steps in order; each to all images, or to those that `chosen` says."""
    for place, step in enumerate(steps):
        if "chosen" in drawn:
            batch = apply_to_some(step, batch, drawn[str(place)], drawn["chosen"][:, place])
        else:
            batch = apply_step(step, batch, drawn[str(place)])
    return batch


def apply_step(step: "Step", batch: Batch, drawn: Drawn) -> Batch:
    """Apply a step to the images that drew it; the others come back bit-equal."""
    if step.compilable:
        if can_compile(batch):
            return run_compiled(step, _apply_to_all, batch, drawn)
        return _apply_to_all(step, batch, drawn)
    if "applied" in drawn:
        return apply_to_some(step, batch, _without_applied(drawn), drawn["applied"])
    return step.apply(batch, drawn)


def apply_to_some(step: "Step", batch: Batch, drawn: Drawn, chosen: tf.Tensor) -> Batch:
    """Send only the chosen images through a step; `chosen` is bool (count,)."""
    places = tf.where(chosen)

    def take(values: tf.Tensor) -> tf.Tensor:
        return tf.gather(values, places[:, 0])

    some = apply_step(step, batch.map(take), tf.nest.map_structure(take, drawn))
    return batch.map(lambda whole, part: tf.tensor_scatter_nd_update(whole, places, part), some)


def describe_steps(steps: tuple["Step", ...], drawn: Drawn, position: int) -> list[dict]:
    """What all steps did to one image."""
    entries = []
    for place, step in enumerate(steps):
        if "chosen" not in drawn or bool(drawn["chosen"][position][place]):
            entries += describe_step(step, drawn[str(place)], position)
    return entries


def describe_step(step: "Step", drawn: Drawn, position: int) -> list[dict]:
    """What a step did to one image, one entry a transform; empty if it was not applied."""
    if "applied" in drawn and not bool(drawn["applied"][position]):
        return []
    return step.describe(_without_applied(drawn), position)


def size_behind(steps: tuple["Step", ...], size: Size) -> Size:
    """The size of the images behind all steps."""
    for step in steps:
        size = step.size_after(size)
    return size


@dataclasses.dataclass(frozen=True)
class _Composite(Named):
    """Base of what holds steps."""

    steps: tuple["Step", ...]

    def __post_init__(self):
        object.__setattr__(self, "steps", tuple(self.steps))
        check_steps(self.steps)
        if not self.steps:
            raise FieldError("steps", [], "at least one step", "name one")
        super().__post_init__()

    @property
    def changes_size(self) -> bool:
        return any(step.changes_size for step in self.steps)

    @property
    def colour_only(self) -> bool:
        return any(step.colour_only for step in self.steps)

    def size_after(self, size: Size) -> Size:
        return size_behind(self.steps, size)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return draw_steps(self.steps, draws, size)

    def apply(self, batch: Batch, drawn: Drawn) -> Batch:
        return apply_steps(self.steps, batch, drawn)

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        return describe_steps(self.steps, drawn, position)


@dataclasses.dataclass(frozen=True)
class Sequence(_Composite):
    """All steps in order; with a probability, all of them or none."""

    @property
    def compilable(self) -> bool:
        return all(step.compilable for step in self.steps)


@dataclasses.dataclass(frozen=True)
class OneOf(_Composite):
    """One of the steps for each image, drawn in proportion to the weights, one a step."""

    weights: tuple[float, ...] | None = None

    compilable: ClassVar[bool] = False  # how many images go through a step is known when it runs

    def __post_init__(self):
        super().__post_init__()
        for step in self.steps:
            if step.changes_size:
                expected = f"in {self.name()} no change of the size: all images of a batch have one"
                mend = "put it beside, as a step for all images"
                raise FieldError("steps", step.name(), expected, mend)
        if self.weights is None:
            return
        object.__setattr__(self, "weights", tuple(self.weights))
        fits = len(self.weights) == len(self.steps) and all(map(is_number, self.weights))
        if not fits or min(self.weights) < 0 or not 0 < sum(self.weights) < 1e30:
            expected = f"{len(self.steps)} numbers from 0, not all 0"
            raise FieldError("weights", list(self.weights), expected, "give each step one")

    def draw(self, draws: Draws, size: Size) -> Drawn:
        choice = draws.choice(self.weights or (1.0,) * len(self.steps))
        chosen = choice[:, tf.newaxis] == tf.range(len(self.steps))  # bool (count, steps)
        return {"chosen": chosen, **super().draw(draws, size)}


Step = Transform | Sequence | OneOf


def check_steps(steps: tuple) -> None:
    """Raises: FieldError for what would leave a batch with images of two sizes."""
    for step in steps:
        if step.changes_size and step.probability < 1:
            expected = f"1: {step.name()} changes the size, and all images of a batch have one"
            raise FieldError("probability", step.probability, expected, "leave it out")


def _apply_to_all(step: Step, batch: Batch, drawn: Drawn) -> Batch:
    """Without knowing beforehand how many images it will be: all go through, then each chooses."""
    after = step.apply(batch, _without_applied(drawn))
    if "applied" not in drawn:
        return after

    def choose(new: tf.Tensor, old: tf.Tensor) -> tf.Tensor:
        return tf.where(expand(drawn["applied"], new), new, old)

    return after.map(choose, batch)


def _without_applied(drawn: Drawn) -> Drawn:
    return {name: values for name, values in drawn.items() if name != "applied"}
