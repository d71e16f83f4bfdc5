"""Train the GAN: data, networks, epochs of steps, and after each epoch row, picture, checkpoint."""

import math
import time
from pathlib import Path

import numpy as np
import tensorflow as tf

from data.errors import InputError
from data.images import ImageDataset, load_images
from gan.config import GanSettings
from gan.generate import describe_model, to_images
from gan.step import Gan
from training.checkpoints import Checkpoints
from training.errors import Interrupted
from training.finished import save_model
from training.history import History
from training.interrupts import StopRequests
from training.pictures import curves, image_grid, save_animation, save_figure, save_image
from training.progress import TrainingProgress
from training.run_directory import open_run
from training.seeds import SAMPLE_NOISE, TRAINING_NOISE, epoch_order, normal_noise
from training.tensorflow_setup import make_repeatable

STEPS_A_CALL = 64  # about a second: how long a signal waits, and how often the bar moves
SAMPLE_COLUMNS = 10

PANELS = {
    "losses": {
        "generator_loss": "generator",
        "discriminator_loss": "discriminator",
        str(math.log(2)): "= ln 2",
        str(2 * math.log(2)): "= 2 ln 2",
    },
    "what the discriminator says": {
        "d_real": "D(x), real",
        "d_fake": "D(G(z)), fake",
        "accuracy_real": "right on real",
        "accuracy_fake": "right on fake",
    },
}
HOW_TO_READ = (
    "Healthy: both losses wander near their level (dotted) and D(x) stays above D(G(z)). "
    "Frozen exactly on the level,\nor D right all the time: nothing is learned any more. "
    "The losses do not say when to stop: the pictures and gan evaluate do."
)


def train(settings: GanSettings) -> dict:
    """Train a GAN and leave a run directory.

    Returns: {"run": path, "epochs": n, and the last epoch's measures}.
    Raises: InputError (data, flags), Diverged (a loss is NaN or infinite), Interrupted (after a
    checkpoint), OSError (the disk refuses).
    """
    dataset = load_images(settings.data, settings.image_size, settings.max_images)
    check_labels(settings, dataset)
    make_repeatable(settings.seed)
    run = open_run(settings, f"gan-{settings.variant}", dataset.sha256)
    gan = Gan(settings, dataset.image_shape, dataset.num_classes)
    checkpoints = Checkpoints(run / "checkpoints", **gan.tracked())
    checkpoints.restore()
    epochs_done, first_step = int(checkpoints.epoch), int(checkpoints.step)
    history = History(run / "history.csv", last_epoch=epochs_done)

    count = len(dataset.train.images)
    steps = math.ceil(count / settings.batch_size)
    images = tf.constant(dataset.train.images.reshape(count, -1))  # uint8 (count, pixels)
    labels = tf.constant(dataset.train.labels if gan.conditional else [], tf.int32)
    progress = TrainingProgress(
        settings.epochs, steps, epochs_done * steps + first_step, settings.quiet
    )
    print(f"training gan {settings.variant} on {count} images of {settings.data}, run {run}")
    with StopRequests() as stop, progress:
        # erratum E3: the listing never defines its epochs, its batch size or the losses it shows.
        for epoch in range(epochs_done, settings.epochs):
            started = time.perf_counter()
            gan.set_learning_rate(settings.learning_rate_at(epoch))
            order = tf.constant(epoch_order(settings.seed, epoch, count))
            # One draw an epoch: which noise an image meets does not depend on the batch size.
            rows = steps * settings.batch_size
            noise = normal_noise(settings.seed, TRAINING_NOISE, epoch, (rows, settings.latent_dim))
            for first in range(first_step, steps, STEPS_A_CALL):
                last = min(first + STEPS_A_CALL, steps)
                gan.train_steps(images, labels, order, noise, tf.constant(first), tf.constant(last))
                measured = gan.averages.result()
                checkpoints.check_losses(measured, epoch + 1)
                progress.update(epoch + 1, last, measured)
                if stop.received and last < steps:
                    checkpoints.save(epoch, last, gan.variables())
                    finish(run, gan, dataset, history)
                    raise Interrupted(f"stopped in epoch {epoch + 1}, step {last}; {run} is saved")
            seconds = time.perf_counter() - started
            rate = settings.learning_rate_at(epoch)
            history.append(
                {"epoch": epoch + 1, **measured, "learning_rate": rate, "seconds": seconds}
            )
            progress.epoch_done(epoch + 1, measured, seconds)
            gan.averages.reset()
            first_step = 0
            draw_samples(run, gan, dataset, epoch + 1)
            checkpoints.save(epoch + 1, 0, gan.variables())
            if stop.received:
                finish(run, gan, dataset, history)
                raise Interrupted(f"stopped after epoch {epoch + 1}; {run} is saved")
    finish(run, gan, dataset, history)
    print(f"done: {run}  (samples.gif, losses.png; next: python run.py gan generate {run})")
    return {"run": str(run), **history.rows[-1]}


def check_labels(settings: GanSettings, dataset: ImageDataset) -> None:
    """Raises: InputError if the conditional variant meets images without labels."""
    if settings.variant == "conditional" and not dataset.num_classes:
        raise InputError(
            f"--variant conditional with {settings.data}, which has no labels",
            "images with labels",
            "sort them into one folder a class, or use --variant corrected",
        )


def draw_samples(run: Path, gan: Gan, dataset: ImageDataset, epoch: int) -> None:
    """RUN/samples/epoch_0001.png: the same noise every epoch; one column a class if conditional."""
    columns = dataset.num_classes if gan.conditional else SAMPLE_COLUMNS
    columns = min(columns, 20)
    noise = normal_noise(gan.settings.seed, SAMPLE_NOISE, 0, (8 * columns, gan.settings.latent_dim))
    labels = tf.constant(np.tile(np.arange(columns), 8), tf.int32)
    flat = gan.sampler([noise, labels] if gan.conditional else noise, training=False)
    directory = run / "samples"
    directory.mkdir(exist_ok=True)
    grid = image_grid(to_images(flat.numpy(), dataset.image_shape), columns, scale=2)
    save_image(grid, directory / f"epoch_{epoch:04d}.png")


def finish(run: Path, gan: Gan, dataset: ImageDataset, history: History) -> None:
    """Write what a stopped or finished training leaves: model, curves, animation."""
    # erratum E7: the listing saves nothing and draws nothing.
    save_model(run, gan.sampler, describe_model(gan.settings, dataset))
    if history.rows:
        save_figure(curves(history.rows, PANELS, HOW_TO_READ), run / "losses.png")
    save_animation(sorted((run / "samples").glob("epoch_*.png")), run / "samples.gif")
