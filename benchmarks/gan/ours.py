"""The project's own training of the GAN, as gan/train.py drives it, ready to be timed.

Not timed on either side: what happens once an epoch after training (pictures, checkpoint).
"""

import math

import numpy as np
import tensorflow as tf

from benchmarks.sides import TensorflowSide
from foundation.purposes import TRAINING_NOISE
from gan.config import GanSettings
from gan.train import STEPS_A_CALL, build_gan
from training.seeds import epoch_order, make_repeatable, normal_noise


class TensorflowGan(TensorflowSide):
    """The networks with their optimizers, and the training set in memory.

    Args:
      settings: of gan.config.GanSettings, without the variant `conditional`.
      arrays: "images": uint8 (count, height, width, channels), in [0, 255].
    """

    how = f"tf.function, {STEPS_A_CALL} steps a call, repeatable kernels"

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings = GanSettings(**settings)
        make_repeatable(self.settings.seed)
        images = arrays["images"]
        self.gan = build_gan(self.settings, images.shape[1:])
        self.images = tf.constant(images.reshape(len(images), -1))  # uint8 (count, pixels)
        self.labels = tf.constant([], tf.int32)
        self.epochs_done = 0

    def work(self) -> dict:
        """Every image once, in a new order; the means that training records."""
        settings, count = self.settings, len(self.images)
        steps = math.ceil(count / settings.batch_size)
        order = tf.constant(epoch_order(settings.seed, self.epochs_done, count))
        shape = (steps * settings.batch_size, settings.latent_dim)
        noise = normal_noise(settings.seed, TRAINING_NOISE, self.epochs_done, shape)
        self.gan.averages.reset()
        for first in range(0, steps, STEPS_A_CALL):
            last = tf.constant(min(first + STEPS_A_CALL, steps))
            self.gan.train_steps(self.images, self.labels, order, noise, tf.constant(first), last)
            measured = self.gan.averages.result()  # waits for the steps to be done
        self.epochs_done += 1
        losses = {name: measured[name] for name in ("generator_loss", "discriminator_loss")}
        return {"units": count, "measured": losses}
