"""Training speed of the chapter's GAN: this project and eager PyTorch, in turn in one run."""

import numpy as np

from benchmarks.config import BenchmarkSettings
from benchmarks.rounds import measure_in_turn, require_pytorch
from data.images.load import load_images
from foundation.errors import InputError

SIDES = {
    "this project": "benchmarks.gan.ours:TensorflowGan",
    "PyTorch": "benchmarks.gan.pytorch:PytorchGan",
}
BATCH_SIZE = 256


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
    Raises: InputError if there is no full batch, or if one image is left for the last: PyTorch's
      batch normalisation refuses to train on it.
    """
    count = len(images)
    if batch_size > count or count % batch_size == 1 or batch_size == 1:
        raise InputError(
            f"--batch-size {batch_size}",
            f"2 to {count}, with no single image left over from {count}",
            "choose another one, such as 256",
        )
    sides = {name: (side, {"batch_size": batch_size}) for name, side in SIDES.items()}
    name = f"GAN training, epochs of {count:,} images in batches of {batch_size}"
    return {name: measure_in_turn("images", sides, {"images": images}, rounds)}
