"""The distributions of the variational autoencoder: q(z | x, y), p(x | z, y) and p(z | y).

All three climb one bound on ln p(x | y); nothing in it is adversarial (erratum E27).

The prior is not one standard normal but, for each class, a mixture of Gaussians that is learnt with
the rest. Under a standard normal the code says which digit it is, the decoder stops listening to
the label, and between the codes of real images lie places where the prior draws and nothing was
learnt: most of the images drawn for a digit were then not found to be that digit by a classifier.
"""

import itertools
import math
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

LOG_2PI = math.log(2 * math.pi)
# Pixels come in steps of 1/255. A narrower Gaussian than such a step is uniform could grow without
# bound at pixels that never change.
SMALLEST_DEVIATION = 1 / 255 / math.sqrt(12)
FIRST_DEVIATION = 0.25


class Shape(NamedTuple):
    """What decides the shapes of all weights.

    pixels: height * width * channels.
    num_classes: 0 without labels.
    latent_dim: size of the code z.
    units: width of the narrower hidden layer; the one next to the pixels is twice as wide.
    components: Gaussians in the prior of each class; 0: the standard normal of the first paper.
    """

    pixels: int
    num_classes: int
    latent_dim: int
    units: int
    components: int


class Vae(keras.Model):
    """Encoder, decoder and prior of a conditional variational autoencoder.

    Rows are float32 (batch, pixels) in [0, 1]; labels int32 (batch,), all 0 where there are no
    classes. Densities are of rows, in nats.

        q(z | x, y) = N(z; m(x, y), diag s^2(x, y))
        p(x | z, y) = N(x; f(z, y), sigma^2 I), one learnt sigma for all pixels
        p(z | y)    = sum_k pi_yk N(z; mu_yk, diag s_yk^2)

    Args:
      shape: see Shape.
      seed: of the first weights.

    Reference: Kingma and Welling 2014, Auto-encoding variational Bayes; Sohn et al. 2015 (labels,
      and a prior that knows them); Tomczak and Welling 2018, VAE with a VampPrior (mixtures);
      Rybkin et al. 2021, Simple and effective VAE training with calibrated decoders (sigma).
    """

    def __init__(self, shape: Shape, seed: int = 0):
        super().__init__(name="vae")
        self.shape = shape
        pixels, num_classes, dim, units, components = shape
        seeds = map((1000 * seed).__add__, itertools.count())
        widths = (2 * units, units)
        self.encoder = network("encoder", pixels + num_classes, widths, 2 * dim, seeds)
        self.decoder = network("decoder", dim + num_classes, widths[::-1], pixels, seeds)
        raw = math.log(math.sqrt(FIRST_DEVIATION**2 - SMALLEST_DEVIATION**2))
        self.log_sigma = self.add_weight(
            shape=(), initializer=keras.initializers.Constant(raw), name="log_sigma"
        )
        if components:
            # Attributes, each by its name: a checkpoint does not see variables in a list.
            groups = max(num_classes, 1)
            self.prior_logit = self.add_weight((groups, components), "zeros", name="prior_logit")
            width = components * dim
            # Centres that lie apart: equal ones would get equal gradients and stay equal.
            apart = keras.initializers.RandomNormal(stddev=1.0, seed=next(seeds))
            self.prior_mean = self.add_weight((groups, width), apart, name="prior_mean")
            self.prior_log_variance = self.add_weight(
                (groups, width), "zeros", name="prior_log_variance"
            )

    @property
    def prior(self) -> list:
        """The variables of the prior: logits of pi, means, ln s^2; each has a row a class."""
        if not self.shape.components:
            return []
        return [self.prior_logit, self.prior_mean, self.prior_log_variance]

    def encode(self, rows: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Mean and ln s^2 of q(z | x, y), each (batch, latent_dim)."""
        one_hot = tf.one_hot(labels, self.shape.num_classes)
        return tf.split(self.encoder(tf.concat([rows, one_hot], axis=1)), 2, axis=1)

    def decode(self, z: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """f(z, y), the mean image: (batch, pixels) in [0, 1]."""
        one_hot = tf.one_hot(labels, self.shape.num_classes)
        return tf.sigmoid(self.decoder(tf.concat([z, one_hot], axis=1)))

    @property
    def sigma(self) -> tf.Tensor:
        """Standard deviation of a pixel around the mean image."""
        return tf.sqrt(SMALLEST_DEVIATION**2 + tf.exp(2.0 * self.log_sigma))

    def prior_parameters(self, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """ln pi (batch, k), mu (batch, k, latent_dim) and ln s^2 (the same) of p(z | y)."""
        dim, components = self.shape.latent_dim, self.shape.components
        if not components:
            zeros = tf.zeros((tf.size(labels), 1, dim))
            return zeros[:, :, 0], zeros, zeros
        # A product, no look-up: gan/conditional.py says what Adam would make of a look-up.
        chosen = tf.one_hot(labels, max(self.shape.num_classes, 1))
        logit, mean, log_variance = (chosen @ weight for weight in self.prior)
        by_component = (-1, components, dim)
        return (
            tf.nn.log_softmax(logit),
            tf.reshape(mean, by_component),
            tf.reshape(log_variance, by_component),
        )

    def log_prior(self, z: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """ln p(z | y): (batch,)."""
        log_pi, mean, log_variance = self.prior_parameters(labels)
        return tf.reduce_logsumexp(log_pi + log_normal(z[:, None], mean, log_variance), axis=1)

    def log_observation(self, rows: tf.Tensor, z: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """ln p(x | z, y): (batch,)."""
        return log_normal(rows, self.decode(z, labels), 2.0 * tf.math.log(self.sigma))

    def elbo_parts(
        self, rows: tf.Tensor, labels: tf.Tensor, noise: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Both parts of ELBO = E_q ln p(x | z, y) - KL(q(z | x, y) || p(z | y)), at one z of q.

        The divergence from a mixture has no closed form; at the same z it is estimated without
        bias by ln q(z | x, y) - ln p(z | y).

        Args:
          noise: standard normal, (batch, latent_dim); z = m + s * noise.

        Returns: reconstruction and divergence, each (batch,), in nats.
        """
        return self.elbo_parts_of_code(rows, labels, self.encode(rows, labels), noise)

    def elbo_parts_of_code(
        self,
        rows: tf.Tensor,
        labels: tf.Tensor,
        code: tuple[tf.Tensor, tf.Tensor],
        noise: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """`elbo_parts` where `encode` has been called already."""
        mean, log_variance = code
        z = mean + tf.exp(log_variance / 2) * noise
        divergence = log_normal(z, mean, log_variance) - self.log_prior(z, labels)
        return self.log_observation(rows, z, labels), divergence


def network(name: str, inputs: int, widths: tuple[int, ...], outputs: int, seeds) -> keras.Model:
    """Dense layers with ReLU between them; float32 (batch, inputs) -> (batch, outputs)."""
    layers = keras.layers
    hidden = first = keras.Input((inputs,))
    for width in widths:
        he = keras.initializers.HeUniform(next(seeds))
        hidden = layers.Dense(width, activation="relu", kernel_initializer=he)(hidden)
    glorot = keras.initializers.GlorotUniform(next(seeds))
    last = layers.Dense(outputs, kernel_initializer=glorot)(hidden)
    return keras.Model(first, last, name=name)


def log_normal(x: tf.Tensor, mean: tf.Tensor, log_variance: tf.Tensor) -> tf.Tensor:
    """ln N(x; mean, diag exp(log_variance)), summed over the last axis."""
    squared = tf.square(x - mean) * tf.exp(-log_variance)
    return -0.5 * tf.reduce_sum(squared + log_variance + LOG_2PI, axis=-1)


def prior_moments(vae: Vae, label: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean (latent_dim,) and covariance (latent_dim, latent_dim) of p(z | y)."""
    parameters = (each[0].numpy() for each in vae.prior_parameters(tf.constant([label])))
    log_pi, means, log_variances = parameters
    pi = np.exp(log_pi)
    mean = pi @ means
    apart = means - mean
    within = np.diag(pi @ np.exp(log_variances))
    return mean, within + (pi[:, None] * apart).T @ apart
