"""The networks of one GAN with their optimizers, and the training step."""

import keras
import tensorflow as tf

from gan.config import GanSettings
from gan.losses import discriminator_loss, generator_loss, gradient_penalty
from gan.model import build_discriminator, build_generator
from training.averages import Averages, update_average
from training.seeds import dropout_states

MEASURES = (
    "generator_loss",
    "discriminator_loss",
    "d_real",  # mean D(x), probability in [0, 1]
    "d_fake",  # mean D(G(z))
    "accuracy_real",  # share of real images that D calls real
    "accuracy_fake",  # share of fakes that D calls fake
)


class Gan:
    """Generator, discriminator, one optimizer for each, and what a step measures.

    `image_shape` is (height, width, channels); only gan.conditional looks at `num_classes`.
    """

    conditional = False  # whether the networks are told labels

    def __init__(self, settings: GanSettings, image_shape: tuple[int, int, int], num_classes: int):
        self.settings, self.image_shape, self.num_classes = settings, image_shape, num_classes
        self.generator, self.discriminator = self.new_generator(), self.new_discriminator()
        # Two optimizers: one optimizer refuses variables it was not built for, and its momentum
        # would mix two games. Built now, because a tf.function must not create variables later.
        rates = {"learning_rate": settings.learning_rate, "beta_1": settings.beta_1}
        self.generator_optimizer = keras.optimizers.Adam(**rates)
        self.discriminator_optimizer = keras.optimizers.Adam(**rates)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.averages = Averages(MEASURES)
        self.average_generator = None
        if settings.generator_average:
            self.average_generator = self.new_generator()
            self.average_generator.set_weights(self.generator.get_weights())

    def new_generator(self) -> keras.Model:
        """An untrained generator."""
        return build_generator(self.settings.latent_dim, self.image_shape)

    def new_discriminator(self) -> keras.Model:
        """An untrained discriminator; what it says goes through `probability` to be read."""
        settings = self.settings
        return build_discriminator(
            self.image_shape, settings.dropout, settings.seed, settings.batch_deviation
        )

    def inputs(self, values: tf.Tensor, labels: tf.Tensor | None) -> tf.Tensor:
        """What a network takes: noise or images (batch, size); the chapter's knows no labels."""
        return values

    def probability(self, output: tf.Tensor) -> tf.Tensor:
        """The discriminator's output as the probability of "real", in [0, 1]."""
        return tf.sigmoid(output)

    def noise_rows(self, count: int) -> int:
        """Noise vectors that an epoch of `count` images takes."""
        return count

    @property
    def sampler(self) -> keras.Model:
        """The generator that samples are drawn from: the averaged one, if there is one."""
        return self.average_generator or self.generator

    def tracked(self) -> dict:
        """Everything that a step changes, for training.checkpoints."""
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
            "dropout_states": dropout_states(self.discriminator),
            "averages": self.averages,
            **({"average_generator": self.average_generator} if self.average_generator else {}),
        }

    def variables(self) -> list:
        """All weights, for the check that they are finite."""
        return [*self.generator.variables, *self.discriminator.variables]

    def set_learning_rate(self, rate: float) -> None:
        """Set the step size of both optimizers; their moments stay."""
        self.generator_optimizer.learning_rate.assign(rate)
        self.discriminator_optimizer.learning_rate.assign(rate)

    # erratum E5: no combined model and no freezing; each gradient names its own variables instead.
    @tf.function(autograph=False)
    def train_step(
        self, images: tf.Tensor, noise: tf.Tensor, labels: tf.Tensor | None
    ) -> dict[str, tf.Tensor]:
        """One simultaneous step: both gradients come from the same weights and the same fakes.

        Args:
          images: real, float32 (batch, pixels) in [-1, 1].
          noise: float32 (batch, latent_dim).
          labels: int32 (batch,), shared by the real and the fake half; None unless conditional.

        Returns: the scalars named in MEASURES.
        Reference: chapter 5.2.1; Goodfellow et al. 2014, algorithm 1 with k = 1.
        """
        generator, discriminator = self.generator, self.discriminator
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fakes = generator(self.inputs(noise, labels), training=True)  # (batch, pixels)
            real_logits, penalty = self._judge_real(images, labels)
            fake_logits = discriminator(self.inputs(fakes, labels), training=True)  # (batch, 1)
            loss_g = generator_loss(fake_logits)
            loss_d = discriminator_loss(real_logits, fake_logits)
            objective_d = loss_d + self.settings.gradient_penalty * penalty
        gradients_g = generator_tape.gradient(loss_g, generator.trainable_variables)
        gradients_d = discriminator_tape.gradient(objective_d, discriminator.trainable_variables)
        self.generator_optimizer.apply(gradients_g, generator.trainable_variables)
        self.discriminator_optimizer.apply(gradients_d, discriminator.trainable_variables)
        if self.average_generator is not None:
            update_average(
                self.average_generator,
                generator,
                self.settings.generator_average,
                self.generator_optimizer.iterations,
            )
        d_real, d_fake = self.probability(real_logits), self.probability(fake_logits)
        # erratum E4: the chapter's step returns nothing, so its loop has no loss to display.
        return {
            "generator_loss": loss_g,
            "discriminator_loss": loss_d,
            "d_real": tf.reduce_mean(d_real),
            "d_fake": tf.reduce_mean(d_fake),
            "accuracy_real": tf.reduce_mean(tf.cast(d_real > 0.5, tf.float32)),
            "accuracy_fake": tf.reduce_mean(tf.cast(d_fake < 0.5, tf.float32)),
        }

    def _judge_real(self, images, labels):
        """Real logits, and the R1 penalty if it is asked for."""
        if not self.settings.gradient_penalty:
            return self.discriminator(self.inputs(images, labels), training=True), 0.0
        with tf.GradientTape() as tape:
            tape.watch(images)
            logits = self.discriminator(self.inputs(images, labels), training=True)
        return logits, gradient_penalty(tape.gradient(logits, images))

    @tf.function
    def train_steps(
        self,
        images: tf.Tensor,
        labels: tf.Tensor,
        order: tf.Tensor,
        noise: tf.Tensor,
        first: tf.Tensor,
        last: tf.Tensor,
    ) -> None:
        """Steps `first` to `last` - 1 of an epoch, without coming back to Python in between.

        Args:
          images: uint8 (count, pixels) in [0, 255], the whole training set.
          labels: int32 (count,); ignored unless conditional.
          order: int32 (count,), the epoch's permutation.
          noise: float32 (at least count, latent_dim), the epoch's noise.
          first, last: int32 scalars, the steps to do.
        """
        batch, count = self.settings.batch_size, tf.size(order)
        for step in tf.range(first, last):
            start, end = step * batch, tf.minimum((step + 1) * batch, count)
            chosen = order[start:end]  # the last batch of an epoch may be smaller
            # erratum E6: the chapter neither flattens nor scales its images.
            real = tf.cast(tf.gather(images, chosen), tf.float32) / 127.5 - 1.0  # [-1, 1]
            step_labels = tf.gather(labels, chosen) if self.conditional else None
            # erratum E2: as many fakes as real images; gan.listing has the chapter's way.
            measured = self.train_step(real, noise[start:end], step_labels)
            self.averages.update(measured, weight=end - start)
