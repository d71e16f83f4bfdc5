"""E6. Images neither flattened nor scaled to tanh's range: see docs/errata.md."""

import keras
import numpy as np
import tensorflow as tf

from chapter.errata.exhibit import Exhibit, Measures
from chapter.errata.gan.small_mnist import BATCH_SIZE, new_gan, record_epoch, small_mnist
from foundation.purposes import TRAINING_NOISE
from training.seeds import normal_noise

STEPS_UNSCALED = 30


def exhibit(seed: int) -> Exhibit:
    """E6: MNIST as it is loaded, and as gan.step hands it to the discriminator."""
    raw = small_mnist().train.images[..., 0]  # uint8 (count, 28, 28) in [0, 255]
    scaled = raw / np.float32(127.5) - 1  # [-1, 1], as in Gan.train_steps
    recorded = record_epoch(new_gan("corrected", seed), BATCH_SIZE)

    def measures(offered: np.ndarray, images: np.ndarray, limits: tuple[float, float]) -> Measures:
        gan = new_gan("corrected", seed)
        flat = images.reshape(len(images), -1).astype(np.float32)
        fits = accepts(gan.discriminator, offered)
        losses = []
        for step in range(STEPS_UNSCALED):
            real = tf.constant(flat[step * BATCH_SIZE : (step + 1) * BATCH_SIZE])
            noise = normal_noise(seed, TRAINING_NOISE, step, (BATCH_SIZE, 100))
            losses.append(gan.train_step(real, noise, None))
        fakes = gan.generator(noise, training=True).numpy()
        right = (flat.max(axis=1) > 1).mean() + (fakes.max(axis=1) <= 1).mean()
        return {
            "the discriminator takes the images in the shape they have": fits,
            "smallest value of a real image": limits[0],
            "largest value of a real image": limits[1],
            'accuracy of the rule "a value above 1 means real"': float(right / 2),
            "discriminator loss in the first step": float(losses[0]["discriminator_loss"]),
            f"share of fakes called fake in step {STEPS_UNSCALED}": float(
                losses[-1]["accuracy_fake"]
            ),
        }

    return Exhibit(
        measures(raw[:8], raw, (float(raw.min()), float(raw.max()))),
        measures(
            scaled[:8].reshape(8, -1), scaled, (recorded["minimum"][0], recorded["maximum"][0])
        ),
    )


def accepts(model: keras.Model, images: np.ndarray) -> bool:
    """Whether a model takes a batch of this shape at all."""
    try:
        model(images.astype(np.float32), training=False)
    except ValueError:
        return False
    return True
