"""Erasing: a rectangle of the image is blanked, so that no single part decides the class."""

import dataclasses

import tensorflow as tf

from augmentation.core.compiling import computed_once
from augmentation.core.fields import Range, option
from augmentation.core.mixing import inside_box
from augmentation.core.randomness import Draws, random_words
from augmentation.core.transform import Drawn, Size, Transform, size_of

GROUP = "erasing"
FILLS = ("noise", "constant")


def erase(images: tf.Tensor, box: tf.Tensor, filling: tf.Tensor | int) -> tf.Tensor:
    """Replace what lies in each image's box.

    Args:
      images: uint8 (count, height, width, channels).
      box: int32 (count, 4): left, top, right, bottom; right and bottom are outside.
      filling: uint8, the shape of images, or one grey level.

    Returns: uint8, the same shape.
    """
    inside = inside_box(box, size_of(images))[..., tf.newaxis]
    return tf.where(inside, tf.cast(filling, tf.uint8), images)


def random_bytes(images: tf.Tensor, key: tf.Tensor) -> tf.Tensor:
    """Even noise: uint8, the shape of images, every value as likely as any other."""
    height, width, channels = size_of(images)
    number = height * width * channels
    (words,) = computed_once(random_words(key, (number + 3) // 4))
    count = tf.shape(images)[0]
    values = tf.reshape(tf.bitcast(words, tf.uint8), [count, 4 * ((number + 3) // 4)])[:, :number]
    return tf.reshape(values, [count, height, width, channels])


def draw_box(draws: Draws, area: Range, aspect: Range, size: Size) -> tf.Tensor:
    """A rectangle somewhere in each image: int32 (count, 4).

    Zhang's algorithm draws again until the rectangle fits. Here the aspect is drawn from those that
    fit, so that the share of the area is what was drawn; sides are rounded to whole pixels.
    """
    height, width = tf.cast(size.height, tf.float64), tf.cast(size.width, tf.float64)
    pixels = tf.cast(draws.uniform(*area), tf.float64) * height * width
    # height / width of the rectangle: the width is the whole image's at `flattest`
    flattest = pixels / (width * width)
    steepest = height * height / tf.maximum(pixels, 1e-9)
    low, high = [tf.minimum(tf.maximum(flattest, bound), steepest) for bound in aspect]
    ratio = tf.cast(draws.uniform(low, high), tf.float64)
    rows = _whole(tf.sqrt(pixels * ratio), size.height)
    columns = _whole(tf.sqrt(pixels / ratio), size.width)
    top = draws.integers(0, size.height - rows + 1)
    left = draws.integers(0, size.width - columns + 1)
    return tf.stack([left, top, left + columns, top + rows], axis=-1)


def _whole(length: tf.Tensor, most: int | tf.Tensor) -> tf.Tensor:
    return tf.minimum(tf.cast(tf.round(length), tf.int32), most)


@dataclasses.dataclass(frozen=True)
class Erase(Transform):
    """Blank one rectangle; boxes and labels stay.

    Reference: Zhong, Zheng, Kang, Li and Yang 2017, Random Erasing Data Augmentation; the defaults
    are its own, with noise as in its best variant.
    """

    probability: float = option(
        0.5, "share of the images it is applied to, in [0, 1]", low=0.0, high=1.0
    )
    area: Range = option((0.02, 0.4), "share of the image's", low=0, high=1)
    aspect: Range = option((0.3, 3.3), "height / width of the rectangle", low=0.01, high=100)
    fill: str = option("noise", "noise or constant (fill_value)", choices=FILLS)
    fill_value: int = option(0, "grey level, in [0, 255]", low=0, high=255)
    mask_fill: int = option(-1, "class number inside, in masks; -1: as before", low=-1, high=255)

    group = GROUP

    def draw(self, draws: Draws, size: Size) -> Drawn:
        drawn = {"box": draw_box(draws, self.area, self.aspect, size)}
        return drawn if self.fill == "constant" else {**drawn, "key": draws.key()}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        if self.fill == "constant":
            return erase(images, drawn["box"], self.fill_value)
        return erase(images, drawn["box"], random_bytes(images, drawn["key"]))

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        if self.mask_fill < 0:
            return masks
        inside = inside_box(drawn["box"], size_of(masks[..., tf.newaxis]))
        return tf.where(inside, tf.cast(self.mask_fill, masks.dtype), masks)
