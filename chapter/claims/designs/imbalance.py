"""Rare classes: chapter/claims/trials/imbalance.py."""

from chapter.claims.experiment import IMAGE_GENERATORS, Trial

TRIALS = {
    "imbalance": Trial(
        "What makes a classifier find three digits with few training images beside seven with "
        "many?",
        "chapter.claims.trials.imbalance:imbalance_trial",
        "the real images drawn, the generators, their samples, and the classifiers",
        {
            "smoke": {
                "seeds": 1,
                "preset": "smoke",
                "rare": 4,
                "frequent": 12,
                "generators": IMAGE_GENERATORS,
                "vae_updates": 5,
                "gan_updates": 5,
                "candidates": 1,
                "updates": 5,
                "batch_size": 64,
                "validated": 100,
                "tested": 200,
            },
            "quick": {
                "seeds": 3,
                "preset": "quick",
                "rare": 20,
                "frequent": 500,
                "generators": ("interpolation",),  # there is no time for the others
                "candidates": 1,
                "updates": 150,
                "batch_size": 32,
                "validated": 500,
                "tested": 2_000,
            },
            "full": {
                "seeds": 5,
                "preset": "full",
                "rare": 20,
                "frequent": 500,
                "generators": IMAGE_GENERATORS,
                "vae_updates": 2_000,
                "gan_updates": 2_000,
                "candidates": 2,
                "updates": 1_000,
                "batch_size": 128,
                "validated": None,
                "tested": None,
            },
        },
    ),
}
