"""What can be chosen about a benchmark."""

import dataclasses

from foundation.settings import Answering, setting

BENCHMARKS = ("gan", "text", "augmentation")


@dataclasses.dataclass(frozen=True)
class BenchmarkSettings(Answering):
    """Measure speed side by side with what a user would pick instead."""

    name: str = setting(
        dataclasses.MISSING,
        "what to measure: gan, text, augmentation",
        choices=BENCHMARKS,
        positional=True,
    )
    rounds: int = setting(7, "measurements of each side, in turn", minimum=5)
