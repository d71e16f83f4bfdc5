"""Measuring the seeds of trials, each kept in a file of its own.

The files make a long run one that can be stopped: a seed that is there is not measured again.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from chapter.claims.experiment import CHOICE_SEED, Measured, Trial
from chapter.claims.seeds.stored import (
    read_choices,
    read_seed,
    stored_trials,
    write_choices,
    write_seed,
)
from foundation.progress import CountProgress
from foundation.quiet import load_quietly


def run_trials(
    trials: Mapping[str, Trial],
    names: Sequence[str],
    preset: str,
    first_seed: int,
    out: Path,
    quiet: bool = False,
) -> dict[str, dict[int, Measured]]:
    """Measure what OUT/trials does not hold yet.

    Args:
      trials: by name.
      names: which to run.
      preset: of their sizes.
      first_seed: added to the seeds of the preset.
      out: OUT/trials/NAME/seed-0000.json is written after each seed, choices.json before the first.

    Returns: trial -> seed -> Measured.
    Raises: InputError if a file there is damaged or was made by another recipe.
    """
    found, missing = stored_trials(trials, names, preset, first_seed, out)
    with CountProgress(len(missing), "measurements", quiet) as progress:
        for name, seed, path in missing:
            trial, choices = trials[name], None
            if trial.chooses(preset):
                place = path.with_name("choices.json")
                if not place.exists():
                    choose = load_quietly(trial.choice_path)
                    write_choices(place, trial, preset, choose(CHOICE_SEED, trial.sizes[preset]))
                choices = read_choices(place, trial, preset)
            started, used = time.perf_counter(), time.process_time()
            measured = trial.measure(seed, preset, choices)
            seconds = time.perf_counter() - started, time.process_time() - used
            write_seed(path, name, trial, preset, seed, measured, *seconds, choices)
            found[name][seed] = read_seed(path, trial, preset)  # as whoever resumes will read it
            progress.advance(1)
    return {name: dict(sorted(seeds.items())) for name, seeds in found.items()}
