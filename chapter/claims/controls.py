"""What stands beside the claims: differences whose answer is known, and other judges and images."""

import dataclasses

from chapter.claims.sentences import FEW, LOG_LOSS, ONE_POINT, RARE, TENTH
from chapter.claims.verdict import Effect


@dataclasses.dataclass(frozen=True)
class Control:
    """A difference whose answer is known: it says whether a trial can see what it is asked for.

    Args:
      effect: the difference.
      gain: it must be a gain; else it must not be one.
      meaning: what it would mean if it came out otherwise.
    """

    effect: Effect
    gain: bool
    meaning: str


CONTROLS = (
    *(
        Control(
            Effect(trial, "fresh real images", "none", "accuracy", ONE_POINT),
            True,
            "this training could not use added images, however good",
        )
        for trial in FEW
    ),
    *(
        Control(
            Effect(trial, "same images again", "none", "accuracy", ONE_POINT),
            False,
            "a larger batch alone would pass for a gain of samples",
        )
        for trial in FEW
    ),
    Control(
        Effect("imbalance", "fresh real images", "oversampling", "minority_recall", RARE),
        True,
        "this training could not use added images, however good",
    ),
    Control(
        Effect("train_on_synthetic", "real + same images again", "real", "cnn", TENTH),
        False,
        "a larger step alone would pass for a gain of samples",
    ),
    *(
        Control(
            Effect(
                trial,
                "real, same rows again",
                "real",
                "logistic_regression_nats",
                LOG_LOSS,
                lower=True,
            ),
            False,
            "repeating rows alone would pass for a gain of samples",
        )
        for trial in ("table_few", "table_all")
    ),
    Control(
        Effect("imbalance", "oversampling, drawn again", "oversampling", "minority_recall", RARE),
        False,
        "chance would pass for a gain of samples",
    ),
)

# The claims on few labels and rare classes, asked of other judges and of other images: they inform,
# no verdict rests on them. (in words, trial -> the trial that is looked at, measure -> its name)
SENSITIVITY = (
    (
        "logistic regression",
        {"few_labels_100": "few_labels_100_judges", "imbalance": "imbalance_judges"},
        {
            "accuracy": "logistic_regression",
            "minority_recall": "logistic_regression_minority_recall",
        },
    ),
    (
        "MLP",
        {"few_labels_100": "few_labels_100_judges", "imbalance": "imbalance_judges"},
        {"accuracy": "mlp", "minority_recall": "mlp_minority_recall"},
    ),
    (
        "digits of scikit-learn, CNN",
        {"few_labels_100": "few_labels_100_digits", "imbalance": "imbalance_digits"},
        {"accuracy": "accuracy", "minority_recall": "minority_recall"},
    ),
    (
        "chosen by few validation images",
        {"few_labels_10": "few_labels_10", "few_labels_100": "few_labels_100"},
        {"accuracy": "accuracy_chosen_by_few"},
    ),
)
