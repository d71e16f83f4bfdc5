"""Where each sample of a mixed data set comes from."""

import dataclasses

import numpy as np

from data.images.dataset import Change


@dataclasses.dataclass(frozen=True, eq=False)
class Samples:
    """Samples of one origin: the real training data, or what one generator has made."""

    name: str  # for people, such as "mnist" or "outputs/made"
    samples: np.ndarray  # uint8 images (count, height, width, channels), or rows (count, columns)
    labels: np.ndarray | None  # int, shape (count,)
    indices: np.ndarray | None = None  # number of each in its origin, int; None: 0, 1, 2, ...
    origin: dict = dataclasses.field(default_factory=dict)  # for JSON: path, run, seed, hash, ...
    changes: tuple[Change, ...] = ()  # what was left out or changed while it was read

    def __post_init__(self):
        if self.indices is None:
            object.__setattr__(self, "indices", np.arange(len(self.samples)))

    def __len__(self) -> int:
        return len(self.samples)

    def take(self, chosen: np.ndarray) -> "Samples":
        """The samples at these positions, or where a bool array is True; they keep their number."""
        return dataclasses.replace(
            self,
            samples=self.samples[chosen],
            labels=None if self.labels is None else self.labels[chosen],
            indices=self.indices[chosen],
        )


@dataclasses.dataclass(frozen=True, eq=False)
class Provenance:
    """The origin of each sample of a mixed set."""

    source: np.ndarray  # int16, shape (count,): 0 is the real data, k the k-th synthetic source
    index: np.ndarray  # int64, shape (count,): number of the sample in its source
    names: tuple[str, ...]  # of source 0, 1, ...
