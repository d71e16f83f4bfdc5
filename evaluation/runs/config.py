"""What can be chosen about the table of evaluated runs."""

import dataclasses

from foundation.settings import Answering, setting


@dataclasses.dataclass(frozen=True)
class RunsSettings(Answering):
    """Settings of `report`."""

    runs: tuple[str, ...] = setting(
        dataclasses.MISSING, "run directories that `gan evaluate` has measured", positional=True
    )
