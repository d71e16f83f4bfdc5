"""A layer that lets the discriminator see the batch: an addition to the chapter's design."""

from keras import layers, ops


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
