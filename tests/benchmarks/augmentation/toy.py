"""A side without a library: two rows in NumPy."""

import itertools

from benchmarks.augmentation.rows import AugmentationSide


class Toy(AugmentationSide):
    """Inverts, or turns left to right."""

    rows = ("flip", "invert")

    @staticmethod
    def use_threads(threads):
        pass

    def facts(self):
        return {"version": "1.2", "threads": 1, "how": "by hand", "rows": list(self.rows)}

    def batches(self, row, images, batch_size):
        for start in itertools.cycle(range(0, len(images), batch_size)):
            batch = images[start : start + batch_size]
            yield 255 - batch if row == "invert" else batch[:, :, ::-1].copy()


class OneRow(Toy):
    """A side that has one of the rows."""

    rows = ("flip",)
