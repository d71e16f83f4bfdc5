"""The networks of one GAN with their optimizers, and the training step."""

import keras
import tensorflow as tf

from gan.config import GanSettings
from gan.losses import discriminator_loss, generator_loss, gradient_penalty
from gan.model import build_discriminator, build_generator
from training.averaging import update_average
from training.history import Averages
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

    Args:
      settings: see gan.config.
      image_shape: (height, width, channels).
      num_classes: number of classes, used by the variant `conditional`.
    """

    def __init__(self, settings: GanSettings, image_shape: tuple[int, int, int], num_classes: int):
        self.settings = settings
        self.conditional = settings.variant == "conditional"
        classes = num_classes if self.conditional else 0
        # erratum E1, kept in `listing`: a sigmoid at the output, and a loss that takes logits.
        activation = "sigmoid" if settings.variant == "listing" else None
        self.output_is_probability = activation == "sigmoid"
        generator_choice = (settings.latent_dim, image_shape, classes, settings.conditioning)
        self.generator = build_generator(*generator_choice)
        self.discriminator = build_discriminator(
            image_shape,
            classes,
            settings.conditioning,
            settings.dropout,
            activation,
            settings.seed,
            settings.batch_deviation,
        )
        # Two optimizers: one optimizer refuses variables it was not built for, and its momentum
        # would mix two games. Built now, because a tf.function must not create variables later.
        self.generator_optimizer = keras.optimizers.Adam(
            settings.learning_rate, beta_1=settings.beta_1
        )
        self.discriminator_optimizer = keras.optimizers.Adam(
            settings.learning_rate, beta_1=settings.beta_1
        )
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.averages = Averages(MEASURES)
        self.average_generator = None
        if settings.generator_average:
            self.average_generator = build_generator(*generator_choice)
            self.average_generator.set_weights(self.generator.get_weights())

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
    @tf.function
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
            fakes = generator(self._with(labels, noise), training=True)  # (batch, pixels)
            real_logits, penalty = self._judge_real(images, labels)
            fake_logits = discriminator(self._with(labels, fakes), training=True)  # (batch, 1)
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
        # erratum E4: the chapter's step returns nothing, so its loop has no loss to display.
        return {
            "generator_loss": loss_g,
            "discriminator_loss": loss_d,
            **self._judgements(real_logits, fake_logits),
        }

    def _with(self, labels, inputs):
        return [inputs, labels] if self.conditional else inputs

    def _judge_real(self, images, labels):
        """Real logits, and the R1 penalty if it is asked for."""
        if not self.settings.gradient_penalty:
            return self.discriminator(self._with(labels, images), training=True), 0.0
        with tf.GradientTape() as tape:
            tape.watch(images)
            logits = self.discriminator(self._with(labels, images), training=True)
        return logits, gradient_penalty(tape.gradient(logits, images))

    def _judgements(self, real_output, fake_output):
        """What D said, as probabilities and as shares of right answers."""
        if not self.output_is_probability:
            real_output, fake_output = tf.sigmoid(real_output), tf.sigmoid(fake_output)
        right = tf.cast(real_output > 0.5, tf.float32), tf.cast(fake_output < 0.5, tf.float32)
        return {
            "d_real": tf.reduce_mean(real_output),
            "d_fake": tf.reduce_mean(fake_output),
            "accuracy_real": tf.reduce_mean(right[0]),
            "accuracy_fake": tf.reduce_mean(right[1]),
        }

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
            # erratum E2, kept in `listing`: as many fakes as a full batch, whatever came in.
            end_of_noise = start + batch if self.settings.variant == "listing" else end
            step_labels = tf.gather(labels, chosen) if self.conditional else None
            measured = self.train_step(real, noise[start:end_of_noise], step_labels)
            self.averages.update(measured, weight=end - start)
