"""What all sides of the augmentation benchmark have in common: the same batches, the same timing.

Each side starts from one uint8 array of decoded images and ends with whole batches in memory;
nothing lazy is left. What a side sets up once (compiling, choosing parameters) is not timed.
"""

import abc
import concurrent.futures
import itertools
import math
import time
from collections.abc import Callable, Iterator

import numpy as np

CLASSES = 10


class AugmentationSide(abc.ABC):
    """A side of the benchmark (see benchmarks.worker); a subclass has `batches` and `version`.

    Args:
      settings: "sizes": name -> batch size; "seconds": how long a round lasts at least.
      arrays: name of the size -> uint8 (count, height, width, channels).
    """

    version: str
    how: str
    threads = 1

    def __init__(self, settings: dict, arrays: dict[str, np.ndarray]):
        self.settings, self.arrays = settings, arrays
        self.prepared: tuple = (None, None, 0)  # task, its batches, how many a round

    def facts(self) -> dict:
        """What a reader of the figures must know about this side."""
        return {"version": self.version, "threads": self.threads, "how": self.how}

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


class ImageByImage(AugmentationSide):
    """A side whose library takes one image at a time; a subclass has `operations`.

    With more than one thread each takes an equal part of a batch.
    """

    def batches(self, row: str, images: np.ndarray, batch_size: int) -> Iterator[np.ndarray]:
        augment = self.operations(images)[row]
        parts = np.array_split(np.arange(batch_size), self.threads)
        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            for start in itertools.cycle(range(0, len(images), batch_size)):
                batch = images[start : start + batch_size]
                result = np.empty_like(batch)

                def fill(part: np.ndarray, batch=batch, result=result) -> None:
                    for index in part:
                        result[index] = augment(batch[index])

                if self.threads == 1:
                    fill(parts[0])
                else:
                    list(pool.map(fill, parts))
                yield result

    @abc.abstractmethod
    def operations(self, images: np.ndarray) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
        """Row -> function from one image to one image, all drawn anew at each call.

        Args:
          images: uint8 (count, height, width) if grey, else (count, height, width, 3): the sizes
            to work for, and where partners are taken from.
        """


def one_hot_labels(count: int) -> np.ndarray:
    """Labels for the rows that mix: float32 (count, CLASSES)."""
    return np.eye(CLASSES, dtype=np.float32)[np.arange(count) % CLASSES]
