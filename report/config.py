"""What can be chosen about the report."""

import dataclasses

from data.settings import PRESETS, Settings, setting


@dataclasses.dataclass(frozen=True)
class ChapterSettings(Settings):
    """Settings of `chapter`."""

    out: str | None = setting(None, "directory of the report; default: a new one under outputs/")
    preset: str = setting(
        "quick", "smoke: seconds; quick: minutes; full: published numbers", choices=PRESETS
    )
    seed: int = setting(0, "seed of every model", minimum=0)
    quiet: bool = setting(False, "no progress bar")
