"""What can be chosen about an evaluation."""

import dataclasses

from data.settings import PRESETS, Settings, setting


@dataclasses.dataclass(frozen=True)
class GanEvaluateSettings(Settings):
    """Settings of `gan evaluate`."""

    run: str = setting(dataclasses.MISSING, "directory of a finished training", positional=True)
    data: str | None = setting(
        None, "the run's data set, if it lies elsewhere now: folder:PATH or npz:PATH"
    )
    count: int = setting(10_000, "images on each side, at most", minimum=1)
    split: str = setting(
        "test",
        "real images to compare with: test to report, validation to choose by",
        choices=("test", "validation"),
    )
    seed: int = setting(0, "seed of the samples and of the choice of real images", minimum=0)
    preset: str = setting(
        "quick", "smoke: 200 images and features of one epoch, for tests", choices=PRESETS
    )
    json: bool = setting(False, "print one JSON object on stdout")
    quiet: bool = setting(False, "no table, only the files")

    @classmethod
    def preset_values(cls, preset: str, given: dict) -> dict:
        return {"count": 200} if preset == "smoke" else {}


@dataclasses.dataclass(frozen=True)
class ErrataSettings(Settings):
    """Settings of `errata`."""

    only: str | None = setting(None, "one erratum, for example E1; default: all of them")
    out: str | None = setting(None, "directory of the pictures; default: a new one under outputs/")
    seed: int = setting(0, "seed of the exhibits that train", minimum=0)
    json: bool = setting(False, "print one JSON object on stdout")
