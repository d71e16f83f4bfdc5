"""The Gaussian mixture (4.1.1): its formulas, its fit, a file a kind of data."""

from baselines.entry import IMAGES, TABLE, Baseline, Flag

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
        "pca_dims": Flag(
            int, 100, "principal components that an image is reduced to", IMAGES, minimum=1
        ),
        "components": Flag(
            int | None,
            None,
            "Gaussians of a mixture; default: chosen by validation likelihood",
            minimum=1,
        ),
        "max_components": Flag(int, 32, "the choice is among 1, 2, 4, 8, ... up to N", minimum=1),
        "covariance": Flag(str, "full", "of each Gaussian", choices=("full", "diagonal")),
        "covariance_floor": Flag(
            float,
            1e-3,
            "added to every variance; images are scaled to [0, 1], columns to variance 1",
            minimum=1e-9,
        ),
        "tolerance": Flag(
            float, 1e-2, "stop when an iteration gains fewer nats a sample", minimum=0.0
        ),
    },
    presets={
        "smoke": {"epochs": 3, "max_components": 2, "tolerance": 1e-3},
        "full": {"epochs": 200, "tolerance": 1e-4},
        (IMAGES, "smoke"): {"max_images": 512, "pca_dims": 16},
        (IMAGES, "quick"): {"max_components": 16},
        (IMAGES, "full"): {"pca_dims": 150},
    },
)
