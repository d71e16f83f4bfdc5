"""What the exhibits of the GAN listing (5.2.1) train on, and how.

They run the GANs of gan.train: `listing` keeps the chapter's defects, `corrected` and
`conditional` mend them, on a few thousand images of the embedded MNIST.
"""

import functools
import math
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from data.images.dataset import ImageDataset
from data.images.load import load_images
from foundation.purposes import SAMPLE_NOISE, TRAINING_NOISE
from gan.config import GanSettings
from gan.step import Gan
from gan.train import build_gan
from gan.trained import to_images
from training.seeds import epoch_order, make_repeatable, normal_noise

TRAINING_IMAGES = 2048
BATCH_SIZE = 64


@functools.cache
def small_mnist() -> ImageDataset:
    """A stratified draw from MNIST, the same every time."""
    return load_images("mnist", max_images=TRAINING_IMAGES)


def new_gan(variant: str, seed: int, **settings) -> Gan:
    """An untrained GAN for the small MNIST; `settings` replace the chapter's values."""
    make_repeatable(seed)
    settings = GanSettings(variant=variant, batch_size=BATCH_SIZE, seed=seed, **settings)
    return build_gan(settings, small_mnist().image_shape, small_mnist().num_classes)


def train_epoch(
    gan: Gan, epoch: int, count: int = TRAINING_IMAGES, train_steps: Callable | None = None
) -> dict[str, float]:
    """One epoch over the first `count` images; the means of what the steps measured.

    Args:
      train_steps: what to call instead of gan.train_steps.
    """
    split, seed = small_mnist().train, gan.settings.seed
    steps = math.ceil(count / BATCH_SIZE)
    (train_steps or gan.train_steps)(
        tf.constant(split.images[:count].reshape(count, -1)),
        tf.constant(split.labels[:count], tf.int32),
        tf.constant(epoch_order(seed, epoch, count)),
        normal_noise(seed, TRAINING_NOISE, epoch, (steps * BATCH_SIZE, 100)),
        tf.constant(0),
        tf.constant(steps),
    )
    measured = gan.averages.result()
    gan.averages.reset()
    return measured


def record_epoch(gan: Gan, count: int) -> dict[str, list[float]]:
    """Train one epoch on `count` images, and note what the loop of the GAN hands to each step.

    Returns: for each step the number of real images and of noise vectors, the smallest and largest
    value of an image, and the two losses.
    """
    seen = {name: [] for name in ("real", "fake", "minimum", "maximum")}
    seen |= {"generator loss": [], "loss of D": []}

    def record(
        images: tf.Tensor, noise: tf.Tensor, labels: tf.Tensor | None
    ) -> dict[str, tf.Tensor]:
        measured = type(gan).train_step.python_function(gan, images, noise, labels)
        limits = tf.reduce_min(images), tf.reduce_max(images)
        losses = measured["generator_loss"], measured["discriminator_loss"]
        values = len(images), len(noise), *map(float, limits + losses)
        for noted, value in zip(seen.values(), values, strict=True):
            noted.append(value)
        return measured

    gan.train_step = record
    # Loop and step without tf.function: a graph is built once and would be recorded only once.
    train_epoch(gan, 0, count, functools.partial(type(gan).train_steps.python_function, gan))
    return seen


def draw(gan: Gan, count: int, labels: np.ndarray | None = None) -> np.ndarray:
    """Samples of a GAN in training, uint8 (count, 28, 28, 1)."""
    noise = normal_noise(gan.settings.seed, SAMPLE_NOISE, 0, (count, 100))
    inputs = noise if labels is None else [noise, tf.constant(labels, tf.int32)]
    return to_images(gan.sampler(inputs, training=False).numpy(), small_mnist().image_shape)
