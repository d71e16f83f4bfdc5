"""Worse source data: chapter/claims/trials/source_data.py."""

from chapter.claims.designs.few_labels import FIRST_SEED, MNIST
from chapter.claims.experiment import Trial

TRIALS = {
    "source_data": Trial(
        "What are a model and a generator worth if the real images are few, wrong or uneven?",
        "chapter.claims.trials.source_data:source_data_trial",
        "the real images drawn and what is done to them, the generator, its samples, the "
        "classifier",
        {
            "smoke": {
                "seeds": 1,
                "preset": "smoke",
                "real": 200,
                "made": 100,
                "classifier": "mlp",
                "updates": 5,
                "batch_size": 64,
                "validated": 100,
                "tested": 200,
                "compared": 100,
                "feature_images": 500,
                "feature_epochs": 1,
            },
            "quick": {
                "seeds": 3,
                "preset": "smoke",  # at most two Gaussians a class, of 16 principal components
                "real": 1_000,
                "made": 1_000,
                "classifier": "mlp",
                "updates": 100,
                "batch_size": 64,
                "validated": 500,
                "tested": 2_000,
                "compared": 500,
                "feature_images": None,
                "feature_epochs": 1,
            },
            "full": {
                "first_seed": FIRST_SEED,
                "seeds": 5,
                "preset": "full",
                "real": 5_000,
                "made": 5_000,
                "classifier": "cnn",
                "updates": None,
                "batch_size": 128,
                "validated": None,
                "tested": None,
                "compared": 5_000,
                "feature_images": None,
                "feature_epochs": None,
            },
        },
        MNIST,
    ),
}
