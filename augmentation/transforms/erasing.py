"""Erasing: a rectangle of the image is blanked, so that no single part decides the class."""

import dataclasses
import math

import tensorflow as tf

from augmentation.core.batch import Size, size_of
from augmentation.core.compiling import computed_once
from augmentation.core.fields import Range, option
from augmentation.core.mixing import inside_box
from augmentation.core.randomness import Draws, random_words
from augmentation.core.transform import Drawn, Transform

GROUP = "erasing"
FILLS = ("noise", "constant")


@dataclasses.dataclass(frozen=True)
class Erase(Transform):
    """Blank one rectangle; boxes and labels stay.

    Reference: Zhong, Zheng, Kang, Li and Yang 2017, Random Erasing Data Augmentation; the defaults
    are its own, with noise as in its best variant.
    """

    group = GROUP
    probability: float = option(
        0.5, "share of the images it is applied to, in [0, 1]", low=0.0, high=1.0
    )
    area: Range = option((0.02, 0.4), "share of the image's", low=0, high=1)
    aspect: Range = option((0.3, 3.3), "height / width of the rectangle", low=0.01, high=100)
    fill: str = option("noise", "noise or constant (fill_value)", choices=FILLS)
    fill_value: int = option(0, "grey level, in [0, 255]", low=0, high=255)
    mask_fill: int = option(-1, "class number inside, in masks; -1: as before", low=-1, high=255)

    def draw(self, draws: Draws, size: Size) -> Drawn:
        """The rectangle, int32 (count, 4), and the key of the noise.

        Zhong's algorithm draws again until the rectangle fits. Here the aspect is drawn from those
        that fit, so that the share of the area is what was drawn; sides are whole pixels.
        """
        height, width = tf.cast(size.height, tf.float64), tf.cast(size.width, tf.float64)
        pixels = tf.cast(draws.uniform(*self.area), tf.float64) * height * width
        # height / width of the rectangle: the width is the whole image's at `flattest`
        flattest = pixels / (width * width)
        steepest = height * height / tf.maximum(pixels, 1e-9)
        low, high = [tf.minimum(tf.maximum(flattest, bound), steepest) for bound in self.aspect]
        ratio = tf.cast(draws.uniform(low, high), tf.float64)
        rows = tf.minimum(tf.cast(tf.round(tf.sqrt(pixels * ratio)), tf.int32), size.height)
        columns = tf.minimum(tf.cast(tf.round(tf.sqrt(pixels / ratio)), tf.int32), size.width)
        top = draws.integers(0, size.height - rows + 1)
        left = draws.integers(0, size.width - columns + 1)
        drawn = {"box": tf.stack([left, top, left + columns, top + rows], axis=-1)}
        return drawn if self.fill == "constant" else {**drawn, "key": draws.key()}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        inside = inside_box(drawn["box"], size_of(images))[..., tf.newaxis]
        if self.fill == "constant":
            return tf.where(inside, tf.constant(self.fill_value, tf.uint8), images)
        number = math.prod(size_of(images))
        (words,) = computed_once(random_words(drawn["key"], (number + 3) // 4))
        noise = tf.reshape(tf.bitcast(words, tf.uint8), [-1, (number + 3) // 4 * 4])[:, :number]
        return tf.where(inside, tf.reshape(noise, tf.shape(images)), images)

    def masks(self, masks: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        if self.mask_fill < 0:
            return masks
        inside = inside_box(drawn["box"], size_of(masks))
        return tf.where(inside, tf.cast(self.mask_fill, masks.dtype), masks)
