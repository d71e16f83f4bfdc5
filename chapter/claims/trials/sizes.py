"""All trials, with their sizes."""

from chapter.claims.experiment import ALL_GENERATORS, Trial

IMAGES_DRAWN = "the real images drawn, the generators, their samples, and the classifiers"


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
        IMAGES_DRAWN,
        {
            preset: {"labelled": labelled, "preset": preset, **sizes}
            for preset, sizes in {
                "smoke": {
                    "seeds": 1,
                    "generators": ALL_GENERATORS,
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
                    "generators": ALL_GENERATORS,
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


IMBALANCE = Trial(
    "What makes a classifier find three digits with few training images beside seven with many?",
    "chapter.claims.trials.imbalance:imbalance_trial",
    IMAGES_DRAWN,
    {
        "smoke": {
            "seeds": 1,
            "preset": "smoke",
            "rare": 4,
            "frequent": 12,
            "generators": ALL_GENERATORS,
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
            "generators": ALL_GENERATORS,
            "vae_updates": 2_000,
            "gan_updates": 2_000,
            "candidates": 2,
            "updates": 1_000,
            "batch_size": 128,
            "validated": None,
            "tested": None,
        },
    },
)


def _tables(question: str, quick: dict, **sizes) -> Trial:
    return Trial(
        question,
        "chapter.claims.trials.tables:tables_trial",
        "which of the 569 patients train, validate and test, the generators and their rows; there "
        "are no other patients, so an interval says what these show, not what others would",
        {
            "smoke": {"seeds": 1, "preset": "smoke", **sizes, "training": 30, "made": 40},
            "quick": {"seeds": 10, "preset": "quick", **sizes, **quick},
            "full": {"seeds": 30, "preset": "full", **sizes, **quick},
        },
    )


TABLE_FEW = _tables(
    "What do synthetic patients add to 40 real ones?",
    {"training": 40, "made": 400},
    missing=None,
    flipped=None,
)
TABLE_ALL = _tables(
    "What do synthetic patients add to 341 real ones, and what do faulty data cost?",
    {"training": None, "made": None},
    missing=0.3,
    flipped=0.2,
)
TEXT = Trial(
    "What is text that a model wrote worth as training text?",
    "chapter.claims.trials.text:text_trial",
    "the stretches of text that train and test, the models and what they write",
    {
        "smoke": {
            "seeds": 1,
            "training": 20_000,
            "tested": 4_000,
            "compared": 2_000,
            "budget": 20_000,
            "units": 16,
            "layers": 1,
            "lstm_budget": 20_000,
            "lstm_units": 16,
            "lstm_layers": 1,
            "streams": 16,
            "sequence_length": 32,
            "states": 4,
            "iterations": 2,
        },
        "quick": {
            "seeds": 3,
            "training": 120_000,
            "tested": 20_000,
            "compared": 20_000,
            "budget": 150_000,
            "units": 64,
            "layers": 1,
            "lstm_budget": 200_000,
            "lstm_units": 64,
            "lstm_layers": 1,
            "streams": 16,
            "sequence_length": 32,
            "states": 16,
            "iterations": 8,
        },
        "full": {
            "seeds": 5,
            "training": 1_000_000,
            "tested": 100_000,
            "compared": 100_000,
            "budget": 5_000_000,
            "units": 128,
            "layers": 2,
            "lstm_budget": 10_000_000,
            "lstm_units": 256,
            "lstm_layers": 2,
            "streams": 32,
            "sequence_length": 64,
            "states": 128,
            "iterations": 40,
        },
    },
)


TRAIN_ON_SYNTHETIC = Trial(
    "What are synthetic images worth as training data, alone and beside real ones?",
    "chapter.claims.trials.train_on_synthetic:train_on_synthetic_trial",
    "the real images, unless all are taken, the generators, their samples, and the classifiers",
    {
        "smoke": {
            "seeds": 1,
            "preset": "smoke",
            "real": 200,
            "made": 100,
            "generators": ALL_GENERATORS,
            "vae_updates": 5,
            "gan_updates": 5,
            "beside_real": (*ALL_GENERATORS, "union"),
            "classifiers": ("logistic_regression", "mlp", "cnn"),
            "classifiers_of_others": ("cnn",),
            "candidates": 1,
            "updates": 5,
            "batch_size": 64,
            "validated": 100,
            "tested": 200,
            "corrupted": 20,
            "compared": 100,
            "told_apart": 50,
            "feature_images": 500,
            "feature_epochs": 1,
        },
        "quick": {
            "seeds": 3,
            "preset": "quick",
            "real": 2_000,
            "made": 2_000,
            "generators": ("gmm", "vae"),
            "vae_updates": 150,
            "beside_real": ("gmm", "vae"),
            "classifiers": ("cnn",),
            "classifiers_of_others": ("cnn",),
            "candidates": 1,
            "updates": 100,
            "batch_size": 64,
            "validated": 1_000,
            "tested": 2_000,
            "corrupted": 250,
            "compared": 500,
            "told_apart": 300,
            "feature_images": None,
            "feature_epochs": 1,
        },
        "full": {
            "seeds": 5,
            "preset": "full",
            "real": None,
            "made": 60_000,
            "generators": ALL_GENERATORS,
            "beside_real": (*ALL_GENERATORS, "union"),
            "classifiers": ("logistic_regression", "mlp", "cnn"),
            "classifiers_of_others": ("cnn",),
            "candidates": 1,  # a seed takes about 43 minutes; with two, about an hour
            "updates": None,
            "batch_size": 128,
            "validated": None,
            "tested": None,
            "corrupted": 2_000,
            "compared": 10_000,
            "told_apart": 2_000,
            "feature_images": None,
            "feature_epochs": None,
        },
    },
)
SOURCE_DATA = Trial(
    "What are a model and a generator worth if the real images are few, wrong or uneven?",
    "chapter.claims.trials.source_data:source_data_trial",
    "the real images drawn and what is done to them, the generator, its samples, the classifier",
    {
        "smoke": {
            "seeds": 1,
            "preset": "smoke",
            "real": 200,
            "made": 100,
            "classifier": "mlp",
            "candidates": 1,
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
            "candidates": 1,
            "updates": 100,
            "batch_size": 64,
            "validated": 500,
            "tested": 2_000,
            "compared": 500,
            "feature_images": None,
            "feature_epochs": 1,
        },
        "full": {
            "seeds": 5,
            "preset": "full",
            "real": 5_000,
            "made": 5_000,
            "classifier": "cnn",
            "candidates": 1,
            "updates": None,
            "batch_size": 128,
            "validated": None,
            "tested": None,
            "compared": 5_000,
            "feature_images": None,
            "feature_epochs": None,
        },
    },
)


TRIALS: dict[str, Trial] = {
    "few_labels_10": _few_labels(10, ("interpolation", "inverse_transform"), 300),
    "few_labels_100": _few_labels(100, ("interpolation", "vae"), 250, 250),
    "few_labels_1000": _few_labels(1_000, ("interpolation",), 350),
    "imbalance": IMBALANCE,
    "train_on_synthetic": TRAIN_ON_SYNTHETIC,
    "source_data": SOURCE_DATA,
    "table_few": TABLE_FEW,
    "table_all": TABLE_ALL,
    "text": TEXT,
}
