"""Mixing: two images and their labels become one.

The partner is drawn from the data set, not from the batch, so that what an image is mixed with does
not depend on which images happen to stand beside it.
"""

import dataclasses

import tensorflow as tf

from augmentation.core.batch import expand
from augmentation.core.fields import option
from augmentation.core.mixing import SHARES, Mixing, inside_box
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size, size_of
from foundation.errors import InputError


@dataclasses.dataclass(frozen=True)
class Mixup(Mixing):
    """The weighted mean of two images and of their labels.

    Reference: Zhang, Cisse, Dauphin and Lopez-Paz 2018, mixup: Beyond Empirical Risk Minimization
    (alpha from 0.1 to 0.4 on ImageNet, 1 on CIFAR-10).
    """

    alpha: float = option(
        0.2, "of the Beta distribution of the shares; 1: all alike", low=0.01, high=100
    )

    def draw_amount(self, draws: Draws, size: Size, happens: tf.Tensor) -> Drawn:
        share = tf.round(draws.beta(self.alpha) * SHARES) * (1 / SHARES)
        return {"share": tf.where(happens, share, 1.0)}

    def is_mixed(self, values: dict) -> bool:
        return values["share"] < 1

    def mix_parts(self, batch, partner, drawn):
        if batch.masks is not None:
            raise InputError(
                "mixup of images with masks",
                "images with labels: a mean of class numbers is no class",
                "use cutmix, which pastes image and mask alike",
            )
        return mix_images(batch.images, partner.images, drawn["share"]), None, drawn["share"]


def mix_images(images: tf.Tensor, others: tf.Tensor, share: tf.Tensor) -> tf.Tensor:
    """share * images + (1 - share) * others, rounded.

    Args:
      images, others: uint8 (count, height, width, channels).
      share: float32 (count,) in [0, 1], taken in steps of 1/4096.

    Returns: uint8, the same shape.
    """
    share = expand(tf.cast(tf.round(share * SHARES), tf.int32), images)
    images, others = tf.cast(images, tf.int32), tf.cast(others, tf.int32)
    mixed = others * SHARES + (images - others) * share + SHARES // 2
    return tf.cast(tf.bitwise.right_shift(mixed, 12), tf.uint8)


@dataclasses.dataclass(frozen=True)
class Cutmix(Mixing):
    """A rectangle of the partner is pasted; the labels share by the pixels that were really pasted.

    The rectangle's centre is anywhere in the image, so the border often cuts it: taking the label
    share from what was drawn, before the cut, is wrong by 0.02 on average at 32 x 32.

    Reference: Yun et al. 2019, CutMix, equations 1 and 2.
    """

    alpha: float = option(
        1.0, "of the Beta distribution of the shares; 1: all alike", low=0.01, high=100
    )

    def draw_amount(self, draws: Draws, size: Size, happens: tf.Tensor) -> Drawn:
        # sides sqrt(1 - lambda) of the image's; float64 and rounded once to whole pixels
        side = tf.sqrt(1 - tf.cast(draws.beta(self.alpha), tf.float64))
        corners = []
        for length in (size.width, size.height):
            long = tf.cast(tf.round(side * tf.cast(length, tf.float64)), tf.int32)
            first = draws.integers(0, length) - long // 2
            corners.append((tf.clip_by_value(first, 0, length), first + long))
        (left, right), (top, bottom) = corners
        right = tf.minimum(right, size.width)
        bottom = tf.minimum(bottom, size.height)
        box = tf.stack([left, top, right, bottom], axis=-1)
        return {"box": tf.where(happens[:, tf.newaxis], box, 0)}

    def is_mixed(self, values: dict) -> bool:
        left, top, right, bottom = values["box"]
        return left < right and top < bottom

    def mix_parts(self, batch, partner, drawn):
        box, size = drawn["box"], size_of(batch.images)
        inside = inside_box(box, size)
        images = tf.where(inside[..., tf.newaxis], partner.images, batch.images)
        masks = batch.masks
        if masks is not None:
            if partner.masks is None:
                raise InputError(
                    "cutmix of images with masks and partners without",
                    "masks of the partners",
                    "pass them to Partners",
                )
            masks = tf.where(inside, partner.masks, masks)
        pasted = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
        pixels = tf.cast(size.height * size.width, tf.float64)
        return images, masks, tf.cast(1 - tf.cast(pasted, tf.float64) / pixels, tf.float32)
