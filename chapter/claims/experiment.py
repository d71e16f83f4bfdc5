"""Trials: the experiments behind the claims, measured seed by seed.

A trial measures several *arms* (ways to make a training set, say) under one seed, all with the same
real data and the same number of updates. A claim is a difference of two arms.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from foundation.quiet import load_quietly

# Fitted to the images of a trial (chapter.claims.parts.generators), or to its rows.
IMAGE_GENERATORS = ("interpolation", "inverse_transform", "gmm", "vae", "gan")
TABLE_GENERATORS = ("interpolation", "inverse_transform", "regression", "gmm")
# Nothing is judged by this seed: by its validation data each arm chooses what it chooses, once.
CHOICE_SEED = 99

# arm -> measure -> value; None where it cannot be computed. Higher or lower may be better: the
# claim says which.
Measures = dict[str, dict[str, float | None]]
# arm -> measure -> float (tested,): what each test image or patient adds; their mean is the value.
Rows = dict[str, dict[str, np.ndarray]]


class Measured(NamedTuple):
    """One seed of a trial.

    measures: see Measures; rows: see Rows, of the measures of which they are kept.
    units: int (tested,), which patient each row is, where every seed splits the same patients anew;
      None: every seed tests the same, in one order.
    training: how many patients train in such a split.
    cpu_seconds, processor: what it took, and where.
    """

    measures: Measures
    rows: Rows = {}  # noqa: RUF012  (nobody writes to it)
    units: np.ndarray | None = None
    training: int | None = None
    cpu_seconds: float = 0.0
    processor: str = ""


@dataclasses.dataclass(frozen=True)
class Trial:
    """An experiment.

    Args:
      question: what it asks, in a line.
      path: "module:function", from (seed, sizes) to Measured. It draws all of its random numbers
        from the seed and uses test data only to measure.
      varies: what another seed changes, in words: what an interval over seeds stands for.
      sizes: preset -> {"seeds": how many, "first_seed": the first of them (0), and whatever else
        `function` reads}.
      reads: files that it measures with, as chapter.claims.seeds.stored.file_hash takes them.
      choice_path: "module:function", from (CHOICE_SEED, sizes) to what each arm has chosen, fit for
        JSON; it is measured once, and `function` finds it in sizes["choices"]. Nothing is chosen
        at a preset whose sizes have no "candidates".
      version: goes up when the code of the trial changes what it measures.
    """

    question: str
    path: str
    varies: str
    sizes: Mapping[str, Mapping]
    reads: tuple[str, ...] = ()
    choice_path: str | None = None
    version: int = 1

    def seeds(self, preset: str, first_seed: int = 0) -> range:
        """The seeds of a preset; `first_seed` is added to each."""
        sizes = self.sizes[preset]
        start = sizes.get("first_seed", 0) + first_seed
        return range(start, start + sizes["seeds"])

    def chooses(self, preset: str) -> bool:
        """Whether the arms choose anything at this preset."""
        return self.choice_path is not None and "candidates" in self.sizes[preset]

    def measure(self, seed: int, preset: str, choices: Mapping | None = None) -> Measured:
        """One seed. Raises what the function raises, and ValueError for values that are none."""
        sizes = dict(self.sizes[preset])
        if choices is not None:
            sizes["choices"] = choices
        measured = load_quietly(self.path)(seed, sizes)
        check_measures(measured.measures)
        return measured


def check_measures(measures: Measures) -> None:
    """Refuse what a trial must not return: no arms, or a number that is not finite."""
    if not measures:
        raise ValueError("no arms; at least one")
    for arm, values in measures.items():
        for name, value in values.items():
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{arm}, {name}: {value}; a finite number, or None")
