"""The variant `listing`: the chapter's GAN with the two defects that let it train, badly.

Everything else is gan.step's: as printed, the listing does not run (errata E3 and E6).
"""

import keras
import tensorflow as tf

from gan.step import Gan


class ListingGan(Gan):
    """The GAN as the chapter prints it, repaired just enough to run."""

    def new_discriminator(self) -> keras.Model:
        """The plain network with a sigmoid at its end."""
        # erratum E1: the losses take logits and apply a second one
        discriminator = super().new_discriminator()
        discriminator.layers[-1].activation = keras.activations.sigmoid
        return discriminator

    def probability(self, output: tf.Tensor) -> tf.Tensor:
        return output  # it went through the sigmoid already

    def noise_rows(self, count: int) -> int:
        """As many as full batches take."""
        # erratum E2: also where the last batch is smaller
        return -(-count // self.settings.batch_size) * self.settings.batch_size

    @tf.function
    def train_steps(self, images, labels, order, noise, first, last) -> None:
        """As Gan.train_steps, but with `noise` for full batches only: (steps * batch_size, ...)."""
        batch = self.settings.batch_size
        for step in tf.range(first, last):
            start = step * batch
            chosen = order[start : start + batch]  # the last batch of an epoch may be smaller
            real = tf.cast(tf.gather(images, chosen), tf.float32) / 127.5 - 1.0  # [-1, 1]
            # erratum E2: as many fakes as a full batch, whatever came in.
            measured = self.train_step(real, noise[start : start + batch], None)
            self.averages.update(measured, weight=tf.size(chosen))
