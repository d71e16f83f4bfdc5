"""A recipe: named steps, and what they do to a batch given (seed, epoch, sample index).

Drawing needs no pixels, and replaying needs no seed: what was drawn can be written down and applied
again. The numbers of an image are in three branches: its steps', the mixing's and its partner's.
"""

import dataclasses
import functools
from collections.abc import Callable

import tensorflow as tf

from augmentation.core.batch import Batch, check_batch
from augmentation.core.compiling import can_compile, run_compiled
from augmentation.core.composition import Sequence, Step, check_steps
from augmentation.core.fields import FieldError, check_names, check_number
from augmentation.core.mixing import Mixing, Partners
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.transform import Drawn, Size, size_of
from foundation.errors import InputError

STEPS, MIXING, PARTNER = range(3)  # the branches


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What is done to every image of a data set, in order.

    Args:
      name, version, description: text; the version is the recipe's own and changes with its steps.
      steps: transforms, and choices of transforms.
      mixing: the last step, where two images become one.

    Raises: FieldError naming the field that is at fault.
    """

    name: str
    version: str = "1.0"
    description: str = ""
    steps: tuple[Step, ...] = ()
    mixing: Mixing | None = None

    def __post_init__(self):
        object.__setattr__(self, "steps", tuple(self.steps))
        check_names(self)
        check_steps(self.steps)
        if self.mixing is not None and not isinstance(self.mixing, Mixing):
            raise FieldError("mixing", self.mixing, "mixup or cutmix", "choose one")
        if not self.steps and self.mixing is None:
            raise FieldError("steps", [], "at least one step, or a mixing", "name one")

    @property
    def changes_size(self) -> bool:
        """Whether images may leave it with another height or width."""
        return any(step.changes_size for step in self.steps)

    @property
    def colour_only(self) -> bool:
        """Whether it refuses images of one channel."""
        return any(step.colour_only for step in self.steps)

    @property
    def compilable(self) -> bool:
        """Whether XLA can compile it whole; if not, those of its steps are that can be."""
        return all(step.compilable for step in self.steps)

    def size_after(self, size: Size) -> Size:
        """The size of the images behind it."""
        return self._sequence.size_after(size) if self.steps else size

    def draw(
        self,
        seed: int,
        epoch: int | tf.Tensor,
        indices: tf.Tensor,
        size: Size,
        partner_count: int | None = None,
    ) -> Drawn:
        """All numbers for these samples in this epoch.

        Args:
          seed, epoch: whole numbers from 0 to 2^31 - 1.
          indices: int64 (count,), each sample's number in the data set.
          size: of the images.
          partner_count: how many images there are to be mixed with; for a recipe with mixing.

        Returns: nested dicts of tensors with leading axis count.
        Raises: InputError for a seed or epoch out of range, or partners missing.
        """
        for name, value in (("seed", seed), ("epoch", epoch)):
            if not tf.is_tensor(value):  # inside a graph its value is not known
                check_number(name, value)
        if self.mixing is not None and not partner_count:
            raise InputError(
                f"recipe {self.name} ends in {self.mixing.name()} and there are no partners",
                "the images to mix with",
                "pass partners=Partners(images, labels, classes)",
            )
        indices = tf.cast(indices, tf.int64)
        seed, epoch = tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)
        known = isinstance(size.height, int) and isinstance(size.width, int)
        if known and not tf.executing_eagerly() and indices.shape[0] is not None:
            return _compiled_draw(self, size, partner_count)(seed, epoch, indices)
        return _draw(self, size, partner_count, seed, epoch, indices)

    def replay(self, batch: Batch, drawn: Drawn, partners: Partners | None = None) -> Batch:
        """Apply what was drawn: the same bytes as the first time.

        Args:
          batch: images uint8 (count, height, width, channels) with their targets.
          drawn: see `draw`.
          partners: the same as for `draw`; for a recipe with mixing.

        Returns: a batch; with mixing its labels are float32 (count, classes).
        Raises: InputError for another dtype or rank, or for images that a step cannot take.
        """
        batch = check_batch(batch)
        before = batch.images.shape[1:]
        if self.steps:
            batch = self._sequence.apply(batch, drawn["steps"])
        if self.mixing is None:
            return batch
        if partners is None:
            raise InputError("no partners", "those of the drawing", "pass them again")
        partner = partners.take(drawn["mixing"]["partner"])
        if not partner.images.shape[1:].is_compatible_with(before):  # drawn for the same size
            raise InputError(
                f"partners of {partner.images.shape[1:]} for images of {before}",
                "one height, width and number of channels",
                "resize the partners",
            )
        if self.steps:
            partner = self._sequence.apply(partner, drawn["partner"])
        drawn = {"partner": partner, "mixing": drawn["mixing"]}
        if can_compile(batch) and can_compile(partner):
            return run_compiled(self.mixing, _mix, batch, drawn)
        return _mix(self.mixing, batch, drawn)

    def __call__(
        self,
        batch: Batch,
        seed: int,
        epoch: int | tf.Tensor,
        indices: tf.Tensor,
        partners: Partners | None = None,
    ) -> Batch:
        """Draw, then apply; see `draw` and `replay`."""
        batch = check_batch(batch)
        count = None if partners is None else len(partners)
        drawn = self.draw(seed, epoch, indices, size_of(batch.images), count)
        return self.replay(batch, drawn, partners)

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        """What happened to one image: an entry for each transform that was applied, for JSON.

        With mixing the last entry holds the partner's own entries under `partner_transforms`.
        """
        entries = self._sequence.describe(drawn["steps"], position) if self.steps else []
        if self.mixing is None:
            return entries
        mixed = self.mixing.describe(drawn["mixing"], position)
        if mixed and self.steps:
            partner = self._sequence.describe(drawn["partner"], position)
            mixed = [{**mixed[0], "partner_transforms": partner}]
        return entries + mixed

    @functools.cached_property
    def _sequence(self) -> Sequence:
        return Sequence(self.steps)


def _draw(recipe: Recipe, size: Size, partner_count: int | None, seed, epoch, indices) -> Drawn:
    root = Draws(image_keys(seed, epoch, indices))
    drawn, after = {}, recipe.size_after(size)
    if recipe.steps:
        drawn["steps"] = recipe._sequence.draw(root.child(STEPS), size)
    if recipe.mixing is not None:
        drawn["mixing"] = recipe.mixing.draw(root.child(MIXING), after, partner_count)
        if recipe.steps:
            drawn["partner"] = recipe._sequence.draw(root.child(PARTNER), size)
    return drawn


def _mix(mixing: Mixing, batch: Batch, drawn: Drawn) -> Batch:
    return mixing.mix(batch, drawn["partner"], drawn["mixing"])


@functools.lru_cache(maxsize=64)
def _compiled_draw(recipe: Recipe, size: Size, partner_count: int | None) -> Callable:
    draw = functools.partial(_draw, recipe, size, partner_count)
    return tf.function(draw, jit_compile=True, autograph=False)
