"""A recipe: named steps, and what they do to a batch given (seed, epoch, sample index).

Drawing needs no pixels, and replaying needs no seed: what was drawn can be written down and applied
again. The numbers of an image are in three branches: its steps', the mixing's and its partner's.
"""

import dataclasses
import functools
from collections.abc import Callable

import tensorflow as tf

from augmentation.core.batch import Batch, Size, checked, size_of, with_checked_boxes
from augmentation.core.compiling import can_compile, run_compiled
from augmentation.core.composition import (
    Step,
    apply_steps,
    check_steps,
    describe_steps,
    draw_steps,
    size_behind,
)
from augmentation.core.fields import FieldError, NamedSteps, check_number
from augmentation.core.mixing import Mixing, Partners
from augmentation.core.randomness import Draws, image_keys
from augmentation.core.transform import Drawn
from foundation.errors import InputError

STEPS, MIXING, PARTNER = range(3)  # the branches


@dataclasses.dataclass(frozen=True)
class Recipe(NamedSteps):
    """What is done to every image of a data set, in order.

    Args:
      name, version, description: text.
      steps: transforms, and choices of transforms.
      mixing: the last step, where two images become one.

    Raises: FieldError naming the field that is at fault.
    """

    steps: tuple[Step, ...] = ()
    mixing: Mixing | None = None

    def __post_init__(self):
        super().__post_init__()
        check_steps(self.steps)
        if not self.steps and self.mixing is None:
            raise FieldError("steps", [], "at least one step, or a mixing", "name one")

    def refuse_mixing(self, reason: str) -> None:
        """Raises: InputError if the recipe mixes images."""
        if self.mixing is not None:
            received = f"recipe {self.name} ends in {self.mixing.name()}"
            mend = "leave [mixing] out, or use augmentation.tf_data.augmented"
            raise InputError(received, f"a recipe without mixing: {reason}", mend)

    def size_after(self, size: Size) -> Size:
        """The size of the images behind it."""
        return size_behind(self.steps, size)

    def draw(
        self,
        seed: int,
        epoch: int | tf.Tensor,
        indices: tf.Tensor,
        size: Size,
        partner_count: int | None = None,
    ) -> Drawn:
        """All numbers for these samples in this epoch: nested dicts of tensors (count, ...).

        Args:
          seed, epoch: whole numbers from 0 to 2^31 - 1.
          indices: int64 (count,), each sample's number in the data set.
          size: of the images.
          partner_count: how many images there are to be mixed with; for a recipe with mixing.

        Raises: InputError for a seed or epoch out of range, or partners missing.
        """
        for name, value in (("seed", seed), ("epoch", epoch)):
            if not tf.is_tensor(value):  # inside a graph its value is not known
                check_number(name, value)
        if self.mixing is not None and not partner_count:
            received = f"recipe {self.name} ends in {self.mixing.name()} and there are no partners"
            mend = "pass partners=Partners(images, labels, classes)"
            raise InputError(received, "the images to mix with", mend)
        indices = tf.cast(indices, tf.int64)
        seed, epoch = tf.cast(seed, tf.int64), tf.cast(epoch, tf.int64)
        known = isinstance(size.height, int) and isinstance(size.width, int)
        if known and not tf.executing_eagerly() and indices.shape[0] is not None:
            return _compiled_draw(self, size, partner_count)(seed, epoch, indices)
        return _draw(self, size, partner_count, seed, epoch, indices)

    def replay(self, batch: Batch, drawn: Drawn, partners: Partners | None = None) -> Batch:
        """Apply what was drawn: the same bytes as the first time.

        Returns: a batch; with mixing its labels are float32 (count, classes).
        Raises: InputError for another dtype or rank, or for images that a step cannot take.
        """
        batch = with_checked_boxes(checked(batch.map(tf.convert_to_tensor)))
        before = batch.images.shape[1:]
        batch = apply_steps(self.steps, batch, drawn["steps"])
        if self.mixing is None:
            return batch
        if partners is None:
            raise InputError("no partners", "those of the drawing", "pass them again")
        partner = partners.take(drawn["mixing"]["partner"])
        if not partner.images.shape[1:].is_compatible_with(before):  # drawn for the same size
            received = f"partners of {partner.images.shape[1:]} for images of {before}"
            expected = "one height, width and number of channels"
            raise InputError(received, expected, "resize the partners")
        partner = apply_steps(self.steps, partner, drawn["partner"])
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
        batch = checked(batch.map(tf.convert_to_tensor))
        count = None if partners is None else len(partners)
        drawn = self.draw(seed, epoch, indices, size_of(batch.images), count)
        return self.replay(batch, drawn, partners)

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        """What the steps did to one image: an entry for each that was applied, for JSON."""
        return describe_steps(self.steps, drawn["steps"], position)


def _draw(recipe: Recipe, size: Size, partner_count: int | None, seed, epoch, indices) -> Drawn:
    root = Draws(image_keys(seed, epoch, indices))
    drawn = {"steps": draw_steps(recipe.steps, root.child(STEPS), size)}
    if recipe.mixing is not None:
        after = recipe.size_after(size)
        drawn["mixing"] = recipe.mixing.draw(root.child(MIXING), after, partner_count)
        drawn["partner"] = draw_steps(recipe.steps, root.child(PARTNER), size)
    return drawn


def _mix(mixing: Mixing, batch: Batch, drawn: Drawn) -> Batch:
    return mixing.mix(batch, drawn["partner"], drawn["mixing"])


@functools.lru_cache(maxsize=64)
def _compiled_draw(recipe: Recipe, size: Size, partner_count: int | None) -> Callable:
    draw = functools.partial(_draw, recipe, size, partner_count)
    return tf.function(draw, jit_compile=True, autograph=False)
