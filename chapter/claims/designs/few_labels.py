"""Ten, a hundred and a thousand labelled images: chapter/claims/trials/few_labels.py."""

from chapter.claims.experiment import IMAGE_GENERATORS, Trial


def _few_labels(
    labelled: int, generators: tuple[str, ...], updates: int, corrupted: int = 0
) -> Trial:
    """All but the first argument: at quick, where there is no time for all.

    With fewer updates, or a batch of half the size, the images without augmentation are learnt,
    those with it not yet: quick understates what augmentation is worth; full is what to quote.
    """
    return Trial(
        f"What do generators and augmentation add to {labelled:,} labelled digits?",
        "chapter.claims.trials.few_labels:few_labels_trial",
        "the real images drawn, the generators, their samples, and the classifiers",
        {
            preset: {"labelled": labelled, "preset": preset, **sizes}
            for preset, sizes in {
                "smoke": {
                    "seeds": 1,
                    "generators": IMAGE_GENERATORS,
                    "vae_updates": 5,
                    "gan_updates": 5,
                    "made": 40,
                    "candidates": 1,
                    "updates": 5,
                    "batch_size": 64,
                    "validated": 100,
                    "tested": 200,
                    "corrupted": 20,
                },
                "quick": {
                    "seeds": 3,
                    "generators": generators,
                    "vae_updates": 120,
                    "made": 1_000,
                    "candidates": 1,
                    "updates": updates,
                    "batch_size": 32,
                    "validated": 500,
                    "tested": 2_000,
                    "corrupted": corrupted,
                },
                "full": {
                    "seeds": 5,
                    "generators": IMAGE_GENERATORS,
                    "vae_updates": 2_000,
                    "gan_updates": 2_000,
                    "made": 10_000,
                    "candidates": 2,
                    "updates": 1_000,
                    "batch_size": 128,
                    "validated": None,
                    "tested": None,
                    "corrupted": 2_000,
                },
            }.items()
        },
    )


TRIALS = {
    "few_labels_10": _few_labels(10, ("interpolation", "inverse_transform"), 300),
    "few_labels_100": _few_labels(100, ("interpolation", "vae"), 250, 250),
    "few_labels_1000": _few_labels(1_000, ("interpolation",), 350),
}
