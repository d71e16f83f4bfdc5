"""Steps made of steps: all in order, one of several, some of several, each with a probability.

Child i draws from a branch of its own, `draws.child(i)`, so that a change of one step moves no
number of another. A choice is made for every image apart, and only the images that drew a step go
through it: with fourteen to choose from, the other thirteen cost nothing.
"""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from augmentation.core.batch import Batch, choose
from augmentation.core.compiling import can_compile, run_compiled
from augmentation.core.fields import FieldError, Named, option
from augmentation.core.randomness import Draws, random_words
from augmentation.core.transform import Drawn, Size, Transform


def draw_step(step: "Step", draws: Draws, size: Size) -> Drawn:
    """The numbers of a step; with a probability below 1 also `applied`, bool (count,).

    `applied` is drawn last, so that another probability moves no other number.
    """
    drawn = step.draw(draws, size)
    if step.probability < 1:
        drawn = {**drawn, "applied": draws.happens(step.probability)}
    return drawn


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
    places = tf.where(chosen)[:, 0]
    some = apply_step(step, take(batch, places), take_drawn(drawn, places))
    places = places[:, tf.newaxis]
    return Batch(
        *[
            None if whole is None else tf.tensor_scatter_nd_update(whole, places, part)
            for whole, part in zip(batch, some, strict=True)
        ]
    )


def describe_step(step: "Step", drawn: Drawn, position: int) -> list[dict]:
    """What a step did to one image, one entry a transform; empty if it was not applied."""
    if "applied" in drawn and not bool(drawn["applied"][position]):
        return []
    return step.describe(_without_applied(drawn), position)


def take(batch: Batch, places: tf.Tensor) -> Batch:
    """The images at these places, with their targets."""
    return batch.map(lambda part: tf.gather(part, places))


def take_drawn(drawn: Drawn, places: tf.Tensor) -> Drawn:
    """What was drawn for the images at these places."""
    return tf.nest.map_structure(lambda values: tf.gather(values, places), drawn)


@dataclasses.dataclass(frozen=True)
class _Composite(Named):
    """Base of what holds steps.

    Raises: FieldError naming the field that is at fault.
    """

    steps: tuple["Step", ...]
    _: dataclasses.KW_ONLY
    probability: float = option(
        1.0, "share of the images it is applied to, in [0, 1]", low=0.0, high=1.0
    )

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
        """The size of the images behind all steps."""
        for step in self.steps:
            size = step.size_after(size)
        return size

    def draw_children(self, draws: Draws, size: Size) -> Drawn:
        """What each child draws, by its position as text."""
        drawn = {}
        for position, own in enumerate(draws.children(len(self.steps))):
            drawn[str(position)] = draw_step(self.steps[position], own, size)
            size = self.steps[position].size_after(size)
        return drawn


@dataclasses.dataclass(frozen=True)
class Sequence(_Composite):
    """All steps in order; with a probability, all of them or none."""

    @property
    def compilable(self) -> bool:
        return all(step.compilable for step in self.steps)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return self.draw_children(draws, size)

    def apply(self, batch: Batch, drawn: Drawn) -> Batch:
        for position, step in enumerate(self.steps):
            batch = apply_step(step, batch, drawn[str(position)])
        return batch

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        entries = []
        for number, step in enumerate(self.steps):
            entries += describe_step(step, drawn[str(number)], position)
        return entries


@dataclasses.dataclass(frozen=True)
class OneOf(_Composite):
    """One of the steps for each image, drawn in proportion to the weights.

    Args:
      weights: one number from 0 a step; equal where not given.
    """

    weights: tuple[float, ...] | None = None

    compilable: ClassVar[bool] = False  # how many images go through a step is known when it runs

    def __post_init__(self):
        super().__post_init__()
        _refuse_changes_of_size(self)
        if self.weights is not None:
            object.__setattr__(self, "weights", tuple(self.weights))
            _check_weights(self.weights, len(self.steps))

    def draw(self, draws: Draws, size: Size) -> Drawn:
        weights = self.weights or (1.0,) * len(self.steps)
        return {"choice": draws.choice(weights), **self.draw_children(draws, size)}

    def apply(self, batch: Batch, drawn: Drawn) -> Batch:
        places, parts = [], []  # for each step: which images it gets, and what it makes of them
        for position, step in enumerate(self.steps):
            here = tf.cast(tf.where(drawn["choice"] == position)[:, 0], tf.int32)
            places.append(here)
            own = take_drawn(drawn[str(position)], here)
            parts.append(apply_step(step, take(batch, here), own))
        return Batch(
            *[
                None
                if whole is None
                else tf.ensure_shape(tf.dynamic_stitch(places, pieces), whole.shape)
                for whole, pieces in zip(batch, zip(*parts, strict=True), strict=True)
            ]
        )

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        chosen = int(drawn["choice"][position])
        return describe_step(self.steps[chosen], drawn[str(chosen)], position)


@dataclasses.dataclass(frozen=True)
class SomeOf(_Composite):
    """Several different steps for each image, applied in the order in which they are listed.

    Args:
      count: how many, uniformly between the two.
    """

    count: tuple[int, int] = option((1, 1), "how many of the steps, from and to", low=0)

    compilable: ClassVar[bool] = False

    def __post_init__(self):
        if isinstance(self.count, list):
            object.__setattr__(self, "count", tuple(self.count))
        super().__post_init__()
        _refuse_changes_of_size(self)
        if self.count[1] > len(self.steps):
            expected = f"at most {len(self.steps)}, the number of steps"
            raise FieldError("count", list(self.count), expected, "correct it")

    def draw(self, draws: Draws, size: Size) -> Drawn:
        number = draws.integers(self.count[0], self.count[1] + 1)
        ranks = _ranks(random_words(draws.key(), len(self.steps)))  # a shuffle for each image
        chosen = ranks < number[:, tf.newaxis]  # (count, steps)
        return {"chosen": chosen, **self.draw_children(draws, size)}

    def apply(self, batch: Batch, drawn: Drawn) -> Batch:
        for position, step in enumerate(self.steps):
            chosen = drawn["chosen"][:, position]
            batch = apply_to_some(step, batch, drawn[str(position)], chosen)
        return batch

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        entries = []
        for number, step in enumerate(self.steps):
            if bool(drawn["chosen"][position][number]):
                entries += describe_step(step, drawn[str(number)], position)
        return entries


Step = Transform | Sequence | OneOf | SomeOf


def check_steps(steps: tuple) -> None:
    """Refuse what is no step, and what would leave a batch with images of two sizes.

    Raises: FieldError.
    """
    for step in steps:
        if not isinstance(step, Transform | _Composite):
            raise FieldError("steps", step, "transforms", "see augment list")
        if step.changes_size and step.probability < 1:
            raise FieldError(
                "probability",
                step.probability,
                f"1: {step.name()} changes the size, and all images of a batch have one",
                "leave it out",
            )


def _refuse_changes_of_size(choice: "OneOf | SomeOf") -> None:
    for step in choice.steps:
        if step.changes_size:
            raise FieldError(
                "steps",
                step.name(),
                f"in {choice.name()} no change of the size: all images of a batch have one",
                "put it beside, as a step for all images",
            )


def _check_weights(weights: tuple, count: int) -> None:
    numbers = all(isinstance(w, int | float) and not isinstance(w, bool) for w in weights)
    if not numbers or len(weights) != count or min(weights) < 0 or not 0 < sum(weights) < 1e30:
        raise FieldError(
            "weights", list(weights), f"{count} numbers from 0, not all 0", "give each step one"
        )


def _ranks(words: tf.Tensor) -> tf.Tensor:
    """The rank of each word among those of its row: int32 (count, n), equal words by position."""
    mine, other = words[:, :, tf.newaxis], words[:, tf.newaxis, :]
    places = tf.range(tf.shape(words)[1])
    earlier = places[tf.newaxis, :] < places[:, tf.newaxis]
    before = (other < mine) | ((other == mine) & earlier)
    return tf.reduce_sum(tf.cast(before, tf.int32), axis=-1)


def _apply_to_all(step: Step, batch: Batch, drawn: Drawn) -> Batch:
    """Without knowing beforehand how many images it will be: all go through, then each chooses."""
    after = step.apply(batch, _without_applied(drawn))
    return choose(drawn["applied"], after, batch) if "applied" in drawn else after


def _without_applied(drawn: Drawn) -> Drawn:
    return {name: values for name, values in drawn.items() if name != "applied"}
