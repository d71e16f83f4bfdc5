"""The guard of the held-out data: nothing that validates or tests may enter a training set."""

import dataclasses
from collections.abc import Iterable

import numpy as np

from data.images.assembly import pixel_digest
from data.images.dataset import ImageDataset
from foundation.errors import InputError

SHOWN = 5  # samples that a refusal names


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """The hashes of all validation and test samples."""

    digests: dict[bytes, str]  # of each sample -> what it is, such as "test[17]"

    @classmethod
    def of(cls, dataset: ImageDataset) -> "HeldOut":
        """The validation and test images of a data set."""
        return cls.of_parts(validation=dataset.validation.images, test=dataset.test.images)

    @classmethod
    def of_parts(cls, **parts: np.ndarray) -> "HeldOut":
        """Samples of named parts, arrays of shape (count, ...): images or rows of numbers."""
        digests = {}
        for part, samples in parts.items():
            for index, digest in enumerate(sample_digests(samples)):
                digests.setdefault(digest, f"{part}[{index}]")
        return cls(digests)

    def holds(self, samples: np.ndarray) -> np.ndarray:
        """Which samples are held out; bool, shape (count,)."""
        return np.array([digest in self.digests for digest in sample_digests(samples)], bool)

    def refuse(self, name: str, samples: np.ndarray) -> None:
        """Raise InputError if one of the samples is held out: it names which, and how many.

        A hash finds equal samples only: one changed pixel makes another hash. Near copies are found
        by distance (`data/synthetic/quality_filter.py`).

        Args:
          samples: shape (count, ...), in the form in which the held-out ones came.
        """
        found = np.flatnonzero(self.holds(samples))
        if len(found):
            first = found[:SHOWN]
            named = zip(first, sample_digests(samples[first]), strict=True)
            shown = ", ".join(f"{index} is {self.digests[digest]}" for index, digest in named)
            more = ", ..." if len(found) > SHOWN else ""
            raise InputError(
                f"{name} holds {len(found)} samples of the validation or test data ({shown}{more})",
                "training data only",
                "take them out: a figure measured on samples that were trained on says nothing",
            )


def sample_digests(samples: np.ndarray) -> Iterable[bytes]:
    """A hash of each sample's shape and values."""
    return (pixel_digest(sample) for sample in np.asarray(samples))
