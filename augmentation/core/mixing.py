"""Mixing: two images and their labels become one.

The partner is drawn from the data set, not from the batch, so that what an image is mixed with does
not depend on which images happen to stand beside it.
"""

import abc
import dataclasses
from typing import ClassVar

import numpy as np
import tensorflow as tf

from augmentation.core.batch import Batch, Size, checked, expand, size_of
from augmentation.core.fields import Named, option
from augmentation.core.randomness import Draws, on_grid
from augmentation.core.transform import Drawn
from foundation.errors import InputError

MIXINGS: dict[str, type["Mixing"]] = {}  # the name in a recipe -> the class
SHARES = 2**12  # a share of mixup is a multiple of 1/4096: then the blend is exact in integers


@dataclasses.dataclass(frozen=True)
class Partners:
    """The set that partners come from: as a rule the training set itself.

    Args:
      images, labels, masks: as in `Batch`, labels whole numbers; masks if the samples have some.
      classes: how many classes there are; a soft label has one share for each.

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
                received = f"{len(values)} {name} for {count} partner images"
                raise InputError(received, "as many", "pass all")
        lowest, highest = np.min(self.labels), np.max(self.labels)
        if lowest < 0 or highest >= self.classes:
            received = f"partners' labels from {lowest} to {highest}"
            expected = f"0 to {self.classes - 1} for {self.classes} classes"
            raise InputError(received, expected, "say how many classes there are")
        with tf.init_scope():  # made once, outside any graph: a graph would carry a copy of the set
            whole = Batch(self.images, np.asarray(self.labels, np.int64), self.masks)
            object.__setattr__(self, "tensors", checked(whole.map(tf.convert_to_tensor)))

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: tf.Tensor) -> Batch:
        """The partners at these places, with labels float32 (count, classes)."""
        taken = self.tensors.map(lambda values: tf.gather(values, indices))
        return taken._replace(labels=tf.one_hot(taken.labels, self.classes))


@dataclasses.dataclass(frozen=True)
class Mixing(Named, abc.ABC):
    """Base: draws a partner, and checks and mixes the labels.

    A subclass says what else is drawn (`draw_amount`) and how it is mixed (`mix_parts`).
    """

    group: ClassVar[str] = "mixing"
    colour_only: ClassVar[bool] = False

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        MIXINGS[cls.name()] = cls

    def draw(self, draws: Draws, size: Size, partner_count: int) -> Drawn:
        """The partner, int64 (count,), and what the mixing itself draws.

        An image that is not mixed (`probability`) draws a partner too, and none of it is used.
        """
        partner = tf.cast(draws.integers(0, partner_count), tf.int64)
        happens = draws.happens(self.probability)
        return {"partner": partner, **self.draw_amount(draws, size, happens)}

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
        Raises: InputError without labels, or with boxes.
        """
        if batch.boxes is not None:
            received = f"{self.name()} of images with boxes"
            raise InputError(received, "images with labels", "leave the mixing out for boxes")
        if batch.labels is None or partner.labels is None or partner.labels.shape.rank != 2:
            received = f"{self.name()} without labels"
            expected = "a class number for every image, and partners from Partners.take"
            raise InputError(received, expected, "leave the mixing out where there are no labels")
        images, masks, share = self.mix_parts(batch, partner, drawn)
        labels = batch.labels
        if labels.shape.rank == 1:
            labels = tf.one_hot(labels, partner.labels.shape[-1])
        # products of float32 numbers are exact in float64: only the sum is rounded, fused or not
        own, other = [tf.cast(expand(part, labels), tf.float64) for part in (share, 1 - share)]
        mixed = own * tf.cast(labels, tf.float64) + other * tf.cast(partner.labels, tf.float64)
        return Batch(images, tf.cast(mixed, tf.float32), masks)


@dataclasses.dataclass(frozen=True)
class Mixup(Mixing):
    """The weighted mean of two images and of their labels.

    Reference: Zhang, Cisse, Dauphin and Lopez-Paz 2018, mixup: Beyond Empirical Risk Minimization
    (alpha from 0.1 to 0.4 on ImageNet, 1 on CIFAR-10).
    """

    alpha: float = option(0.2, "of the shares' Beta distribution; 1: all alike", low=0.01, high=100)

    def draw_amount(self, draws: Draws, size: Size, happens: tf.Tensor) -> Drawn:
        return {"share": tf.where(happens, on_grid(draws.beta(self.alpha), SHARES), 1.0)}

    def mix_parts(self, batch, partner, drawn):
        if batch.masks is not None:
            received = "mixup of images with masks"
            expected = "images with labels: a mean of class numbers is no class"
            raise InputError(received, expected, "use cutmix, which pastes image and mask alike")
        share = expand(tf.cast(tf.round(drawn["share"] * SHARES), tf.int32), batch.images)
        images, others = tf.cast(batch.images, tf.int32), tf.cast(partner.images, tf.int32)
        mixed = others * SHARES + (images - others) * share + SHARES // 2  # rounded
        return tf.cast(tf.bitwise.right_shift(mixed, 12), tf.uint8), None, drawn["share"]


@dataclasses.dataclass(frozen=True)
class Cutmix(Mixing):
    """A rectangle of the partner is pasted; the labels share by the pixels that were really pasted.

    The rectangle's centre is anywhere in the image, so the border often cuts it: taking the label
    share from what was drawn, before the cut, is wrong by 0.02 on average at 32 x 32.

    Reference: Yun et al. 2019, CutMix, equations 1 and 2.
    """

    alpha: float = option(1.0, "of the shares' Beta distribution; 1: all alike", low=0.01, high=100)

    def draw_amount(self, draws: Draws, size: Size, happens: tf.Tensor) -> Drawn:
        # sides sqrt(1 - lambda) of the image's; float64 and rounded once to whole pixels
        side = tf.sqrt(1 - tf.cast(draws.beta(self.alpha), tf.float64))
        corners = []
        for length in (size.width, size.height):
            long = tf.cast(tf.round(side * tf.cast(length, tf.float64)), tf.int32)
            first = draws.integers(0, length) - long // 2
            corners.append((tf.clip_by_value(first, 0, length), tf.minimum(first + long, length)))
        (left, right), (top, bottom) = corners
        box = tf.stack([left, top, right, bottom], axis=-1)
        return {"box": tf.where(happens[:, tf.newaxis], box, 0)}

    def mix_parts(self, batch, partner, drawn):
        box, size = drawn["box"], size_of(batch.images)
        inside = inside_box(box, size)
        images = tf.where(inside[..., tf.newaxis], partner.images, batch.images)
        masks = batch.masks
        if masks is not None:
            if partner.masks is None:
                received = "cutmix of images with masks and partners without"
                raise InputError(received, "masks of the partners", "pass them to Partners")
            masks = tf.where(inside, partner.masks, masks)
        pasted = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
        pixels = tf.cast(size.height * size.width, tf.float64)
        return images, masks, tf.cast(1 - tf.cast(pasted, tf.float64) / pixels, tf.float32)


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
