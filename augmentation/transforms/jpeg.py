"""What JPEG compression does to an image."""

import dataclasses
from typing import ClassVar

import tensorflow as tf

from augmentation.core.fields import WholeRange, option
from augmentation.core.randomness import Draws
from augmentation.core.transform import Drawn, Size, Transform
from augmentation.transforms.noise import GROUP


def compress(images: tf.Tensor, quality: tf.Tensor) -> tf.Tensor:
    """Save as JPEG and open again: the same bytes as Pillow's, whatever the batch.

    Args:
      images: uint8 (count, height, width, channels).
      quality: int32 (count,) in [1, 100], libjpeg's.

    Returns: uint8, the same shape.
    """

    def one(sample: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
        return tf.image.adjust_jpeg_quality(*sample, dct_method="INTEGER_ACCURATE")

    images = tf.convert_to_tensor(images)
    signature = tf.TensorSpec(images.shape[1:], tf.uint8)

    def mapped() -> tf.Tensor:
        return tf.map_fn(one, (images, quality), fn_output_signature=signature)

    # of no images whose size is not known either, map_fn could make no result
    return tf.cond(tf.size(images) > 0, mapped, lambda: images)


@dataclasses.dataclass(frozen=True)
class Jpeg(Transform):
    """The traces of JPEG compression, with colours at half the resolution, as Pillow saves it."""

    quality: WholeRange = option((30, 90), "libjpeg's: 100 is the best", low=1, high=100)

    group: ClassVar[str] = GROUP
    compilable: ClassVar[bool] = False  # XLA knows no codec

    def draw(self, draws: Draws, size: Size) -> Drawn:
        return {"quality": draws.integers(self.quality[0], self.quality[1] + 1)}

    def images(self, images: tf.Tensor, drawn: Drawn) -> tf.Tensor:
        return compress(images, drawn["quality"])
