"""Rare classes: chapter/claims/trials/imbalance.py."""

from chapter.claims.designs.few_labels import DIGITS, FEW_GENERATORS, FIRST_SEED, MNIST, RECIPES
from chapter.claims.experiment import IMAGE_GENERATORS, Trial

MODULE = "chapter.claims.trials.imbalance"
COMMON = {
    "data": "mnist",
    "rare": 20,
    "frequent": 500,
    "generators": IMAGE_GENERATORS,
    "classifiers": ("cnn",),
    "validated": None,
    "tested": None,
}
SMOKE = {
    **COMMON,
    "preset": "smoke",
    "seeds": 1,
    "rare": 4,
    "frequent": 12,
    "generators": ("interpolation", "gmm"),
    "updates": 5,
    "batch_size": 32,
    "validated": 100,
    "tested": 200,
}
QUICK = {
    **COMMON,
    "preset": "quick",
    "seeds": 3,
    "generators": ("interpolation",),  # there is no time for the others
    "updates": 150,
    "batch_size": 32,
    "validated": 500,
    "tested": 2_000,
}
FULL = {
    **COMMON,
    "preset": "full",
    "first_seed": FIRST_SEED,
    "seeds": 14,
    "vae_updates": 2_000,
    "gan_updates": 2_000,
    "candidates": 2,
    "shares": (0.25, 0.5, 0.96),
    "updates": 1_000,
    "batch_size": 128,
}
DIGITS_A_CLASS = {"rare": 10, "frequent": 80}  # scikit-learn has 180 of each


def imbalance(
    reads: tuple[str, ...], changed: dict, full: dict, quick: dict | None = None
) -> Trial:
    """A trial with these fields of every preset changed, and those of `full` and `quick`."""
    sizes = {"smoke": SMOKE, "quick": {**QUICK, **(quick or {})}, "full": {**FULL, **full}}
    return Trial(
        "What makes a classifier find three digits with few training images beside seven with "
        "many?",
        f"{MODULE}:imbalance_trial",
        "the real images drawn, the generators, their samples, and the classifiers",
        {preset: {**each, **changed} for preset, each in sizes.items()},
        reads,
        f"{MODULE}:imbalance_choice",
    )


TRIALS = {
    "imbalance": imbalance((*MNIST, *RECIPES), {}, {}),
    "imbalance_judges": imbalance(
        (*MNIST, *RECIPES),
        {"classifiers": ("logistic_regression", "mlp")},
        {"seeds": 5, "generators": FEW_GENERATORS},
    ),
    "imbalance_digits": imbalance(
        (*DIGITS, "augmentation/recipes/mnist_affine.toml"),
        {"data": "digits", "recipe": "mnist_affine"},
        {"seeds": 5, "generators": FEW_GENERATORS, **DIGITS_A_CLASS},
        {**DIGITS_A_CLASS},
    ),
}
