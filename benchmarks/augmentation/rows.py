"""What the augmentation benchmark measures, and what its sides share. No heavy import.

Every row has the same meaning on all sides, and as far as their settings allow the same strength:
one function for an augmentation that a user would pick from each of the libraries. Each side starts
from one uint8 array of decoded images and ends with whole batches in memory; nothing lazy is left.
What a side sets up once (compiling, choosing parameters) is not timed.
"""

import abc
import itertools
import math
import time
from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np

OURS = "this project"
SIDES = {
    OURS: "benchmarks.augmentation.ours:Project",
    "Keras": "benchmarks.augmentation.keras_layers:Keras",
    "albumentations": "benchmarks.augmentation.albumentations_side:Albumentations",
}
CLASSES = 10


class Size(NamedTuple):
    """Images of one size: of each, how many different ones, and how many in a batch."""

    height: int
    width: int
    channels: int
    images: int
    batch_size: int

    @property
    def name(self) -> str:
        """Such as 28x28x1."""
        return f"{self.height}x{self.width}x{self.channels}"


SIZES = (Size(28, 28, 1, 4096, 256), Size(32, 32, 3, 4096, 256), Size(224, 224, 3, 256, 32))
COLOUR_ONLY = ("colour jitter",)
ROWS = {  # name -> what is drawn, and from where
    "flip": "left to right, half of the images",
    "rotation": "-15 to 15 degrees, bilinear",
    "translation": "up to a tenth of each side, bilinear",
    "affine": "rotation -15 to 15 degrees, scale 0.9 to 1.1, shear -10 to 10 degrees, shift 0.1",
    "perspective": "corners moved by up to a tenth, bilinear",
    "elastic": "fields of sigma 4 and alpha 34 (Keras: its own scale)",
    "random resized crop": "0.5 to 1 of the area, bilinear",
    "brightness": "0.8 to 1.2",
    "contrast": "0.8 to 1.2",
    "colour jitter": "brightness, contrast and saturation 0.8 to 1.2, hue -0.05 to 0.05 of a turn",
    "posterize": "4 bits",
    "solarize": "from 128",
    "equalize": "",
    "autocontrast": "",
    "invert": "",
    "Gaussian noise": "standard deviation 25 of 255",
    "Gaussian blur": "sigma 0.5 to 1.5",
    "erasing": "0.02 to 0.33 of the area, black",
    "JPEG": "quality 50 to 95",
    "mixup": "alpha 0.2, labels too",
    "cutmix": "alpha 1, labels too",
    "RandAugment": "2 operations",
}


def rows_for(size: Size) -> list[str]:
    """The rows that mean something at a size."""
    return [row for row in ROWS if size.channels == 3 or row not in COLOUR_ONLY]


class AugmentationSide(abc.ABC):
    """A side (see benchmarks.sides); a subclass has `rows` and `batches`.

    Args:
      settings: "sizes": name -> batch size; "seconds": how long a round lasts at least.
      arrays: name of the size -> uint8 (count, height, width, channels).
    """

    rows: Collection[str]  # those that it can do

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings, self.arrays = settings, arrays
        self.prepared: tuple = (None, None, 0)  # task, its batches, how many a round

    def facts(self) -> dict:
        """What a reader of the figures must know about this side, and its rows."""
        return {**super().facts(), "rows": list(self.rows)}

    def work(self, row: str, size: str) -> dict:
        """One round of one row; the first call of a task also prepares it."""
        task, batches, count = self.prepared
        if task != (row, size):
            batches = self.batches(row, self.arrays[size], self.settings["sizes"][size])
            next(batches), next(batches)  # the first traces and compiles
            started = time.perf_counter()
            next(batches)
            seconds = time.perf_counter() - started
            count = max(1, math.ceil(self.settings["seconds"] / seconds))
            self.prepared = ((row, size), batches, count)
        for batch in itertools.islice(batches, count):
            last = batch
        return {"units": count * len(last), "measured": {}}

    @abc.abstractmethod
    def batches(self, row: str, images: np.ndarray, batch_size: int) -> Iterator:
        """Augmented batches without end, each whole in memory: arrays (batch_size, ...)."""
