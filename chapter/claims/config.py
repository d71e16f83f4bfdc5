"""What can be chosen about the tests of the chapter's claims."""

import dataclasses

from foundation.settings import LARGEST_SEED, Measuring, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClaimsSettings(Measuring):
    """Test what the chapter says of synthetic data."""

    seed: int = setting(
        0, "added to the seeds of the preset", minimum=0, maximum=LARGEST_SEED - 100_000
    )
    only: str | None = setting(None, "some claims, for example C2,C7; default: all of them")
    out: str | None = setting(None, "directory of the results; default: a new one under outputs/")
    resume: bool = setting(False, "go on in --out: what was measured there is kept")
