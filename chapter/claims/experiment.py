"""Trials: the experiments behind the claims, seed by seed, each seed kept in a file of its own.

A trial measures several *arms* (ways to make a training set, say) under one seed, all with the same
real data, the same tuning and the same number of updates. A claim is a difference of two arms. The
files make a long run one that can be stopped: a seed that is there is not measured again.
"""

import dataclasses
import json
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from foundation.errors import InputError
from foundation.files import write_json
from foundation.progress import CountProgress
from foundation.quiet import load_quietly

# Fitted to the images of a trial (chapter.claims.parts.generators), or to its rows.
IMAGE_GENERATORS = ("interpolation", "inverse_transform", "gmm", "vae", "gan")
TABLE_GENERATORS = ("interpolation", "inverse_transform", "regression", "gmm")

# arm -> measure -> value; None where it cannot be computed. Higher or lower may be better: the
# claim says which.
Measures = dict[str, dict[str, float | None]]


@dataclasses.dataclass(frozen=True)
class Trial:
    """An experiment.

    Args:
      question: what it asks, in a line.
      path: "module:function", from (seed, sizes) to Measures. It draws all of its random numbers
        from the seed and uses test data only to measure.
      varies: what another seed changes, in words: what an interval over seeds stands for.
      sizes: preset -> {"seeds": how many, and whatever else `function` reads}.
    """

    question: str
    path: str
    varies: str
    sizes: Mapping[str, Mapping]

    def measure(self, seed: int, preset: str) -> Measures:
        """One seed. Raises what the function raises, and ValueError for values that are none."""
        measures = load_quietly(self.path)(seed, self.sizes[preset])
        check_measures(measures)
        return measures


def check_measures(measures: Measures) -> None:
    """Refuse what a trial must not return: no arms, or a number that is not finite."""
    if not measures:
        raise ValueError("no arms; at least one")
    for arm, values in measures.items():
        for name, value in values.items():
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{arm}, {name}: {value}; a finite number, or None")


def run_trials(
    trials: Mapping[str, Trial],
    names: Sequence[str],
    preset: str,
    first_seed: int,
    out: Path,
    quiet: bool = False,
) -> dict[str, dict[int, Measures]]:
    """Measure what OUT/trials does not hold yet.

    Args:
      trials: by name.
      names: which to run.
      preset: of their sizes.
      first_seed: the seeds are first_seed, first_seed + 1, ...
      out: OUT/trials/NAME/seed-0000.json is written after each seed.

    Returns: trial -> seed -> Measures.
    Raises: InputError if a file there is damaged or was made with other sizes.
    """
    found, missing = stored_trials(trials, names, preset, first_seed, out)
    with CountProgress(len(missing), "measurements", quiet) as progress:
        for name, seed, path in missing:
            started, used = time.perf_counter(), time.process_time()
            measures = trials[name].measure(seed, preset)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(
                path,
                {
                    "trial": name,
                    "seed": seed,
                    "sizes": dict(trials[name].sizes[preset]),
                    "seconds": round(time.perf_counter() - started, 1),
                    "cpu_seconds": round(time.process_time() - used, 1),
                    "measures": measures,
                },
            )
            found[name][seed] = measures
            progress.advance(1)
    return {name: dict(sorted(seeds.items())) for name, seeds in found.items()}


def stored_trials(
    trials: Mapping[str, Trial], names: Sequence[str], preset: str, first_seed: int, out: Path
) -> tuple[dict[str, dict[int, Measures]], list[tuple[str, int, Path]]]:
    """What OUT/trials holds, and what it lacks; arguments as `run_trials`.

    Returns: trial -> seed -> Measures; (trial, seed, file) of each that is missing.
    Raises: InputError if a file there is damaged or was made with other sizes.
    """
    found: dict[str, dict[int, Measures]] = {}
    missing = []
    for name in names:
        found[name] = {}
        for seed in range(first_seed, first_seed + trials[name].sizes[preset]["seeds"]):
            path = out / "trials" / name / f"seed-{seed:04d}.json"
            if path.exists():
                found[name][seed] = read_seed(path, trials[name].sizes[preset])
            else:
                missing.append((name, seed, path))
    return found, missing


def read_seed(path: Path, sizes: Mapping) -> Measures:
    """The measures of one file.

    Raises: InputError if it is damaged, or was made with other sizes (but for the number of seeds).
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        measures, made_with = stored["measures"], dict(stored["sizes"])
        check_measures(measures)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: {error}", "what `claims` wrote", "delete it: it is measured again"
        ) from None
    expected = json.loads(json.dumps(dict(sizes)))
    if {**made_with, "seeds": 0} != {**expected, "seeds": 0}:
        raise InputError(
            f"{path}, made with {made_with}", f"{expected}", "give another --out, or delete it"
        )
    return measures
