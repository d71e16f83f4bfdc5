"""Exhibits of the GAN listing (5.2.1) that train: E1, E2, E6 and E9, each in seconds.

They run the GANs of gan.variants: `listing` keeps the chapter's defects, `corrected` and
`conditional` mend them, on a few thousand images of the embedded MNIST.
"""

import functools
import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from chapter.errata.entry import Exhibit, Measures
from chapter.errata.gan.pictures import batch_bars, loss_curves, range_histogram, sample_rows
from data.images.dataset import ImageDataset
from data.images.load import load_images
from gan.config import GanSettings
from gan.losses import discriminator_loss, generator_loss
from gan.step import Gan
from gan.trained import to_images
from gan.variants import build_gan
from training.seeds import SAMPLE_NOISE, TRAINING_NOISE, epoch_order, normal_noise
from training.tensorflow_setup import make_repeatable

TRAINING_IMAGES = 4096
BATCH_SIZE = 64  # 64 steps an epoch: the listing freezes in the fourth
EPOCHS = 8
STEPS_UNSCALED = 40
FLOOR = math.log(2) + math.log(1 + math.exp(-1))  # 1.0064


@functools.cache
def small_mnist() -> ImageDataset:
    """A stratified draw from MNIST, the same every time."""
    return load_images("mnist", max_images=TRAINING_IMAGES)


def new_gan(variant: str, seed: int, **settings) -> Gan:
    """An untrained GAN for the small MNIST; `settings` replace the chapter's values."""
    make_repeatable(seed)
    settings = GanSettings(variant=variant, batch_size=BATCH_SIZE, seed=seed, **settings)
    return build_gan(settings, small_mnist().image_shape, small_mnist().num_classes)


def train_epoch(
    gan: Gan, epoch: int, count: int = TRAINING_IMAGES, train_steps: Callable | None = None
) -> dict[str, float]:
    """One epoch over the first `count` images; the means of what the steps measured.

    Args:
      train_steps: what to call instead of gan.train_steps.
    """
    split, seed = small_mnist().train, gan.settings.seed
    steps = math.ceil(count / BATCH_SIZE)
    noise = normal_noise(seed, TRAINING_NOISE, epoch, (steps * BATCH_SIZE, 100))
    (train_steps or gan.train_steps)(
        tf.constant(split.images[:count].reshape(count, -1)),
        tf.constant(split.labels[:count], tf.int32),
        tf.constant(epoch_order(seed, epoch, count)),
        noise,
        tf.constant(0),
        tf.constant(steps),
    )
    measured = gan.averages.result()
    gan.averages.reset()
    return measured


def draw(gan: Gan, count: int, labels: np.ndarray | None = None) -> np.ndarray:
    """Samples of a GAN in training, uint8 (count, 28, 28, 1)."""
    noise = normal_noise(gan.settings.seed, SAMPLE_NOISE, 0, (count, 100))
    inputs = noise if labels is None else [noise, tf.constant(labels, tf.int32)]
    return to_images(gan.sampler(inputs, training=False).numpy(), small_mnist().image_shape)


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


def sigmoid_into_logits(seed: int) -> Exhibit:
    """E1: what the discriminator can reach at best, and what becomes of two trainings."""
    gans = {variant: new_gan(variant, seed) for variant in ("listing", "corrected")}
    rows: dict[str, list[dict[str, float]]] = {}
    for variant, gan in gans.items():
        rows[variant] = [train_epoch(gan, epoch) for epoch in range(EPOCHS)]

    def measures(variant: str, reachable: np.ndarray) -> Measures:
        last, before = rows[variant][-1], rows[variant][-2]
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
        figure=loss_curves(rows, FLOOR),
    )


def record_epoch(gan: Gan, count: int) -> dict[str, list[float]]:
    """Train one epoch on `count` images, and note what the loop of the GAN hands to each step.

    Returns: for each step the number of real images and of noise vectors, the values in an image,
    the smallest and largest value, and the two losses.
    """
    names = ("real", "fake", "values", "minimum", "maximum", "generator loss", "loss of D")
    seen, take_step = [], gan.train_step

    def record(
        images: tf.Tensor, noise: tf.Tensor, labels: tf.Tensor | None
    ) -> dict[str, tf.Tensor]:
        measured = take_step(images, noise, labels)
        limits = tf.reduce_min(images), tf.reduce_max(images)
        losses = measured["generator_loss"], measured["discriminator_loss"]
        seen.append([*(len(images), len(noise), images.shape[1]), *map(float, limits + losses)])
        return measured

    gan.train_step = record
    # The loop without its tf.function: a graph is built once and would be recorded only once.
    train_epoch(gan, 0, count, functools.partial(type(gan).train_steps.python_function, gan))
    return dict(zip(names, map(list, zip(*seen, strict=True)), strict=True))


def smaller_last_batch(seed: int) -> Exhibit:
    """E2: real images and fakes in each step of an epoch whose last batch is smaller."""
    count = 4 * BATCH_SIZE + 24
    recorded = {v: record_epoch(new_gan(v, seed), count) for v in ("listing", "corrected")}

    def measures(variant: str) -> Measures:
        steps = recorded[variant]
        losses = steps["generator loss"] + steps["loss of D"]
        return {
            "real images in each step": steps["real"],
            "fakes in each step": steps["fake"],
            "fakes for each real image in the last step": steps["fake"][-1] / steps["real"][-1],
            "losses finite (no crash)": all(map(math.isfinite, losses)),
        }

    return Exhibit(measures("listing"), measures("corrected"), batch_bars(recorded))


def neither_flat_nor_scaled(seed: int) -> Exhibit:
    """E6: MNIST as it is loaded, and as gan.step hands it to the discriminator."""
    raw = small_mnist().train.images[..., 0]  # uint8 (count, 28, 28) in [0, 255]
    scaled = raw / np.float32(127.5) - 1  # [-1, 1], as in Gan.train_steps
    recorded = record_epoch(new_gan("corrected", seed), BATCH_SIZE)
    limits = {
        "defect": (float(raw.min()), float(raw.max())),
        "cure": (recorded["minimum"][0], recorded["maximum"][0]),
    }

    def measures(side: str, offered: np.ndarray, images: np.ndarray) -> Measures:
        gan = new_gan("corrected", seed)
        flat = images.reshape(len(images), -1).astype(np.float32)
        fits = accepts(gan.discriminator, offered)
        losses = []
        for step in range(STEPS_UNSCALED):
            real = tf.constant(flat[step * BATCH_SIZE : (step + 1) * BATCH_SIZE])
            noise = normal_noise(seed, TRAINING_NOISE, step, (BATCH_SIZE, 100))
            losses.append(gan.train_step(real, noise, None))
        fakes = gan.generator(noise, training=True).numpy()
        return {
            "the discriminator takes the images in the shape they have": fits,
            "smallest value of a real image": limits[side][0],
            "largest value of a real image": limits[side][1],
            'accuracy of the rule "a value above 1 means real"': float(
                ((flat.max(axis=1) > 1).mean() + (fakes.max(axis=1) <= 1).mean()) / 2
            ),
            "discriminator loss in the first step": float(losses[0]["discriminator_loss"]),
            f"share of fakes called fake in step {STEPS_UNSCALED}": float(
                losses[-1]["accuracy_fake"]
            ),
        }

    return Exhibit(
        measures("defect", raw[:8], raw),
        measures("cure", scaled[:8].reshape(8, -1), scaled),
        range_histogram(raw, scaled),
    )


def accepts(model: keras.Model, images: np.ndarray) -> bool:
    """Whether a model takes a batch of this shape at all."""
    try:
        model(images.astype(np.float32), training=False)
    except ValueError:
        return False
    return True


def no_labels(seed: int) -> Exhibit:
    """E9: what a classifier can learn from 1,000 generated images."""
    train, validation = small_mnist().train, small_mnist().validation
    without = new_gan("corrected", seed)
    # 2.5 times the chapter's rate: digits in 12 short epochs
    conditional = new_gan("conditional", seed, learning_rate=5e-4)
    for epoch in range(12):
        train_epoch(conditional, epoch)
    asked = np.arange(1000) % 10
    drawn = draw(conditional, len(asked), asked)

    def measures(gan: Gan, images: np.ndarray, labels: np.ndarray | None) -> Measures:
        real = validation.images, validation.labels
        learned = None if labels is None else nearest_mean_accuracy(images, labels, *real)
        return {
            "inputs of the generator": [each.name for each in gan.generator.inputs],
            "generated images": len(images),
            "of these with a label": 0 if labels is None else len(labels),
            "accuracy on real digits, learned from them": learned,
            "the same, learned from as many real images": nearest_mean_accuracy(
                train.images[: len(asked)], train.labels[: len(asked)], *real
            ),
        }

    return Exhibit(
        measures(without, draw(without, len(asked)), None),
        measures(conditional, drawn, asked),
        sample_rows(drawn[:50]),
    )


def nearest_mean_accuracy(
    images: np.ndarray, labels: np.ndarray, new_images: np.ndarray, new_labels: np.ndarray
) -> float:
    """Accuracy on new images of the simplest classifier: the class whose mean image is nearest."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    means = np.stack([flat[labels == label].mean(axis=0) for label in range(10)])  # (10, pixels)
    new = new_images.reshape(len(new_images), -1).astype(np.float32)
    squared = (means**2).sum(axis=1) - 2 * new @ means.T  # (count, 10), up to a constant a row
    return float((squared.argmin(axis=1) == new_labels).mean())
