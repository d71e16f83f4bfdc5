"""What can be chosen about a benchmark."""

import dataclasses

from data.settings import Settings, setting

BENCHMARKS = ("gan", "text")


@dataclasses.dataclass(frozen=True)
class BenchmarkSettings(Settings):
    """Settings of `benchmark`."""

    name: str = setting(
        dataclasses.MISSING, "what to measure: gan, text", choices=BENCHMARKS, positional=True
    )
    rounds: int = setting(7, "measurements of each side, in turn", minimum=5)
    batch_size: int | None = setting(
        None, "images or streams of text a training step; default: gan 256, text 64", minimum=1
    )
    json: bool = setting(False, "one JSON object on stdout")
