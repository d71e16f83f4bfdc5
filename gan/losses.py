"""The losses of the GAN, on logits, each beside its formula.

With D(x) = sigmoid(logit), log D = -softplus(-logit) and log(1 - D) = -softplus(logit); softplus
never overflows, the logarithm of a sigmoid that has reached 0 does.

Reference: Goodfellow et al. 2014, Generative Adversarial Nets, equation 1 and section 3.
"""

import tensorflow as tf


def discriminator_loss(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """-E[log D(x)] - E[log(1 - D(G(z)))], a scalar; 2 ln 2 = 1.386 when D cannot tell them apart.

    Args:
      real_logits, fake_logits: float32, shape (batch, 1).
    """
    real_loss = tf.reduce_mean(tf.nn.softplus(-real_logits))
    fake_loss = tf.reduce_mean(tf.nn.softplus(fake_logits))
    return real_loss + fake_loss


def generator_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """-E[log D(G(z))], the non-saturating loss; ln 2 = 0.693 when D cannot tell them apart.

    # erratum E8: the chapter's formula has the generator minimise E[log(1 - D(G(z)))], its listing
    # trains this loss instead. The listing is right: the formula's gradient vanishes as soon as D
    # rejects every fake (Goodfellow et al. 2014, section 3).
    """
    return tf.reduce_mean(tf.nn.softplus(-fake_logits))


def gradient_penalty(gradients: tf.Tensor) -> tf.Tensor:
    """R1: E[||grad_x D(x)||^2] / 2 at real images, a scalar (without its weight gamma).

    Args:
      gradients: of the real logits with respect to the real images, shape (batch, pixels).

    Reference: Mescheder et al. 2018, Which Training Methods for GANs do actually Converge?, eq. 9.
    """
    return 0.5 * tf.reduce_mean(tf.reduce_sum(tf.square(gradients), axis=1))
