"""Training speed of the chapter's GAN: this project and eager PyTorch, in turn in one run."""

import contextlib
import importlib.util
import itertools
import math
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.config import BenchmarkSettings
from benchmarks.worker import Worker
from data.errors import InputError
from data.images import load_images

OURS, THEIRS = "TensorFlow", "PyTorch"
TRAINERS = {
    OURS: "benchmarks.tensorflow_gan:TensorflowGan",
    THEIRS: "benchmarks.pytorch_gan:PytorchGan",
}
GENERATOR, DISCRIMINATOR = (100, 256, 512, 784), (784, 512, 256, 1)  # units, input to output


def benchmark_gan(settings: BenchmarkSettings) -> dict:
    """Measure both sides on the MNIST training images.

    Returns: see `measure`, and "mflop_an_image".
    Raises: InputError if PyTorch is missing or the batch size does not fit.
    """
    require_pytorch()
    measured = measure(load_images("mnist").train.images, settings.batch_size, settings.rounds)
    return {**measured, "mflop_an_image": flop_an_image() / 1e6}


def require_pytorch() -> None:
    """Raises: InputError if PyTorch cannot be imported; it is not among the project's packages."""
    if importlib.util.find_spec("torch") is None:
        raise InputError(
            "benchmark gan without PyTorch",
            "the package torch, to compare with",
            "pip install -r benchmarks/requirements.txt",
        )


def measure(images: np.ndarray, batch_size: int, rounds: int) -> dict:
    """Train an epoch on each side in turn: one round that is not counted, then `rounds`.

    Args:
      images: uint8 (count, height, width, channels).
      batch_size: images a step.
      rounds: epochs to time on each side.

    Returns: {"images", "batch_size", "sides": {name: {"version", "threads", "how", "seconds" and
    "cores" (busy, on average): one an epoch, "generator_loss" and "discriminator_loss" of the last
    epoch}}}.
    """
    check_batch_size(batch_size, len(images))
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "images.npy"
        np.save(path, images)
        # PyTorch first: it chooses the number of threads (OMP_NUM_THREADS counts), both keep to it.
        theirs = stack.enter_context(Worker(TRAINERS[THEIRS], path, batch_size))
        threads = theirs.facts["threads"]
        ours = stack.enter_context(Worker(TRAINERS[OURS], path, batch_size, threads))
        workers = {OURS: ours, THEIRS: theirs}
        answers = {name: [] for name in workers}
        for number in range(rounds + 1):
            for name, worker in workers.items():
                answers[name].append(worker.train_epoch())
            speeds = [
                f"{name} {len(images) / answers[name][-1]['seconds']:,.0f}" for name in workers
            ]
            label = f"round {number} of {rounds}" if number else "warm-up"
            print(f"{label}: {', '.join(speeds)} images/s", flush=True)
        sides = {name: {**workers[name].facts, **summary(answers[name])} for name in workers}
    return {"images": len(images), "batch_size": batch_size, "sides": sides}


def summary(answers: list[dict]) -> dict:
    """The seconds without the warm-up, and the losses at the end: both sides should be near."""
    losses = {name: answers[-1][name] for name in ("generator_loss", "discriminator_loss")}
    counted = {key: [answer[key] for answer in answers[1:]] for key in ("seconds", "cores")}
    return {**counted, **losses}


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
