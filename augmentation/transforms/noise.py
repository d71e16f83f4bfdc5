"""Gaussian noise, and the traces of JPEG compression.

Of noise a key for each image is drawn; the noise itself, as large as the image, is made from it.
"""

import dataclasses
import math

import tensorflow as tf

from augmentation.core.batch import expand, size_of
from augmentation.core.fields import Range, WholeRange, option
from augmentation.core.randomness import standard_normal
from augmentation.core.transform import Drawn, Transform
from augmentation.transforms.tone import to_bytes

GROUP = "noise, blur and quality"


@dataclasses.dataclass(frozen=True)
class GaussianNoise(Transform):
    """Normal noise, another value for every pixel and channel."""

    group = GROUP
    keyed = True
    sigma: Range = option((5, 20), "standard deviation, in grey levels", low=0, high=255)

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        normal = standard_normal(drawn["key"], math.prod(size_of(images)))
        noise = expand(drawn["sigma"], images) * tf.reshape(normal, tf.shape(images))
        # rounded before the sum: one compiler would fuse a product and a sum, another would not
        return to_bytes(tf.cast(images, tf.int32) + tf.cast(tf.round(noise), tf.int32))


@dataclasses.dataclass(frozen=True)
class Jpeg(Transform):
    """The traces of JPEG compression, with colours at half the resolution, as Pillow saves it."""

    group = GROUP
    compilable = False  # XLA knows no codec
    quality: WholeRange = option((30, 90), "libjpeg's: 100 is the best", low=1, high=100)

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        def saved_and_opened(sample: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
            return tf.image.adjust_jpeg_quality(*sample, dct_method="INTEGER_ACCURATE")

        def mapped() -> tf.Tensor:
            one = tf.TensorSpec(images.shape[1:], tf.uint8)
            given = (images, drawn["quality"])
            return tf.map_fn(saved_and_opened, given, fn_output_signature=one)

        # of no images whose size is not known either, map_fn could make no result
        return tf.cond(tf.size(images) > 0, mapped, lambda: images)
