"""Training speed of the chapter's GAN: this project and eager PyTorch, in turn in one run."""

import itertools
import math

import numpy as np

from benchmarks.config import BenchmarkSettings
from benchmarks.rounds import Measure, measure_in_turn, require_pytorch
from data.images.load import load_images
from foundation.errors import InputError

SIDES = {
    "this project": "benchmarks.gan.ours:TensorflowGan",
    "PyTorch": "benchmarks.gan.pytorch:PytorchGan",
}
BATCH_SIZE = 256
GENERATOR, DISCRIMINATOR = (100, 256, 512, 784), (784, 512, 256, 1)  # units, input to output


def benchmark_gan(settings: BenchmarkSettings) -> dict:
    """Measure both sides on the MNIST training images.

    Returns: {name of the measure: see rounds.measure_in_turn}.
    Raises: InputError if PyTorch is missing or the batch size does not fit.
    """
    require_pytorch("gan")
    images = load_images("mnist").train.images
    return training_speed(images, settings.batch_size or BATCH_SIZE, settings.rounds)


def training_speed(images: np.ndarray, batch_size: int, rounds: int) -> dict:
    """Train an epoch on each side in turn.

    Args:
      images: uint8 (count, height, width, channels).
      batch_size: images a step.
      rounds: epochs to time on each side.

    Returns: as `benchmark_gan`.
    Raises: InputError if the batch size does not fit.
    """
    check_batch_size(batch_size, len(images))
    measure = Measure(
        name="GAN training",
        unit="images",
        a_round=f"{len(images):,} images in batches of {batch_size}",
        sides=SIDES,
        settings={name: {"batch_size": batch_size} for name in SIDES},
        mflop_a_unit=flop_an_image() / 1e6,
    )
    return {measure.name: measure_in_turn(measure, {"images": images}, rounds)}


def check_batch_size(batch_size: int, count: int) -> None:
    """Raises: InputError if there is no full batch, or if one image is left for the last.

    PyTorch's batch normalisation refuses to train on a batch of one image.
    """
    if batch_size > count or count % batch_size == 1 or batch_size == 1:
        raise InputError(
            f"--batch-size {batch_size}",
            f"2 to {count}, with no single image left over from {count}",
            "choose another one, such as 256",
        )


def flop_an_image() -> int:
    """Floating-point operations that the matrix products of one step need for each real image.

    A product of (batch, a) and (a, b) takes 2 a b an image; so does each of its two gradients.
    """
    generator, discriminator = products(GENERATOR), products(DISCRIMINATOR)
    forward = generator + 2 * discriminator
    # Its loss is followed back through D to the fakes, then to G's weights; not to the noise.
    backward_g = discriminator + 2 * generator - math.prod(GENERATOR[:2])
    # Real and fake half, to D's weights; not to the images.
    backward_d = 2 * (2 * discriminator - math.prod(DISCRIMINATOR[:2]))
    return 2 * (forward + backward_g + backward_d)


def products(units: tuple[int, ...]) -> int:
    """Multiplications of one image's way through dense layers."""
    return sum(a * b for a, b in itertools.pairwise(units))
