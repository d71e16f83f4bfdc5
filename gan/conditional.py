"""How a label enters the two networks, so that a synthetic image carries a true label.

# erratum E9: the chapter mixes generated images into a labelled set (4.3.1), but its GAN knows no
# labels, and an image without one can train no classifier.
"""

import keras
from keras import layers, ops


class ConditionalBatchNormalization(layers.Layer):
    """Batch normalization whose scale and shift belong to the class of the sample.

    Call arguments: features, float32 (batch, units); labels, int32 (batch,).

    Args:
      num_classes: number of classes; labels are 0 to num_classes - 1.

    Reference: de Vries et al. 2017, Modulating early visual processing by language, section 3;
    in a generator: Miyato & Koyama 2018, cGANs with Projection Discriminator, appendix.
    """

    def __init__(self, num_classes: int, **kwargs):
        super().__init__(**kwargs)
        self.num_classes = num_classes

    def build(self, features_shape, labels_shape):
        units = features_shape[-1]
        self.normalization = layers.BatchNormalization(center=False, scale=False)
        self.normalization.build(features_shape)
        self.gamma = self.add_weight(
            name="gamma", shape=(self.num_classes, units), initializer="ones"
        )
        self.beta = self.add_weight(
            name="beta", shape=(self.num_classes, units), initializer="zeros"
        )

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

    Args:
      features: h, the last hidden layer, float32 (batch, units).
      labels: y, int32 (batch,).

    The embedding starts at zero: at first the discriminator judges the image alone.
    Reference: Miyato & Koyama 2018, cGANs with Projection Discriminator, equation 5.
    """
    embedding = layers.Dense(
        features.shape[-1], use_bias=False, kernel_initializer="zeros", name="class_embedding"
    )(one_hot(labels, num_classes))  # (batch, units)
    return layers.Dot(axes=1, name="projection")([embedding, features])


def append_label(
    features: keras.KerasTensor, labels: keras.KerasTensor, num_classes: int
) -> keras.KerasTensor:
    """[features, one-hot label]: shape (batch, units + num_classes).

    Args:
      features: float32 (batch, units), noise or images.
      labels: int32 (batch,).

    Reference: Mirza & Osindero 2014, Conditional Generative Adversarial Nets, section 3.2.
    """
    return layers.Concatenate()([features, one_hot(labels, num_classes)])
