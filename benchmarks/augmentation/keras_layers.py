"""Keras's image layers in tf.data, a batch at a time: the fastest way to use them."""

from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf

from benchmarks.augmentation.rows import CLASSES, AugmentationSide
from benchmarks.sides import TensorflowSide, materialised

layers = keras.layers
ALWAYS = (1.0, 1.0)  # a single 1.0 draws the probability itself, and half of the images stay
LAYERS: dict[str, Callable[[], keras.Layer]] = {
    "flip": lambda: layers.RandomFlip("horizontal"),
    "rotation": lambda: layers.RandomRotation(15 / 360, fill_mode="constant"),
    "translation": lambda: layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
    "perspective": lambda: layers.RandomPerspective(factor=ALWAYS, scale=0.1),
    "elastic": lambda: layers.RandomElasticTransform(factor=ALWAYS, fill_mode="constant"),
    "brightness": lambda: layers.RandomBrightness(0.2),
    "contrast": lambda: layers.RandomContrast(0.2),
    "colour jitter": lambda: layers.RandomColorJitter(
        brightness_factor=0.2, contrast_factor=0.2, saturation_factor=(0.4, 0.6), hue_factor=0.05
    ),
    "posterize": lambda: layers.RandomPosterization(4),
    "solarize": lambda: layers.Solarization(threshold_factor=(0.5, 0.5)),
    "equalize": lambda: layers.Equalization(),
    "autocontrast": lambda: layers.AutoContrast(),
    "invert": lambda: layers.RandomInvert(factor=ALWAYS),
    "Gaussian noise": lambda: layers.GaussianNoise(25 / 255),
    "Gaussian blur": lambda: layers.RandomGaussianBlur(
        factor=ALWAYS, kernel_size=7, sigma=(0.5, 1.5)
    ),
    "erasing": lambda: layers.RandomErasing(factor=ALWAYS, fill_value=0.0),
    "mixup": lambda: layers.MixUp(alpha=0.2),
    "cutmix": lambda: layers.CutMix(),
    "RandAugment": lambda: layers.RandAugment(num_ops=2),
}
NEED_FLOATS = ("contrast", "colour jitter")  # refuse uint8
MIXES = ("mixup", "cutmix")


class Keras(AugmentationSide, TensorflowSide):
    """See benchmarks.augmentation.rows."""

    how = "layers in tf.data.Dataset.map, batches cut beforehand"
    rows = LAYERS.keys()

    def batches(self, row: str, images: np.ndarray, batch_size: int) -> Iterator[np.ndarray]:
        layer = LAYERS[row]()

        @tf.autograph.experimental.do_not_convert
        def augment(batch: tf.Tensor) -> tf.Tensor:
            if row in NEED_FLOATS:
                batch = tf.cast(batch, tf.float32)
            if row == "Gaussian noise":  # takes a deviation of 1 at most
                batch = tf.cast(batch, tf.float32) / 255
            if row in MIXES:
                labels = tf.one_hot(tf.range(batch_size) % CLASSES, CLASSES)
                mixed = layer({"images": batch, "labels": labels})
                return mixed["images"], mixed["labels"]
            return layer(batch, training=True)

        cut = images.reshape(-1, batch_size, *images.shape[1:])
        return materialised(tf.data.Dataset.from_tensor_slices(cut).map(augment))
