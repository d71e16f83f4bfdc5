"""What can be chosen about an evaluation."""

import dataclasses

from foundation.settings import Settings, setting


@dataclasses.dataclass(frozen=True)
class ErrataSettings(Settings):
    """Settings of `errata`."""

    only: str | None = setting(None, "one erratum, for example E1; default: all of them")
    out: str | None = setting(None, "directory of the pictures; default: a new one under outputs/")
    seed: int = setting(0, "seed of the exhibits that train", minimum=0)
    json: bool = setting(False, "print one JSON object on stdout")
