"""Training speed of the chapter's GAN: this project and eager PyTorch, in turn in one run."""

import numpy as np

from benchmarks.config import BenchmarkSettings
from benchmarks.sides import require
from benchmarks.turns import measure_in_turn
from data.images.load import load_images

SIDES = {
    "this project": "benchmarks.gan.ours:TensorflowGan",
    "PyTorch": "benchmarks.gan.pytorch:PytorchGan",
}
BATCH_SIZE = 256


def benchmark_gan(settings: BenchmarkSettings) -> dict:
    """Measure both sides on the MNIST training images.

    Returns: {name of the measure: see turns.measure_in_turn}.
    Raises: InputError if PyTorch is missing.
    """
    require("torch")
    return training_speed(load_images("mnist").train.images, settings.rounds)


def training_speed(images: np.ndarray, rounds: int, batch_size: int = BATCH_SIZE) -> dict:
    """Train an epoch on each side in turn.

    Args:
      images: uint8 (count, height, width, channels); the last batch must not be a single one, on
        which PyTorch's batch normalisation refuses to train.
      rounds: epochs to time on each side.
      batch_size: images a step.

    Returns: as `benchmark_gan`.
    """
    sides = {name: (side, {"batch_size": batch_size}) for name, side in SIDES.items()}
    name = f"GAN training, epochs of {len(images):,} images in batches of {batch_size}"
    return {name: measure_in_turn("images", sides, {"images": images}, rounds)}
