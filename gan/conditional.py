"""The labelled pair: a class enters both networks, so that a synthetic image carries a true label.

# erratum E9: the chapter mixes generated images into a labelled set (4.3.1), but its GAN knows no
# labels, and an image without one can train no classifier.
"""

import math

import keras
import tensorflow as tf
from keras import layers, ops

from gan.model import BatchDeviation
from gan.step import Gan


class ConditionalGan(Gan):
    """The GAN of labelled images: both networks are told the class of what they draw or judge."""

    conditional = True

    def new_generator(self) -> keras.Model:
        return build_generator(self.settings.latent_dim, self.image_shape, self.num_classes)

    def new_discriminator(self) -> keras.Model:
        chosen = self.settings
        given = chosen.dropout, chosen.seed, chosen.batch_deviation
        return build_discriminator(self.image_shape, self.num_classes, *given)

    def inputs(self, values: tf.Tensor, labels: tf.Tensor) -> list[tf.Tensor]:
        return [values, labels]


def build_generator(
    latent_dim: int, image_shape: tuple[int, int, int], num_classes: int
) -> keras.Model:
    """The chapter's generator; the label chooses scale and shift of each batch normalization.

    Args:
      latent_dim, image_shape: as for gan.model.build_generator.
      num_classes: number of classes; labels are 0 to num_classes - 1.

    Returns: a model from [noise (batch, latent_dim), labels (batch,)] to flat images (batch,
    pixels) in [-1, 1].
    """
    noise = keras.Input((latent_dim,), name="noise")
    labels = keras.Input((), dtype="int32", name="labels")
    hidden = noise
    for units in (256, 512):
        hidden = layers.Dense(units)(hidden)
        hidden = ConditionalBatchNormalization(num_classes)(hidden, labels)
        hidden = layers.LeakyReLU()(hidden)  # (batch, units)
    images = layers.Dense(math.prod(image_shape), activation="tanh")(hidden)  # [-1, 1]
    return keras.Model([noise, labels], images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int],
    num_classes: int,
    dropout: float = 0.3,
    seed: int = 0,
    batch_deviation: bool = False,
) -> keras.Model:
    """The chapter's discriminator; the class the image is said to show adds <v_y, h> to the logit.

    Args:
      num_classes: number of classes; labels are 0 to num_classes - 1.
      image_shape, dropout, seed, batch_deviation: as for gan.model.build_discriminator.

    Returns: a model from [images (batch, pixels) in [-1, 1], labels (batch,)] to logits (batch, 1).
    """
    images = keras.Input((math.prod(image_shape),), name="images")
    labels = keras.Input((), dtype="int32", name="labels")
    hidden = images
    for index, units in enumerate((512, 256)):
        hidden = layers.Dense(units)(hidden)
        hidden = layers.LeakyReLU()(hidden)
        hidden = layers.Dropout(dropout, seed=2 * seed + index)(hidden)  # (batch, units)
    logits = layers.Dense(1)(BatchDeviation()(hidden) if batch_deviation else hidden)
    logits = layers.Add()([logits, projection(hidden, labels, num_classes)])
    return keras.Model([images, labels], logits, name="discriminator")


class ConditionalBatchNormalization(layers.Layer):
    """Batch normalization whose scale and shift belong to the class of the sample.

    Call arguments: features, float32 (batch, units); labels, int32 (batch,).

    Reference: de Vries et al. 2017, Modulating early visual processing by language, section 3;
    in a generator: Miyato & Koyama 2018, cGANs with Projection Discriminator, appendix.
    """

    def __init__(self, num_classes: int, **kwargs):
        super().__init__(**kwargs)
        self.num_classes = num_classes

    def build(self, features_shape, labels_shape):
        self.normalization = layers.BatchNormalization(center=False, scale=False)
        self.normalization.build(features_shape)
        shape = (self.num_classes, features_shape[-1])
        self.gamma = self.add_weight(name="gamma", shape=shape, initializer="ones")
        self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros")

    def call(self, features, labels, training=None):
        normalized = self.normalization(features, training=training)
        rows = one_hot(labels, self.num_classes)
        return normalized * ops.matmul(rows, self.gamma) + ops.matmul(rows, self.beta)


def one_hot(labels: keras.KerasTensor, num_classes: int) -> keras.KerasTensor:
    """Labels as rows of one 1 and zeros: float32 (batch, num_classes).

    A class's row of a table is taken by a matrix product with this, not by an embedding look-up:
    the gradient of a look-up lists the same class many times a batch, and Keras 3.15's Adam then
    sums the squares where it should square the sum, and steps several times too far.
    """
    return ops.one_hot(labels, num_classes)


def projection(
    features: keras.KerasTensor, labels: keras.KerasTensor, num_classes: int
) -> keras.KerasTensor:
    """The projection discriminator's class term, <v_y, h>: shape (batch, 1).

    h is the last hidden layer, float32 (batch, units); y are the labels, int32 (batch,).
    The embedding starts at zero: at first the discriminator judges the image alone.
    Reference: Miyato & Koyama 2018, cGANs with Projection Discriminator, equation 5.
    """
    embedding = layers.Dense(
        features.shape[-1], use_bias=False, kernel_initializer="zeros", name="class_embedding"
    )(one_hot(labels, num_classes))  # (batch, units)
    return layers.Dot(axes=1, name="projection")([embedding, features])
