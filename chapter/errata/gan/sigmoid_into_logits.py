"""E1. Sigmoid output into a loss that expects logits: see docs/errata.md."""

import math

import numpy as np
import tensorflow as tf
from matplotlib.figure import Figure

from chapter.errata.exhibit import CURE, DEFECT, Exhibit, Measures, line_figure
from chapter.errata.gan.small_mnist import new_gan, train_epoch
from foundation.purposes import SAMPLE_NOISE
from gan.losses import discriminator_loss, generator_loss
from gan.step import Gan
from training.seeds import normal_noise

EPOCHS, LEARNING_RATE = 6, 1e-3  # at the rate of the chapter it freezes later

Rows = dict[str, list[dict[str, float]]]  # variant -> the measures of each epoch


def exhibit(seed: int) -> Exhibit:
    """E1: what the discriminator can reach at best, and what becomes of two trainings."""
    gans = {
        variant: new_gan(variant, seed, learning_rate=LEARNING_RATE)
        for variant in ("listing", "corrected")
    }
    rows = {
        variant: [train_epoch(gan, epoch) for epoch in range(EPOCHS)]
        for variant, gan in gans.items()
    }

    def measures(variant: str, reachable: np.ndarray) -> Measures:
        before, last = rows[variant][-2:]
        return {
            "lowest possible discriminator loss": lowest_discriminator_loss(reachable),
            "generator loss in the last epoch": last["generator_loss"],
            "discriminator loss in the last epoch": last["discriminator_loss"],
            "its change since the epoch before": abs(
                last["discriminator_loss"] - before["discriminator_loss"]
            ),
            "share of real images called real": last["accuracy_real"],
            "gradient that reaches a generated image": pull_on_images(gans[variant]),
        }

    return Exhibit(
        # a sigmoid gives numbers from 0 to 1; a logit is any number
        defect=measures("listing", np.linspace(0, 1, 101)),
        cure=measures("corrected", np.linspace(-30, 30, 101)),
        figure=loss_curves(rows),
    )


def lowest_discriminator_loss(outputs: np.ndarray) -> float:
    """The smallest loss over all pairs of outputs (on a real image, on a fake one)."""
    outputs = tf.constant(outputs, tf.float32)[:, None]
    best_real = min(float(discriminator_loss(each, outputs[:1])) for each in outputs)
    best_fake = min(float(discriminator_loss(outputs[:1], each)) for each in outputs)
    return best_real + best_fake - float(discriminator_loss(outputs[:1], outputs[:1]))


def pull_on_images(gan: Gan) -> float:
    """Mean length of the generator loss's gradient at 100 generated images: what G learns from."""
    noise = normal_noise(gan.settings.seed, SAMPLE_NOISE, 0, (100, 100))
    fakes = gan.generator(noise, training=False)
    with tf.GradientTape() as tape:
        tape.watch(fakes)
        loss = len(fakes) * generator_loss(gan.discriminator(fakes, training=False))
    return float(tf.reduce_mean(tf.norm(tape.gradient(loss, fakes), axis=1)))


def loss_curves(rows: Rows) -> Figure:
    """The losses of both trainings."""
    epochs, lines = np.arange(1, EPOCHS + 1), {}
    for variant, color in (("listing", DEFECT), ("corrected", CURE)):
        for name, style in (("discriminator_loss", "-"), ("generator_loss", "--")):
            values = np.array([row[name] for row in rows[variant]])
            lines[f"{variant}: {name[:-5]}"] = epochs, values, {"color": color, "linestyle": style}
    for level, name in ((math.log(2), "ln 2"), (2 * math.log(2), "2 ln 2")):
        lines[name] = epochs, np.full(EPOCHS, level), {"color": "grey", "linestyle": ":"}
    return line_figure(lines, title="losses in training", xlabel="epoch")
