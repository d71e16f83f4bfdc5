"""The chapter's generator and discriminator (5.2.1), for any image shape.

Both work on flat images, float32 (batch, height * width * channels) in [-1, 1]. LeakyReLU and
BatchNormalization keep Keras's defaults, as in the chapter (slope 0.3, momentum 0.99).
"""

import math

import keras
from keras import layers, ops


def build_generator(latent_dim: int, image_shape: tuple[int, int, int]) -> keras.Model:
    """Noise to images: latent_dim -> 256 -> 512 -> pixels; 562,704 parameters for 100 and 28x28x1.

    Args:
      latent_dim: size of the noise vector z.
      image_shape: (height, width, channels).

    Returns: a model from noise (batch, latent_dim) to flat images (batch, pixels) in [-1, 1].
    """
    noise = keras.Input((latent_dim,), name="noise")  # erratum E10: `input_dim` is deprecated
    hidden = layers.Dense(256)(noise)
    hidden = layers.BatchNormalization()(hidden)
    hidden = layers.LeakyReLU()(hidden)  # (batch, 256)
    hidden = layers.Dense(512)(hidden)
    hidden = layers.BatchNormalization()(hidden)
    hidden = layers.LeakyReLU()(hidden)  # (batch, 512)
    # erratum E11: the listing's 784 outputs fit grey 28 x 28 images only, not CIFAR-10.
    images = layers.Dense(math.prod(image_shape), activation="tanh")(hidden)  # [-1, 1]
    return keras.Model(noise, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int],
    dropout: float = 0.3,
    seed: int = 0,
    batch_deviation: bool = False,
) -> keras.Model:
    """Images to one logit: pixels -> 512 -> 256 -> 1; 533,505 parameters for 28x28x1.

    Args:
      image_shape: (height, width, channels).
      dropout: share of units dropped after each hidden layer, in [0, 1).
      seed: of the dropout masks.
      batch_deviation: show the last layer how much the batch varies, see BatchDeviation.

    Returns: a model from flat images (batch, pixels) in [-1, 1] to logits (batch, 1).
    """
    images = keras.Input((math.prod(image_shape),), name="images")
    hidden = layers.Dense(512)(images)
    hidden = layers.LeakyReLU()(hidden)
    hidden = layers.Dropout(dropout, seed=2 * seed)(hidden)  # (batch, 512)
    hidden = layers.Dense(256)(hidden)
    hidden = layers.LeakyReLU()(hidden)
    hidden = layers.Dropout(dropout, seed=2 * seed + 1)(hidden)  # (batch, 256)
    if batch_deviation:
        hidden = BatchDeviation()(hidden)  # (batch, 257)
    # erratum E1: the listing's sigmoid, for a loss that takes logits, stands in gan.listing.
    logits = layers.Dense(1)(hidden)
    return keras.Model(images, logits, name="discriminator")


class BatchDeviation(layers.Layer):
    """Not in the chapter: append to every sample how much the features vary over the batch.

    A generator that draws too few kinds of images is then seen by the batch, not by any one image.
    From (batch, units) to (batch, units + 1): the standard deviation over the batch, averaged over
    the units.

    Reference: Karras et al. 2018, Progressive Growing of GANs, section 3 (minibatch standard
    deviation), here over the whole batch.
    """

    def call(self, features):
        deviation = ops.sqrt(ops.var(features, axis=0) + 1e-8)  # (units,); sqrt'(0) is infinite
        column = ops.ones_like(features[:, :1]) * ops.mean(deviation)
        return ops.concatenate([features, column], axis=1)

    def compute_output_shape(self, features_shape):
        return (*features_shape[:-1], features_shape[-1] + 1)
