"""The distributions of the variational autoencoder: q(z | x, y), p(x | z, y) and p(z | y).

All three climb one bound on ln p(x | y); nothing in it is adversarial (erratum E27).

The prior is, for each class, a mixture of Gaussians that is learnt with the rest. Under a standard
normal the decoder stops listening to the label: most of the images drawn for a digit were not found
to be that digit by a classifier.
"""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import keras
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
    components: Gaussians in the prior of each class.
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
        # Attributes, each by its name: a checkpoint does not see variables in a list.
        groups, width = max(num_classes, 1), components * dim
        self.prior_logit = self.add_weight((groups, components), "zeros", name="prior_logit")
        # Centres that lie apart: equal ones would get equal gradients and stay equal.
        apart = keras.initializers.RandomNormal(stddev=1.0, seed=next(seeds))
        self.prior_mean = self.add_weight((groups, width), apart, name="prior_mean")
        self.prior_log_variance = self.add_weight(
            (groups, width), "zeros", name="prior_log_variance"
        )

    @property
    def prior(self) -> list:
        """The variables of the prior: logits of pi, means, ln s^2; each has a row a class."""
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
        # A product, no look-up: gan/conditional.py says what Adam would make of a look-up.
        chosen = tf.one_hot(labels, max(self.shape.num_classes, 1))
        logit, mean, log_variance = (chosen @ weight for weight in self.prior)
        by_component = (-1, self.shape.components, self.shape.latent_dim)
        moments = (tf.reshape(each, by_component) for each in (mean, log_variance))
        return tf.nn.log_softmax(logit), *moments

    def log_prior(self, z: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """ln p(z | y): (batch,)."""
        log_pi, mean, log_variance = self.prior_parameters(labels)
        return tf.reduce_logsumexp(log_pi + log_normal(z[:, None], mean, log_variance), axis=1)

    def log_observation(self, rows: tf.Tensor, z: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """ln p(x | z, y): (batch,)."""
        return log_normal(rows, self.decode(z, labels), 2.0 * tf.math.log(self.sigma))

    def elbo_parts(
        self,
        rows: tf.Tensor,
        labels: tf.Tensor,
        noise: tf.Tensor,
        code: tuple[tf.Tensor, tf.Tensor] | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Both parts of ELBO = E_q ln p(x | z, y) - KL(q(z | x, y) || p(z | y)), at one z of q.

        The divergence from a mixture has no closed form; at the same z it is estimated without
        bias by ln q(z | x, y) - ln p(z | y).

        Args:
          noise: standard normal, (batch, latent_dim); z = m + s * noise.
          code: what `encode` gives, if it has been called already.

        Returns: reconstruction and divergence, each (batch,), in nats.
        """
        mean, log_variance = self.encode(rows, labels) if code is None else code
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


def importance_weighted(
    log_weight: Callable[[tf.Tensor], tf.Tensor], draws: tf.Tensor, count: int
) -> tf.Tensor:
    """ln of the mean weight: ln (1/K) sum_k p(x, z_k) / q(z_k | x), z_k drawn from q.

    A lower bound of ln p(x) on average, which rises with K and reaches it in the limit; K = 1 is
    the ELBO. Graph code: the draws are taken one after the other, so memory does not grow with K.

    Args:
      log_weight: from the number of a draw, int32 scalar, to ln p(x, z) - ln q(z | x) of a batch at
        a z of its own, float32 (count,).
      draws: K, at least 1.

    Returns: float64 (count,): sums over a thousand pixels have lost digits enough.
    Reference: Burda et al. 2016, Importance weighted autoencoders, equation 8.
    """
    total = tf.fill([count], tf.constant(-math.inf, tf.float64))
    for k in tf.range(draws):
        weight = tf.cast(log_weight(k), tf.float64)
        high = tf.maximum(total, weight)
        total = high + tf.math.log(tf.exp(total - high) + tf.exp(weight - high))
    return total - tf.math.log(tf.cast(draws, tf.float64))
