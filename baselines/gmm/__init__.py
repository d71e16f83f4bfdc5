"""The Gaussian mixture (4.1.1): its formulas, its fit, a file a kind of data."""

from baselines import Baseline, Flag
from data.source import IMAGES, TABLE

BASELINE = Baseline(
    "Gaussian mixture, by EM",
    data="mnist",
    generators={
        IMAGES: "baselines.gmm.images:ImageMixture",
        TABLE: "baselines.gmm.tables:TableMixture",
    },
    learners={
        IMAGES: "baselines.gmm.images:ImageLearner",
        TABLE: "baselines.gmm.tables:TableLearner",
    },
    flags={
        "epochs": Flag(int, 30, "iterations of EM, in total, also with --resume", minimum=1),
        "per_class": Flag(bool, True, "one model for each class, if the data have labels"),
        "pca_dims": Flag(int, 100, "principal components of an image", IMAGES, minimum=1),
        "max_components": Flag(
            int, 32, "the choice is among 1, 2, 4, 8, ... up to N Gaussians", minimum=1
        ),
        "covariance_floor": Flag(
            float, 1e-3, "added to every variance; pixels are in [0, 1], columns of 1", minimum=1e-9
        ),
        "tolerance": Flag(float, 1e-2, "stop when fewer nats a sample are gained", minimum=0.0),
    },
    presets={
        "smoke": {"epochs": 3, "max_components": 2, "tolerance": 1e-3},
        "full": {"epochs": 200, "tolerance": 1e-4},
        (IMAGES, "smoke"): {"max_images": 512, "pca_dims": 16},
        (IMAGES, "quick"): {"max_components": 16},
        (IMAGES, "full"): {"pca_dims": 150},
    },
)
