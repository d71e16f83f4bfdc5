"""What can be chosen about the report, and how much its parts compute at each preset."""

import dataclasses

from foundation.settings import Seeded, Silenced, Sized, setting

# Preset -> images of each split that the parts take; None: all.
MAX_IMAGES = {"smoke": 600, "quick": None, "full": None}
# Preset -> variant of the GAN -> fields of gan.config.GanSettings; where nothing is said, the
# preset of `gan train` holds. There is no row for `listing`: it is trained exactly as `corrected`,
# so that what differs between the two is the chapter's defect and nothing else.
GAN_TRAININGS = {
    "smoke": {
        "corrected": {"epochs": 2, "max_images": MAX_IMAGES["smoke"]},
        "conditional": {"epochs": 2, "max_images": MAX_IMAGES["smoke"]},
    },
    "quick": {
        "corrected": {"epochs": 5},  # the listing freezes in the third
        "conditional": {"epochs": 14},
    },
    "full": {"corrected": {}, "conditional": {}},
}
# Preset -> fields of lstm_text.config.TextSettings, as above.
TEXT_TRAININGS = {
    "smoke": {},
    "quick": {"epochs": 2, "units": 128, "max_characters": 900_000},
    "full": {"data": "tiny_shakespeare"},
}
# Preset -> fields of evaluation.config.TextEvaluateSettings.
TEXT_EVALUATIONS = {
    "smoke": {"windows": 64, "characters": 2_000},
    "quick": {"windows": 320, "characters": 20_000},
    "full": {"windows": 12_800},
}
# Images on each side of an evaluation; `gan evaluate` takes 10,000.
GAN_EVALUATION_COUNT = {"smoke": 100, "quick": 1_000, "full": 10_000}
# Preset -> how much of the other models; "trainings": model -> fields of BaselineSettings.
MODELS = {
    "smoke": {"count": 100, "characters": 2_000, "table_seeds": 1, "trainings": {}},
    "quick": {
        "count": 1_000,
        "characters": 20_000,
        "table_seeds": 2,
        "trainings": {
            "gmm": {"max_components": 4, "epochs": 10},
            "vae": {"epochs": 4},
            "hmm": {"states": 32, "max_characters": 200_000, "epochs": 12},
        },
    },
    "full": {"count": 10_000, "characters": 100_000, "table_seeds": 5, "trainings": {}},
}
# Preset -> sizes of the one trial of a claim that is measured anew, as in
# chapter/claims/designs/few_labels.py; no generator is fitted.
_LIVE = {
    "labelled": 100,
    "preset": "quick",
    "data": "mnist",
    "arms": ("none", "augmentation"),
    "generators": (),
    "classifiers": ("cnn",),
    "made": 100,
    "validated": 500,
    "corrupted": 0,
}
LIVE_TRIAL = {
    "smoke": _LIVE | {"seeds": 1, "updates": 2, "batch_size": 16, "tested": 100},
    "quick": _LIVE | {"seeds": 3, "updates": 200, "batch_size": 64, "tested": 2_000},
    "full": _LIVE | {"seeds": 5, "updates": 1_000, "batch_size": 128, "tested": None},
}


@dataclasses.dataclass(frozen=True)
class ChapterSettings(Silenced, Sized, Seeded):
    """Run every example of the chapter and write OUT/report.html."""

    out: str | None = setting(None, "directory of the report; default: a new one under outputs/")
