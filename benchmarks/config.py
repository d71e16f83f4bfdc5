"""What can be chosen about a benchmark."""

import dataclasses

from foundation.settings import Answering, setting

BENCHMARKS = ("gan", "text", "augmentation")


@dataclasses.dataclass(frozen=True)
class BenchmarkSettings(Answering):
    """Settings of `benchmark`."""

    name: str = setting(
        dataclasses.MISSING,
        "what to measure: gan, text, augmentation",
        choices=BENCHMARKS,
        positional=True,
    )
    rounds: int = setting(7, "measurements of each side, in turn", minimum=5)
    batch_size: int | None = setting(
        None,
        "images or streams of text a step; default: gan 256, text 64, augmentation 256 (32 of "
        "224 x 224)",
        minimum=1,
    )
    threads: int = setting(1, "of each side, for augmentation only", minimum=1, maximum=64)
