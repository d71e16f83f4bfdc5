"""Ten, a hundred and a thousand labelled images: chapter/claims/trials/few_labels.py."""

from chapter.claims.experiment import IMAGE_GENERATORS, Trial

MODULE = "chapter.claims.trials.few_labels"
MNIST = tuple(
    f"data/embedded/mnist/{part}-ubyte.gz"
    for part in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
)
DIGITS = ("sklearn:datasets/data/digits.csv.gz",)
RECIPES = ("augmentation/recipes/mnist_elastic.toml",)
# Seeds from 100 on confirm: nothing had been measured with them when the rule was written down.
FIRST_SEED = 100


def few_labels(labelled: int, quick: dict, full: dict, smoke: dict, **given) -> Trial:
    """A trial with so many labelled images.

    Args:
      quick, full, smoke: what these presets have of their own.
      given: fields of Trial.
    """
    common = {
        "data": "mnist",
        "labelled": labelled,
        "generators": IMAGE_GENERATORS,
        "classifiers": ("cnn",),
        "validated": None,
        "tested": None,
        "corrupted": 0,
    }
    return Trial(
        f"What do generators and augmentation add to {labelled:,} labelled digits?",
        f"{MODULE}:few_labels_trial",
        "the real images drawn, the generators, their samples, and the classifiers",
        {
            "smoke": {
                **common,
                "preset": "smoke",
                "seeds": 1,
                "vae_updates": 5,
                "gan_updates": 5,
                "made": 40,
                "updates": 5,
                "batch_size": 32,
                "validated": 100,
                "tested": 200,
                **smoke,
            },
            # In so few updates images without augmentation are learnt, those with it not yet:
            # quick understates what augmentation is worth; full is what to quote.
            "quick": {
                **common,
                "preset": "quick",
                "seeds": 3,
                "vae_updates": 120,
                "made": 1_000,
                "updates": 300,
                "batch_size": 32,
                "validated": 500,
                "tested": 2_000,
                **quick,
            },
            "full": {
                **common,
                "preset": "full",
                "first_seed": FIRST_SEED,
                "seeds": 14,
                "vae_updates": 2_000,
                "gan_updates": 2_000,
                "made": 10_000,
                "candidates": 2,
                "shares": (0.25, 0.5),
                "updates": 1_000,
                "batch_size": 128,
                **full,
            },
        },
        **{"reads": (*MNIST, *RECIPES), "choice_path": f"{MODULE}:few_labels_choice", **given},
    )


# Noise is the rival where robustness is asked for, and that is asked with 100 labels alone.
WITHOUT_NOISE = (
    "none",
    "augmentation",
    *IMAGE_GENERATORS,
    *(f"augmentation + {name}" for name in ("gmm", "vae", "gan")),
    "fresh real images",
    "same images again",
)
# Generators of the trials with other judges and other images, which inform and decide nothing.
FEW_GENERATORS = ("interpolation", "gmm", "vae")

TRIALS = {
    "few_labels_10": few_labels(
        10, {"generators": ("gmm",)}, {"arms": WITHOUT_NOISE}, {"generators": ("vae",)}
    ),
    "few_labels_100": few_labels(
        100,
        {"generators": ("interpolation", "vae"), "updates": 250, "corrupted": 250},
        {"corrupted": 2_000},
        {"generators": ("interpolation", "gmm"), "corrupted": 10},
    ),
    "few_labels_1000": few_labels(
        1_000,
        {"generators": ("interpolation",), "updates": 350},
        {"seeds": 8, "arms": WITHOUT_NOISE},
        {"generators": ("interpolation",)},
    ),
    "few_labels_100_judges": few_labels(
        100,
        {"generators": ("interpolation",), "classifiers": ("logistic_regression",)},
        {"seeds": 5, "generators": FEW_GENERATORS, "classifiers": ("logistic_regression", "mlp")},
        {"generators": ("interpolation",), "classifiers": ("logistic_regression",)},
    ),
    "few_labels_100_digits": few_labels(
        100,
        {"generators": ("interpolation",), "data": "digits", "recipe": "mnist_affine"},
        {
            "data": "digits",
            "recipe": "mnist_affine",
            "seeds": 5,
            "made": 500,
            "generators": FEW_GENERATORS,
        },
        {"generators": ("interpolation",), "data": "digits", "recipe": "mnist_affine"},
        reads=(*DIGITS, "augmentation/recipes/mnist_affine.toml"),
    ),
}
