"""The base of all transforms: a class draws the numbers, a pure function applies them.

A transform is a frozen dataclass whose fields are what a recipe may set. Drawing and applying are
apart, so that what was drawn can be written down and applied again.
"""

import dataclasses
from typing import ClassVar

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch, Size, size_of
from augmentation.core.fields import Named, Range, WholeRange
from augmentation.core.randomness import Draws
from foundation.errors import InputError

TRANSFORMS: dict[str, type["Transform"]] = {}  # the name in a recipe -> the class

Drawn = dict[str, tf.Tensor]  # name -> (count, ...), one value or row for each image


@dataclasses.dataclass(frozen=True)
class Transform(Named):
    """Base: checks every field, draws a number from every range, leaves all targets as they are.

    A subclass overrides `images`; `draw` where it needs other numbers; and, where pixels move,
    `masks` and `boxes` too.
    """

    group: ClassVar[str] = ""  # heading in `augment list`
    changes_size: ClassVar[bool] = False  # then it must apply to every image
    colour_only: ClassVar[bool] = False  # refuses images of one channel, by name
    compilable: ClassVar[bool] = True  # False: holds an operation that XLA does not know on a CPU
    keyed: ClassVar[bool] = False  # draws a key too: for noise as large as the image

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if not cls.__name__.startswith("_"):
            TRANSFORMS[cls.name()] = cls

    def draw(self, draws: Draws, size: Size) -> Drawn:
        """The numbers of this transform for each image: for every range one under its name."""
        drawn = {}
        for field in dataclasses.fields(self):
            if field.type == Range:
                bounds, steps = getattr(self, field.name), field.metadata["steps"]
                drawn[field.name] = draws.uniform(*bounds, steps)
            elif field.type == WholeRange:
                low, high = getattr(self, field.name)
                drawn[field.name] = draws.integers(low, high + 1)
        return {**drawn, "key": draws.key()} if self.keyed else drawn

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        """uint8 (count, height, width, channels) to the same."""
        return images

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        """Class numbers (count, height, width) to the same: nearest neighbour, never blended."""
        return masks

    def boxes(
        self, boxes: tf.Tensor, labels: tf.Tensor, drawn: Drawn, size: Size
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Boxes (count, most, 4) and their labels; a box that is no longer seen gets label -1.

        `size` is that of the images before the transform.
        """
        return boxes, labels

    def size_after(self, size: Size) -> Size:
        """The size of the images behind it; a transform that changes the size overrides this."""
        return size

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        """What happened to one image: the transform and its drawn values, ready for JSON."""
        values = {name: plain(value[position]) for name, value in drawn.items()}
        return [{"transform": self.name(), **values}]

    def apply(self, batch: Batch, drawn: Drawn) -> Batch:
        """Images and targets in step, all by the same drawn numbers."""
        size = size_of(batch.images)
        if self.colour_only and size.channels == 1:
            mend = "leave it out of the recipe for grey images"
            raise InputError(f"{self.name()} on grey images", "images of three channels", mend)
        masks, boxes, box_labels = batch.masks, batch.boxes, batch.box_labels
        if masks is not None:
            masks = self.masks(masks, drawn)
        if boxes is not None:
            boxes, box_labels = self.boxes(boxes, box_labels, drawn, size)
        return Batch(self.images(batch.images, drawn), batch.labels, masks, boxes, box_labels)


def plain(value: tf.Tensor) -> object:
    """A drawn value as JSON holds it; a float32 by its shortest digits: 0.1, not 0.10000000149."""
    array = np.asarray(value)
    if array.dtype == np.float32:
        array = array.astype(str).astype(np.float64)
    return array.tolist()
