"""What all sides of the augmentation benchmark have in common: the same batches, the same timing.

Each side starts from one uint8 array of decoded images and ends with whole batches in memory;
nothing lazy is left. What a side sets up once (compiling, choosing parameters) is not timed.
"""

import abc
import itertools
import math
import time
from collections.abc import Collection, Iterator

import numpy as np

CLASSES = 10


class AugmentationSide(abc.ABC):
    """A side of the benchmark (see benchmarks.worker); a subclass has `rows` and `batches`.

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
