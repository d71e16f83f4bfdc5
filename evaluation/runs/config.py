"""What can be chosen about the report, and how much its parts compute at each preset."""

import dataclasses

from foundation.settings import Settings, setting


@dataclasses.dataclass(frozen=True)
class RunsSettings(Settings):
    """Settings of `report`."""

    runs: tuple[str, ...] = setting(
        dataclasses.MISSING, "run directories that `gan evaluate` has measured", positional=True
    )
    json: bool = setting(False, "one JSON object on stdout")
