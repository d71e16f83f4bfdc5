"""Small GANs and steps, for the tests of gan.step and of its variants."""

import keras
import numpy as np
import tensorflow as tf

from gan.config import GanSettings
from gan.step import Gan
from gan.train import build_gan
from training.seeds import dropout_states

SHAPE = (4, 4, 1)


def make_gan(**settings) -> Gan:
    """A GAN for images of 4 x 4; the same settings give the same weights."""
    keras.utils.set_random_seed(1)
    given = {"latent_dim": 6, "batch_size": 8, "dropout": 0.0, **settings}
    return build_gan(GanSettings(**given), SHAPE, num_classes=3)


def made_batch(gan: Gan, count: int = 8):
    """Images, noise and, where they are read, labels."""
    generator = np.random.default_rng(2)
    images = generator.uniform(-1, 1, (count, 16)).astype(np.float32)
    noise = generator.normal(size=(count, 6)).astype(np.float32)
    labels = tf.constant(np.arange(count) % 3, tf.int32) if gan.conditional else None
    return tf.constant(images), tf.constant(noise), labels


def eager_step(gan: Gan, images, noise, labels=None) -> dict:
    """A step without its graph, which would take a second to build for each size of a batch."""
    return type(gan).train_step.python_function(gan, images, noise, labels)


def run_epoch(gan: Gan, count: int, calls=((0, 3),)):
    """Three steps in the compiled loop; the images (uint8), their order, the noise."""
    generator = np.random.default_rng(3)
    images = generator.integers(0, 256, (count, 16), dtype=np.uint8)
    labels = tf.constant(np.arange(count) % 3, tf.int32)
    order = tf.constant(generator.permutation(count).astype(np.int32))
    noise = tf.constant(generator.normal(size=(24, 6)).astype(np.float32))
    for first, last in calls:
        gan.train_steps(
            tf.constant(images), labels, order, noise, tf.constant(first), tf.constant(last)
        )
    return images, order.numpy(), noise.numpy()


def all_variables(gan: Gan) -> list[tf.Variable]:
    """All that a step reads and may change."""
    averaged = gan.average_generator.variables if gan.average_generator else []
    optimizers = [*gan.generator_optimizer.variables, *gan.discriminator_optimizer.variables]
    states = dropout_states(gan.discriminator)
    return [*gan.variables(), *averaged, *optimizers, *states, gan.averages.sums]


def values(variables) -> list[np.ndarray]:
    """Of variables, as arrays."""
    return [keras.ops.convert_to_numpy(variable) for variable in variables]
