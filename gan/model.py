"""The chapter's generator and discriminator (5.2.1), for any image shape.

Both work on flat images, float32 (batch, height * width * channels) in [-1, 1]. LeakyReLU and
BatchNormalization keep Keras's defaults, as in the chapter (slope 0.3, momentum 0.99).
"""

import math

import keras
from keras import layers, ops

from gan.conditional import ConditionalBatchNormalization, append_label, projection


def build_generator(
    latent_dim: int,
    image_shape: tuple[int, int, int],
    num_classes: int = 0,
    conditioning: str = "projection",
) -> keras.Model:
    """Noise to images: latent_dim -> 256 -> 512 -> pixels; 562,704 parameters for 100 and 28x28x1.

    Args:
      latent_dim: size of the noise vector z.
      image_shape: (height, width, channels).
      num_classes: 0, or the number of classes of a conditional generator.
      conditioning: "projection": the label chooses scale and shift of each batch normalization;
        "concatenation": it is appended to the noise, one-hot.

    Returns: a model from noise (batch, latent_dim), or from [noise, labels (batch,)] when
    conditional, to flat images (batch, pixels) in [-1, 1].
    """
    noise = keras.Input((latent_dim,), name="noise")  # erratum E10: `input_dim` is deprecated
    labels = keras.Input((), dtype="int32", name="labels") if num_classes else None
    class_wise = num_classes and conditioning == "projection"
    hidden = append_label(noise, labels, num_classes) if num_classes and not class_wise else noise
    for units in (256, 512):
        hidden = layers.Dense(units)(hidden)
        if class_wise:
            hidden = ConditionalBatchNormalization(num_classes)(hidden, labels)
        else:
            hidden = layers.BatchNormalization()(hidden)
        hidden = layers.LeakyReLU()(hidden)  # (batch, units)
    # erratum E11: the listing's 784 outputs fit grey 28 x 28 images only, not CIFAR-10.
    images = layers.Dense(math.prod(image_shape), activation="tanh")(hidden)  # [-1, 1]
    return keras.Model([noise, labels] if num_classes else noise, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int],
    num_classes: int = 0,
    conditioning: str = "projection",
    dropout: float = 0.3,
    output_activation: str | None = None,
    seed: int = 0,
    batch_deviation: bool = False,
) -> keras.Model:
    """Images to one logit: pixels -> 512 -> 256 -> 1; 533,505 parameters for 28x28x1.

    Args:
      image_shape: (height, width, channels).
      num_classes: 0, or the number of classes of a conditional discriminator.
      conditioning: "projection": the label adds <v_y, h> to the logit; "concatenation": it is
        appended to the image, one-hot.
      dropout: share of units dropped after each hidden layer, in [0, 1).
      output_activation: None for a logit; "sigmoid" only for the variant `listing` (erratum E1).
      seed: of the dropout masks.
      batch_deviation: show the last layer how much the batch varies, see BatchDeviation.

    Returns: a model from flat images (batch, pixels) in [-1, 1], or from [images, labels (batch,)]
    when conditional, to logits (batch, 1).
    """
    images = keras.Input((math.prod(image_shape),), name="images")
    labels = keras.Input((), dtype="int32", name="labels") if num_classes else None
    projected = num_classes and conditioning == "projection"
    hidden = append_label(images, labels, num_classes) if num_classes and not projected else images
    for index, units in enumerate((512, 256)):
        hidden = layers.Dense(units)(hidden)
        hidden = layers.LeakyReLU()(hidden)
        hidden = layers.Dropout(dropout, seed=2 * seed + index)(hidden)  # (batch, units)
    last = BatchDeviation()(hidden) if batch_deviation else hidden
    logits = layers.Dense(1, activation=output_activation)(last)
    if projected:
        logits = layers.Add()([logits, projection(hidden, labels, num_classes)])
    return keras.Model([images, labels] if num_classes else images, logits, name="discriminator")


class BatchDeviation(layers.Layer):
    """Append one number to every sample: how much the features vary over the batch.

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
