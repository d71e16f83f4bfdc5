"""The variational autoencoder as the training loop sees it."""

import math
from pathlib import Path

import numpy as np
import tensorflow as tf

from baselines.config import BaselineSettings
from baselines.vae.images import ImageVae
from baselines.vae.model import Shape
from baselines.vae.step import VaeTrainer
from data.images.dataset import ImageDataset, ImageSplit
from foundation.errors import InputError
from foundation.pictures import image_grid, save_image
from foundation.purposes import TRAINING_NOISE, VAE_VALIDATION
from training.seeds import epoch_order, normal_noise

MOST_PIXELS = 128 * 128 * 3
# A Gaussian of the prior for so many images of a class, at most so many: with one for each image,
# the prior would remember the images.
IMAGES_A_COMPONENT = 50
FORWARD_BATCH = 500
COLUMNS, ROWS = 20, 4  # of the images of reconstructions.png


class VaeLearner:
    """A variational autoencoder in training (a learner of baselines/train.py).

    The history holds the ELBO and its two parts (training images, the weights of each step), the
    ELBO of the validation images (the averaged weights) and sigma, the deviation of a pixel. The
    test images are not looked at.

    Raises: InputError for a class without training images, or images that are far too large.
    """

    steps_a_call = 64  # about a second
    how_to_read = (
        "Healthy: both bounds rise, validation a little lower or higher. Validation falling: "
        "fewer epochs or more images.\nA divergence of 0: the code is not used, all images of a "
        "class come out the same. Samples come from averaged weights."
    )

    def __init__(self, dataset: ImageDataset, settings: BaselineSettings):
        dataset.require_every_class()
        pixels = math.prod(dataset.image_shape)
        if pixels > MOST_PIXELS:
            raise InputError(
                f"images of {' x '.join(map(str, dataset.image_shape))}",
                f"at most {MOST_PIXELS} values an image, since every one is two rows of weights",
                "add --image-size 64, or another size up to 128",
            )
        self.dataset, self.seed = dataset, settings.seed
        count, groups = len(dataset.train), max(dataset.num_classes, 1)
        most = math.ceil(count / groups / IMAGES_A_COMPONENT)
        components = min(settings.prior_components, most)
        sizes = settings.latent_dim, settings.units, components
        shape = Shape(pixels, dataset.num_classes, *sizes)
        self.trainer = VaeTrainer(shape, settings.learning_rate, settings.batch_size, settings.seed)
        self.averages = self.trainer.averages
        self.steps = math.ceil(count / settings.batch_size)
        self.images = tf.constant(dataset.train.images.reshape(count, -1))  # uint8
        self.labels = split_labels(dataset.train)
        shares = np.bincount(self.labels, minlength=groups) / count
        # Its weights are the averaged ones, whatever they come to be.
        average = self.trainer.average
        self.image_vae = ImageVae(average, shares, dataset.image_shape, dataset.class_names)
        self._elbo_parts = tf.function(average.elbo_parts, autograph=False)
        self.panels = {
            "ELBO, nats an image": {"elbo": "training"},
            "reconstruction": {"reconstruction": "ln p(x | z, y)"},
            "divergence": {"divergence": "KL(q(z | x, y) || p(z | y))"},
        }
        if len(dataset.validation):
            self.panels["ELBO, nats an image"]["validation_elbo"] = "validation"

    def start(self) -> None:
        """The first weights follow from the seed, and are there already; so shall the last."""
        tf.config.experimental.enable_op_determinism()

    def tracked(self) -> dict:
        return self.trainer.tracked()

    def variables(self) -> list[tf.Variable]:
        return [*self.trainer.vae.variables, *self.trainer.average.variables]

    def begin_epoch(self, epoch: int, first_step: int) -> None:
        count = len(self.images)
        self.order = tf.constant(epoch_order(self.seed, epoch, count))
        # One draw an epoch: which noise an image meets does not depend on the batch size.
        shape = (count, self.trainer.vae.shape.latent_dim)
        self.noise = normal_noise(self.seed, TRAINING_NOISE, epoch, shape)

    def train_steps(self, epoch: int, first: int, last: int) -> None:
        bounds = tf.constant(first), tf.constant(last)
        self.trainer.train_steps(self.images, self.labels, self.order, self.noise, *bounds)

    def end_epoch(self, epoch: int) -> dict[str, float]:
        row = {"sigma": float(self.trainer.average.sigma)}
        if len(self.dataset.validation):
            row["validation_elbo"] = self.validation_elbo()
        return row

    def validation_elbo(self) -> float:
        """ELBO of the validation images under the averaged weights; the same noise each time."""
        split, total = self.dataset.validation, 0.0
        labels = split_labels(split)
        for start in range(0, len(split), FORWARD_BATCH):
            images = split.images[start : start + FORWARD_BATCH]
            rows = tf.constant(images.reshape(len(images), -1) / np.float32(255))  # [0, 1]
            shape = (len(images), self.trainer.vae.shape.latent_dim)
            noise = normal_noise(0, VAE_VALIDATION, start, shape)
            chosen = tf.constant(labels[start : start + FORWARD_BATCH])
            reconstruction, divergence = self._elbo_parts(rows, chosen, noise)
            total += float(tf.reduce_sum(reconstruction - divergence))
        return total / len(split)

    def enough(self, epochs_done: int) -> bool:
        return False

    def generator(self) -> ImageVae:
        return self.image_vae

    def draw(self, run: Path) -> None:
        """RUN/reconstructions.png: rows of held-out images, and under each what came back of it."""
        split = self.dataset.validation if len(self.dataset.validation) else self.dataset.train
        columns = min(COLUMNS, len(split))
        count = min(len(split) // columns, ROWS) * columns  # full rows only
        shown = split.take(np.arange(count))
        codes = self.image_vae.encode(shown.images, shown.labels)
        pair = shown.images, self.image_vae.decode(codes, shown.labels)
        shape = self.dataset.image_shape
        pairs = np.stack([each.reshape(-1, columns, *shape) for each in pair], axis=1)
        grid = image_grid(pairs.reshape(-1, *shape), columns, scale=2)
        save_image(grid, run / "reconstructions.png")


def split_labels(split: ImageSplit) -> np.ndarray:
    """int32 (count,): the labels, or 0 for all where there are none."""
    labels = np.zeros(len(split)) if split.labels is None else split.labels
    return labels.astype(np.int32)
