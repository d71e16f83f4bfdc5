"""The base of all transforms: a class draws the numbers, a pure function applies them.

A transform is a frozen dataclass whose fields are what a recipe may set. Drawing and applying are
apart, so that what was drawn can be written down and applied again.
"""

import dataclasses
from typing import ClassVar, NamedTuple

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch
from augmentation.core.fields import Named, option
from augmentation.core.randomness import Draws
from foundation.errors import InputError

TRANSFORMS: dict[str, type["Transform"]] = {}  # the name in a recipe -> the class

Drawn = dict[str, tf.Tensor]  # name -> (count, ...), one value or row for each image


class Size(NamedTuple):
    """Of the images of a batch; height and width are tensors where they differ between calls."""

    height: int | tf.Tensor
    width: int | tf.Tensor
    channels: int


def size_of(images: tf.Tensor) -> Size:
    """Static where known: then shapes stay known behind it."""
    dynamic = tf.shape(images)
    _, height, width, channels = images.shape
    return Size(
        dynamic[1] if height is None else height,
        dynamic[2] if width is None else width,
        channels,
    )


@dataclasses.dataclass(frozen=True)
class Transform(Named):
    """Base: declares `probability`, checks every field, and leaves all targets as they are.

    A subclass overrides `draw` and `images`; and, where pixels move, `masks` and `boxes` too.

    Raises: FieldError naming the field, what was received and the legal values.
    """

    probability: float = option(
        1.0, "share of the images it is applied to, in [0, 1]", low=0.0, high=1.0
    )

    group: ClassVar[str] = ""  # heading in `augment list`
    changes_size: ClassVar[bool] = False  # then it must apply to every image
    colour_only: ClassVar[bool] = False  # refuses images of one channel, by name
    compilable: ClassVar[bool] = True  # False: holds an operation that XLA does not know on a CPU

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if not cls.__name__.startswith("_"):
            TRANSFORMS[cls.name()] = cls

    def draw(self, draws: Draws, size: Size) -> Drawn:
        """The numbers of this transform for each image; empty where nothing is drawn."""
        return {}

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
            raise InputError(
                f"{self.name()} on grey images",
                "images of three channels",
                "leave it out of the recipe for grey images",
            )
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
