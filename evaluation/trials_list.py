"""All trials, with their sizes."""

from evaluation.trials import Trial

IMAGES_DRAWN = "the real images drawn, the generators, their samples, and the classifiers"


def _few_labels(labelled: int) -> Trial:
    return Trial(
        f"What do generators and augmentation add to {labelled} labelled digits?",
        "evaluation.trial_few_labels:few_labels_trial",
        IMAGES_DRAWN,
        {
            preset: {"labelled": labelled, **sizes}
            for preset, sizes in {
                "smoke": {"seeds": 1, "candidates": 1, "updates": 5, "tested": 200, "made": 40},
                "quick": {
                    "seeds": 3,
                    "candidates": 1,
                    "updates": 300,
                    "tested": 5_000,
                    "made": 1_000,
                },
                "full": {
                    "seeds": 5,
                    "candidates": 3,
                    "updates": None,
                    "tested": None,
                    "made": 10_000,
                },
            }.items()
        },
    )


TRIALS: dict[str, Trial] = {
    "few_labels_10": _few_labels(10),
    "few_labels_100": _few_labels(100),
    "few_labels_1000": _few_labels(1_000),
}
