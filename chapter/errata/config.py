"""What can be chosen about the exhibits of the errata."""

import dataclasses

from foundation.settings import Answering, Seeded, setting


@dataclasses.dataclass(frozen=True)
class ErrataSettings(Answering, Seeded):
    """Show where the chapter errs, and what is done instead."""

    only: str | None = setting(None, "errata, for example E1 or E1,E6; default: all of them")
    out: str | None = setting(None, "directory of the pictures; default: a new one under outputs/")
