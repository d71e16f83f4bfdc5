"""Mixing: two images and their labels become one.

The partner is drawn from the data set, not from the batch, so that what an image is mixed with does
not depend on which images happen to stand beside it.
"""

import abc
import dataclasses
from typing import ClassVar

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch, check_kinds, expand
from augmentation.core.fields import Named, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size, plain
from foundation.errors import InputError

MIXINGS: dict[str, type["Mixing"]] = {}  # the name in a recipe -> the class
SHARES = 2**12  # a share of mixup is a multiple of 1/4096: then the blend is exact in integers


@dataclasses.dataclass(frozen=True)
class Partners:
    """The set that partners come from: as a rule the training set itself.

    Args:
      images: uint8 (n, height, width, channels).
      labels: int (n,).
      classes: how many classes there are; a soft label has one share for each.
      masks: uint8 or int32 (n, height, width), if the samples have masks.

    Raises: InputError for an empty set, arrays of other types or lengths, or labels that are not
      among the classes.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: int
    masks: np.ndarray | None = None

    def __post_init__(self):
        count = len(self.images)
        if not count:
            raise InputError("partners without images", "at least one", "pass the training set")
        for name, values in (("labels", self.labels), ("masks", self.masks)):
            if values is not None and len(values) != count:
                raise InputError(
                    f"{len(values)} {name} for {count} partner images", "as many", "pass all"
                )
        lowest, highest = np.min(self.labels), np.max(self.labels)
        if lowest < 0 or highest >= self.classes:
            raise InputError(
                f"partners' labels from {lowest} to {highest}",
                f"0 to {self.classes - 1} for {self.classes} classes",
                "say how many classes there are",
            )
        with tf.init_scope():  # made once, outside any graph: a graph would carry a copy of the set
            parts = {"images": self.images, "labels": np.asarray(self.labels, np.int64)}
            if self.masks is not None:
                parts["masks"] = self.masks
            tensors = {name: tf.constant(values) for name, values in parts.items()}
        check_kinds(Batch(**tensors))
        object.__setattr__(self, "tensors", tensors)

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: tf.Tensor) -> Batch:
        """The partners at these places, with labels float32 (count, classes)."""
        taken = {name: tf.gather(values, indices) for name, values in self.tensors.items()}
        taken["labels"] = tf.one_hot(taken["labels"], self.classes)
        return Batch(**taken)


@dataclasses.dataclass(frozen=True)
class Mixing(Named, abc.ABC):
    """Base: draws a partner, and checks and mixes the labels.

    A subclass says what else is drawn (`draw_amount`) and how it is mixed (`mix_parts`).
    """

    probability: float = option(
        1.0, "share of the images it is applied to, in [0, 1]", low=0.0, high=1.0
    )

    group: ClassVar[str] = "mixing"
    compilable: ClassVar[bool] = True
    changes_size: ClassVar[bool] = False
    colour_only: ClassVar[bool] = False

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        MIXINGS[cls.name()] = cls

    def draw(self, draws: Draws, size: Size, partner_count: int) -> Drawn:
        """The partner, int64 (count,), and what the mixing itself draws.

        An image that is not mixed (`probability`) draws a partner too, and none of it is used.
        """
        partner = tf.cast(draws.integers(0, partner_count), tf.int64)
        return {
            "partner": partner,
            **self.draw_amount(draws, size, draws.happens(self.probability)),
        }

    def describe(self, drawn: Drawn, position: int) -> list[dict]:
        """What happened to one image, ready for JSON; empty where nothing was mixed in."""
        values = {name: plain(value[position]) for name, value in drawn.items()}
        return [{"transform": self.name(), **values}] if self.is_mixed(values) else []

    @abc.abstractmethod
    def is_mixed(self, values: dict) -> bool:
        """Whether anything of the partner comes in, by the drawn values of one image."""

    @abc.abstractmethod
    def draw_amount(self, draws: Draws, size: Size, happens: tf.Tensor) -> Drawn:
        """How much of the partner is mixed in; nothing where `happens`, bool (count,), is false."""

    @abc.abstractmethod
    def mix_parts(
        self, batch: Batch, partner: Batch, drawn: Drawn
    ) -> tuple[tf.Tensor, tf.Tensor | None, tf.Tensor]:
        """Images, masks, and the share of the image's own in the result, float32 (count,)."""

    def mix(self, batch: Batch, partner: Batch, drawn: Drawn) -> Batch:
        """Mix every image with its partner.

        Args:
          batch: labels int (count,), below the number of classes, or float32 (count, classes).
          partner: the drawn partners, `Partners.take(drawn["partner"])`, perhaps transformed.

        Returns: a batch with labels float32 (count, classes) whose rows sum to 1.
        Raises: InputError without labels, for images of other sizes, or with boxes.
        """
        own, other = batch.images.shape[1:], partner.images.shape[1:]
        if not own.is_compatible_with(other):
            raise InputError(
                f"{self.name()} of images of {tuple(own)} with partners of {tuple(other)}",
                "one size",
                "resize the partners",
            )
        if batch.boxes is not None:
            raise InputError(
                f"{self.name()} of images with boxes",
                "images with labels",
                "leave the mixing out for boxes",
            )
        if batch.labels is None or partner.labels is None or partner.labels.shape.rank != 2:
            raise InputError(
                f"{self.name()} without labels",
                "a class number for every image, and partners from Partners.take",
                "leave the mixing out where there are no labels",
            )
        images, masks, share = self.mix_parts(batch, partner, drawn)
        labels = batch.labels
        if labels.shape.rank == 1:
            labels = tf.one_hot(labels, partner.labels.shape[-1])
        return Batch(images, mix_labels(labels, partner.labels, share), masks)


def mix_labels(labels: tf.Tensor, others: tf.Tensor, share: tf.Tensor) -> tf.Tensor:
    """share * labels + (1 - share) * others, float32 (count, classes).

    In float64, where the products of float32 numbers are exact: only the sum is rounded, fused or
    not.
    """
    shares = [tf.cast(expand(part, labels), tf.float64) for part in (share, 1 - share)]
    mixed = shares[0] * tf.cast(labels, tf.float64) + shares[1] * tf.cast(others, tf.float64)
    return tf.cast(mixed, tf.float32)


def inside_box(box: tf.Tensor, size: Size) -> tf.Tensor:
    """Which pixels lie in each image's box.

    Args:
      box: int32 (count, 4): left, top, right, bottom; right and bottom are outside.

    Returns: bool (count, height, width).
    """
    left, top, right, bottom = [box[:, i, tf.newaxis] for i in range(4)]  # (count, 1)
    x, y = tf.range(size.width), tf.range(size.height)
    columns = (x >= left) & (x < right)  # (count, width)
    rows = (y >= top) & (y < bottom)  # (count, height)
    return rows[:, :, tf.newaxis] & columns[:, tf.newaxis, :]
