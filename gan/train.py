"""Train the GAN: data, networks, and what the training loop does with them."""

import math
import shlex
from pathlib import Path

import numpy as np
import tensorflow as tf

from data.images.load import ImageDataset, load_images
from foundation.console import print_cut
from foundation.errors import InputError
from foundation.pictures import image_grid, save_image
from foundation.purposes import SAMPLE_NOISE, TRAINING_NOISE
from gan.conditional import ConditionalGan
from gan.config import GanSettings
from gan.listing import ListingGan
from gan.step import Gan
from gan.trained import TrainedGenerator, to_images
from training.loop import fit_in_memory
from training.seeds import epoch_order, first_weights_from, make_repeatable, normal_noise
from training.stored import save_generator
from training.trainer import train_run

GANS = {"listing": ListingGan, "corrected": Gan, "conditional": ConditionalGan}
STEPS_A_CALL = 64  # about a second: how long a signal waits, and how often the bar moves
SAMPLE_ROWS, SAMPLE_COLUMNS, MOST_COLUMNS = 8, 10, 20
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
    chosen = {"max_images": settings.max_images, "quiet": settings.quiet, **settings.reading()}
    dataset = load_images(settings.data, **chosen)
    check_images(settings, dataset)
    print_cut(dataset.cut, "--max-images")
    make_repeatable(settings.seed)
    learner, history = train_run(
        settings,
        f"gan-{settings.variant}",
        dataset.sha256,
        lambda run: GanLearner(settings, dataset, run),
        dataset.record,
    )
    run = str(learner.run)
    next_step = f"python run.py gan generate {shlex.quote(run)}"
    print(f"done: {run}  (samples.gif, losses.png; next: {next_step})")
    return {"run": run, **history.last}


def fit(settings: GanSettings, dataset: ImageDataset) -> TrainedGenerator:
    """Train without a run directory: the weights that `train` would give, and no file.

    Args:
      settings: of the training; `data`, `out` and `resume` mean nothing here.
      dataset: real images.

    Raises: InputError as `train`; Diverged if a weight is NaN or infinite at the end.
    """
    check_images(settings, dataset)
    tf.config.experimental.enable_op_determinism()
    with first_weights_from(settings.seed):
        learner = GanLearner(settings, dataset, run=None)
    return fit_in_memory(learner, settings.epochs)


def build_gan(
    settings: GanSettings, image_shape: tuple[int, int, int], num_classes: int = 0
) -> Gan:
    """An untrained GAN of the variant that the settings name; see gan.step.Gan."""
    return GANS[settings.variant](settings, image_shape, num_classes)


class GanLearner:
    """The GAN as the training loop sees it (training.trainer.RunLearner).

    Args:
      settings: of the training.
      dataset: real images.
      run: the run directory; None: no picture is drawn and nothing saved.
    """

    steps_a_call, panels, how_to_read = STEPS_A_CALL, PANELS, HOW_TO_READ

    def __init__(self, settings: GanSettings, dataset: ImageDataset, run: Path | None):
        self.settings, self.dataset, self.run = settings, dataset, run
        self.gan = gan = build_gan(settings, dataset.image_shape, dataset.num_classes)
        self.averages, self.tracked, self.variables = gan.averages, gan.tracked, gan.variables
        count = len(dataset.train)
        self.title = f"gan {settings.variant} on {count} images of {settings.data}"
        # erratum E3: the listing never defines its epochs, its batch size or the losses it shows.
        self.steps = math.ceil(count / settings.batch_size)
        self.images = tf.constant(dataset.train.images.reshape(count, -1))  # uint8 (count, pixels)
        self.labels = tf.constant(dataset.train.labels if gan.conditional else [], tf.int32)

    def start(self) -> None:
        """The first weights follow from the seed, and are there already."""

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        settings = self.settings
        self.gan.set_learning_rate(settings.learning_rate_at(epoch))
        self.order = tf.constant(epoch_order(settings.seed, epoch, len(self.images)))
        # One draw an epoch: which noise an image meets does not depend on the batch size.
        shape = (self.gan.noise_rows(len(self.images)), settings.latent_dim)
        self.noise = normal_noise(settings.seed, TRAINING_NOISE, epoch, shape)

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        bounds = tf.constant(first), tf.constant(last)
        self.gan.train_steps(self.images, self.labels, self.order, self.noise, *bounds)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        if self.run is not None:
            draw_samples(self.run, self.gan, self.dataset, epoch + 1)
        return {"learning_rate": self.settings.learning_rate_at(epoch)}

    def enough(self, epochs_done: int) -> bool:
        return False  # the losses of a GAN do not say when to stop

    def generator(self) -> TrainedGenerator:
        data, gan = self.dataset, self.gan
        classes = data.num_classes if gan.conditional else 0
        sizes = self.settings.latent_dim, data.image_shape, classes
        return TrainedGenerator(gan.sampler, *sizes, data.class_names)

    def finish(self) -> None:
        # erratum E7: the listing saves nothing and draws nothing.
        save_generator(self.run, self.generator(), model="gan.generator")


def check_images(settings: GanSettings, dataset: ImageDataset) -> None:
    """Raises: InputError if labels are needed and missing, or the images are far too large."""
    if settings.variant == "conditional":
        if not dataset.num_classes:
            received = f"--variant conditional with {settings.data}, which has no labels"
            mend = "sort them into one folder a class, or use --variant corrected"
            raise InputError(received, "images with labels", mend)
        dataset.require_every_class()
    if math.prod(dataset.image_shape) > MOST_PIXELS:
        received = f"images of {' x '.join(map(str, dataset.image_shape))}"
        expected = f"at most {MOST_PIXELS} values an image, since every one is a row of weights"
        raise InputError(received, expected, "add --image-size 64, or another size up to 512")


def draw_samples(run: Path, gan: Gan, dataset: ImageDataset, epoch: int) -> None:
    """RUN/samples/epoch_0001.png: the same noise every epoch; one column a class if conditional."""
    columns = min(dataset.num_classes, MOST_COLUMNS) if gan.conditional else SAMPLE_COLUMNS
    shape = (SAMPLE_ROWS * columns, gan.settings.latent_dim)
    noise = normal_noise(gan.settings.seed, SAMPLE_NOISE, 0, shape)
    labels = tf.constant(np.tile(np.arange(columns), SAMPLE_ROWS), tf.int32)
    flat = gan.sampler(gan.inputs(noise, labels), training=False)
    directory = run / "samples"
    directory.mkdir(exist_ok=True)
    grid = image_grid(to_images(flat.numpy(), dataset.image_shape), columns, scale=2)
    save_image(grid, directory / f"epoch_{epoch:04d}.png")
