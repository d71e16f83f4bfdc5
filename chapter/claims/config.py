"""What can be chosen about an evaluation."""

import dataclasses

from foundation.settings import LARGEST_SEED, PRESETS, Settings, setting


@dataclasses.dataclass(frozen=True)
class ClaimsSettings(Settings):
    """Settings of `claims`."""

    preset: str = setting(
        "quick",
        "smoke: one seed, for tests; quick: minutes; full: at least five seeds, hours",
        choices=PRESETS,
    )
    seed: int = setting(0, "the first of the seeds", minimum=0, maximum=LARGEST_SEED - 1000)
    only: str | None = setting(None, "some claims, for example C2,C7; default: all of them")
    out: str | None = setting(None, "directory of the results; default: a new one under outputs/")
    resume: bool = setting(False, "go on in --out: what was measured there is kept")
    json: bool = setting(False, "one JSON object on stdout")
    quiet: bool = setting(False, "no progress bar, no table")
