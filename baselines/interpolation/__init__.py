"""Samples between neighbours (chapter 3.2.3, interpolation): SMOTE.

    x = a + u (b - a),    u uniform in [0, 1)

a is a training sample of the class asked for, drawn at random, and b one of its k nearest
neighbours of that class. Nothing is modelled: each sample lies on a line between two training
samples, which is why it fits well and hides them badly (`evaluate table`, attack_auc).

Reference: Chawla, Bowyer, Hall and Kegelmeyer 2002, SMOTE: Synthetic Minority Over-sampling
  Technique, sections 4.2 and 6.1.
"""

from baselines import Baseline, Flag
from data.source import IMAGES, TABLE

BASELINE = Baseline(
    "points between neighbours (SMOTE)",
    data="mnist",
    generators={
        IMAGES: "baselines.interpolation.images:ImageInterpolation",
        TABLE: "baselines.interpolation.tables:TableInterpolation",
    },
    fits={
        IMAGES: "baselines.interpolation.images:fit",
        TABLE: "baselines.interpolation.tables:fit",
    },
    flags={
        "neighbours": Flag(int, 5, "nearest samples of its class a sample may move to", minimum=1),
        "latent": Flag(
            str | None, None, "run of a VAE, to move between its codes, not between pixels", IMAGES
        ),
    },
    presets={(IMAGES, "smoke"): {"max_images": 512}},
)
