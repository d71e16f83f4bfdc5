"""Train the GAN: data, networks, and what the training loop does with them."""

import dataclasses
import math
import shlex
from pathlib import Path

import numpy as np
import tensorflow as tf

from data.images.load import ImageDataset, load_images
from foundation.errors import InputError
from foundation.pictures import curves, image_grid, save_animation, save_figure, save_image
from gan.config import GanSettings
from gan.step import Gan
from gan.trained import TrainedGenerator, describe_model, forward_pass, to_images
from training.checkpoints import Checkpoints
from training.finished import save_model
from training.history import History
from training.loop import check_position, finish_always, train_epochs, train_in_memory
from training.run_directory import open_run, record_resume
from training.seeds import SAMPLE_NOISE, TRAINING_NOISE, epoch_order, normal_noise
from training.tensorflow_setup import first_weights_from, make_repeatable

STEPS_A_CALL = 64  # about a second: how long a signal waits, and how often the bar moves
SAMPLE_COLUMNS = 10
MOST_PIXELS = 512 * 512 * 3

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

    Returns: {"run": path, and the last epoch's row of history.csv}.
    Raises: InputError (data, flags), Diverged (a loss is NaN or infinite), Interrupted (after a
    checkpoint), OSError (the disk refuses).
    """
    dataset = load_images(settings.data, settings.image_size, settings.max_images)
    check_images(settings, dataset)
    make_repeatable(settings.seed)
    run = open_run(settings, f"gan-{settings.variant}", dataset.sha256)
    gan = Gan(settings, dataset.image_shape, dataset.num_classes)
    checkpoints = Checkpoints(run / "checkpoints", **gan.tracked())
    checkpoints.restore()
    history = History(run / "history.csv", last_epoch=int(checkpoints.epoch))
    check_position(settings, checkpoints)
    if settings.resume:
        record_resume(run, settings)
    print(
        f"training gan {settings.variant} on {len(dataset.train)} images of {settings.data}, "
        f"epochs {int(checkpoints.epoch) + 1} to {settings.epochs}, run {run}"
    )
    learner = GanLearner(gan, dataset, run)
    finish_always(
        lambda: train_epochs(learner, settings, checkpoints, history, run),
        lambda: finish(run, gan, dataset, history),
        checkpoints,
    )
    shown = shlex.quote(str(run))
    print(f"done: {run}  (samples.gif, losses.png; next: python run.py gan generate {shown})")
    return {"run": str(run), **(history.rows[-1] if history.rows else {})}


def fit_in_memory(settings: GanSettings, dataset: ImageDataset) -> TrainedGenerator:
    """Train without a run directory: the weights that `train` would give, and no file.

    Args:
      settings: of the training; `data`, `out` and `resume` mean nothing here.
      dataset: real images.

    Raises: InputError as `train`; Diverged if a weight is NaN or infinite at the end.
    """
    check_images(settings, dataset)
    tf.config.experimental.enable_op_determinism()
    with first_weights_from(settings.seed):
        gan = Gan(settings, dataset.image_shape, dataset.num_classes)
    train_in_memory(GanLearner(gan, dataset, run=None), settings.epochs)
    return TrainedGenerator(
        run=None,
        settings=dataclasses.asdict(settings),
        forward=forward_pass(gan.sampler),
        image_shape=dataset.image_shape,
        num_classes=dataset.num_classes if gan.conditional else 0,
        class_names=dataset.class_names,
    )


class GanLearner:
    """The GAN as the training loop sees it (training.loop.Learner).

    Args:
      gan: the networks and optimizers.
      dataset: real images.
      run: the run directory; None: no pictures are drawn.
    """

    steps_a_call = STEPS_A_CALL

    def __init__(self, gan: Gan, dataset: ImageDataset, run: Path | None):
        self.gan, self.dataset, self.run = gan, dataset, run
        settings, count = gan.settings, len(dataset.train)
        self.averages = gan.averages
        # erratum E3: the listing never defines its epochs, its batch size or the losses it shows.
        self.steps = math.ceil(count / settings.batch_size)
        # erratum E2, kept in `listing`: noise for a full batch, also where the last one is smaller.
        listing = settings.variant == "listing"
        self.noise_rows = self.steps * settings.batch_size if listing else count
        self.images = tf.constant(dataset.train.images.reshape(count, -1))  # uint8 (count, pixels)
        self.labels = tf.constant(dataset.train.labels if gan.conditional else [], tf.int32)

    def variables(self) -> list[tf.Variable]:
        return self.gan.variables()

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        settings = self.gan.settings
        self.gan.set_learning_rate(settings.learning_rate_at(epoch))
        self.order = tf.constant(epoch_order(settings.seed, epoch, len(self.images)))
        # One draw an epoch: which noise an image meets does not depend on the batch size.
        shape = (self.noise_rows, settings.latent_dim)
        self.noise = normal_noise(settings.seed, TRAINING_NOISE, epoch, shape)

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        bounds = tf.constant(first), tf.constant(last)
        self.gan.train_steps(self.images, self.labels, self.order, self.noise, *bounds)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        if self.run is not None:
            draw_samples(self.run, self.gan, self.dataset, epoch + 1)
        return {"learning_rate": self.gan.settings.learning_rate_at(epoch)}

    def enough(self, epochs_done: int) -> bool:
        return False  # the losses of a GAN do not say when to stop


def check_images(settings: GanSettings, dataset: ImageDataset) -> None:
    """Raises: InputError if labels are needed and missing, or the images are far too large."""
    if settings.variant == "conditional" and not dataset.num_classes:
        raise InputError(
            f"--variant conditional with {settings.data}, which has no labels",
            "images with labels",
            "sort them into one folder a class, or use --variant corrected",
        )
    if settings.variant == "conditional":
        dataset.require_every_class()
    if math.prod(dataset.image_shape) > MOST_PIXELS:
        raise InputError(
            f"images of {' x '.join(map(str, dataset.image_shape))}",
            f"at most {MOST_PIXELS} values an image, since every one is a row of weights",
            "add --image-size 64, or another size up to 512",
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
