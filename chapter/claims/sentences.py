"""The chapter's claims that can be tested here, each with the differences that would show it.

Each was written down before it was measured: what is compared, the smallest difference that matters
and why, and whether the chapter says that it is always so ("every") or that it can be so ("some").
chapter/claims/registration.md holds the rule, the date and the hash of this file.
"""

import dataclasses

from chapter.claims.experiment import IMAGE_GENERATORS, TABLE_GENERATORS
from chapter.claims.verdict import DESCRIBED, EVERY, SOME, Effect, Smallest

FEW = ("few_labels_10", "few_labels_100", "few_labels_1000")
BESIDE_AUGMENTATION = ("gmm", "vae", "gan")  # generators that every number of labels can fit

ONE_POINT = Smallest(0.01, "points", "a tenth of what augmentation gives with 100 labels")
FEW_NATS = Smallest(0.05, "nats", "a tenth of what a network of 100 labels loses on new digits")
TENTH = Smallest(0.001, "points", "one digit in a thousand, a seventh of the errors")
SOURCE = Smallest(0.002, "points", "a seventh of the errors after 5,000 clean images")
RARE = Smallest(0.02, "points", "one of 50 rare cases")
WORSENED = Smallest(0.02, "points", "a tenth of what augmentation gives on worsened images")
TOLD_APART = Smallest(0.05, "AUC", "half of the way from 0.5 to where a judge is right in 6 of 10")
ATTACK = Smallest(0.02, "AUC", "the spread of the attack on real images between seeds")
ERROR_RATIO = Smallest(0.2, "", "a tenth of the ratio that real images have")
FRECHET = Smallest(0.5, "distance", "half of what two sets of real images differ by")
COVERED = Smallest(0.01, "points", "one real image of a hundred")
NATS = Smallest(0.01, "nats a character", "less than an option that was not worth its cost: 0.022")
LOG_LOSS = Smallest(0.01, "nats a patient", "a tenth of the loss after training on all patients")
CPU = Smallest(1.0, "decades", "ten times the seconds")


@dataclasses.dataclass(frozen=True)
class Claim:
    """A sentence of the chapter as a question that has an answer.

    Args:
      identifier: "C1", ...
      places: sections and questions of the chapter.
      quantifier: EVERY or SOME, as the chapter words it; DESCRIBED: measured, not tested.
      meaning: the sentence in our words.
      effects: the differences that would show it.
    """

    identifier: str
    places: tuple[str, ...]
    quantifier: str
    meaning: str
    effects: tuple[Effect, ...]


def _each(
    trial: str, better: str, worse: str, measure: str, smallest: Smallest, **given
) -> tuple[Effect, ...]:
    """An effect for each image generator that can be fitted; {} stands for its name."""
    names = IMAGE_GENERATORS
    if trial == "few_labels_10":  # one image a class has no neighbour and no spread
        names = tuple(name for name in names if name not in ("interpolation", "inverse_transform"))
    return tuple(
        Effect(trial, better.format(name), worse.format(name), measure, smallest, **given)
        for name in names
    )


CLAIMS = (
    Claim(
        "C1",
        ("1",),
        EVERY,
        "Too few, noisy, unbalanced or missing data make a model worse.",
        (
            Effect("source_data", "clean", "tenth", "trained_on_it", SOURCE),
            Effect("source_data", "clean", "noisy labels", "trained_on_it", SOURCE),
            Effect("source_data", "clean", "noisy pixels", "trained_on_it", SOURCE),
            Effect("source_data", "clean", "unbalanced", "trained_on_it", SOURCE),
            Effect(
                "table_all",
                "real",
                "real, cells missing",
                "logistic_regression_nats",
                LOG_LOSS,
                lower=True,
            ),
        ),
    ),
    Claim(
        "C2",
        ("1", "3.3.1", "Q3"),
        SOME,
        "Where labelled images are few, samples of a generator that saw no others improve a model.",
        tuple(
            effect for trial in FEW for effect in _each(trial, "{}", "none", "accuracy", ONE_POINT)
        ),
    ),
    Claim(
        "C3",
        ("2.1.3", "3.3.1", "6.1"),
        EVERY,
        "Where labelled images are few, transformed copies of them improve a model.",
        tuple(Effect(trial, "augmentation", "none", "accuracy", ONE_POINT) for trial in FEW),
    ),
    Claim(
        "C4",
        ("3.3.1", "Q3"),
        SOME,
        "Synthetic samples reduce overfitting: the loss on training and test images come closer.",
        (*_each("few_labels_100", "{}", "none", "nats_gap", FEW_NATS, lower=True),),
    ),
    Claim(
        "C5",
        ("1", "3.3.1", "6.1", "Q3"),
        SOME,
        "Where real images are plenty, adding as many synthetic ones still improves a model.",
        _each("train_on_synthetic", "real + {}", "real", "cnn", TENTH),
    ),
    Claim(
        "C6",
        ("2.1.3", "Q6"),
        SOME,
        "Generators add something that transformed copies do not: both together beat the copies.",
        (
            *(
                Effect(trial, f"augmentation + {name}", "augmentation", "accuracy", ONE_POINT)
                for trial in FEW
                for name in BESIDE_AUGMENTATION
            ),
            *(
                Effect(
                    "imbalance",
                    f"oversampling + augmentation + {name}",
                    "oversampling + augmentation",
                    "minority_recall",
                    RARE,
                )
                for name in ("interpolation", "gmm", "gan")
            ),
        ),
    ),
    Claim(
        "C7",
        ("3.3.1", "Q3"),
        SOME,
        "Filling up rare classes with synthetic samples makes a model recognise them better.",
        _each("imbalance", "{}", "none", "minority_recall", RARE),
    ),
    Claim(
        "C8",
        ("3.3.1", "Q3"),
        SOME,
        "It does so better than class weights, which cost nothing.",
        _each("imbalance", "{}", "class weights", "minority_recall", RARE),
    ),
    Claim(
        "C9",
        ("3.3.1", "6.1", "Q3"),
        SOME,
        "Synthetic samples make a model robust against noise, blur, shift and rotation.",
        (
            *_each("few_labels_100", "{}", "none", "corrupted", WORSENED),
            *_each("train_on_synthetic", "real + {}", "real", "corrupted", WORSENED),
        ),
    ),
    Claim(
        "C10",
        ("3.3.2", "Q3"),
        SOME,
        "Synthetic samples can differ from real ones: a classifier tells them apart.",
        _each("train_on_synthetic", "{}", "real", "detection_auc", TOLD_APART),
    ),
    Claim(
        "C11",
        ("3.3.2", "8.2", "Q6"),
        SOME,
        "Their quality depends on the model: trained on its samples, one model is worth more than "
        "another.",
        tuple(
            Effect("train_on_synthetic", *pair, "cnn", TENTH)
            for name in ("inverse_transform", "gmm", "vae")
            for pair in (("gan", name), (name, "gan"))  # either may be worth more
        ),
    ),
    Claim(
        "C12",
        ("3.3.2", "8.2"),
        EVERY,
        "Their quality depends on the original data: on fewer or worse images the same model, a "
        "Gaussian mixture, makes worse samples.",
        tuple(
            Effect("source_data", "clean", worse, "trained_on_samples", SOURCE)
            for worse in ("tenth", "noisy labels", "noisy pixels", "unbalanced")
        ),
    ),
    Claim(
        "C13",
        ("3.3.2", "8.2", "Q3"),
        DESCRIBED,
        "Generating is costly, above all with complex models.",
        tuple(
            Effect("train_on_synthetic", costly, cheap, "log10_seconds", CPU)
            for costly, cheap in (("vae", "augmentation"), ("gan", "augmentation"), ("gan", "gmm"))
        ),
    ),
    Claim(
        "C14",
        ("3.3.2", "8.2", "Q3"),
        SOME,
        "Synthetic samples bring a bias: trained on them, a model treats the classes less equally "
        "than trained on as many real ones (its worst class's errors, in units of the mean).",
        _each("train_on_synthetic", "{}", "real", "error_ratio", ERROR_RATIO),
    ),
    Claim(
        "C15",
        ("8.2",),
        SOME,
        "Generators overfit: their samples betray which images they were trained on.",
        (
            *_each("few_labels_1000", "{}", "none", "attack_auc", ATTACK),
            *(Effect("table_all", name, "real", "attack_auc", ATTACK) for name in TABLE_GENERATORS),
        ),
    ),
    Claim(
        "C16",
        ("Q5", "3.2.4"),
        EVERY,
        "Synthetic samples belong together with the real ones: both beat synthetic ones alone.",
        _each("train_on_synthetic", "real + {}", "{}", "cnn", TENTH),
    ),
    Claim(
        "C17",
        ("Q6",),
        EVERY,
        "Post-processing (noise removal, smoothing, leaving out bad samples) improves the samples "
        "of a Gaussian mixture.",
        tuple(
            Effect("train_on_synthetic", f"gmm, {step}", "gmm", *judged)
            for step in ("noise removed", "smoothed", "filtered")
            for judged in (("cnn", TENTH), ("frechet", FRECHET, True))
        ),
    ),
    Claim(
        "C18",
        ("Q6",),
        EVERY,
        "Several methods together give more diverse samples than the best of them, interpolation.",
        (
            Effect("train_on_synthetic", "union", "interpolation", "coverage", COVERED),
            Effect("train_on_synthetic", "union", "interpolation", "cnn", TENTH),
        ),
    ),
    Claim(
        "C19",
        ("4.3.2", "6.2"),
        SOME,
        "Text that a model wrote, added to the text it learnt from, improves a language model "
        "(an n-gram, which sees differences that a small LSTM does not).",
        tuple(
            Effect("text", f"real + {name}", "real", "ngram_nats", NATS, lower=True)
            for name in ("lstm", "hmm")
        ),
    ),
    *(
        Claim(
            identifier,
            ("6.3",),
            SOME,
            meaning,
            tuple(
                Effect(trial, f"real + {name}", "real", f"{judge}_nats", LOG_LOSS, lower=True)
                for name in TABLE_GENERATORS
                for judge in ("lda", "logistic_regression")
            ),
        )
        for identifier, trial, meaning in (
            (
                "C20",
                "table_few",
                "With few patients, synthetic ones improve the prediction of a disease.",
            ),
            ("C21", "table_all", "The same where there are many patients."),
        )
    ),
    Claim(
        "C22",
        ("3.3.1",),
        SOME,
        "Synthetic samples make a model more robust than noise on the real images, which costs "
        "nothing.",
        (
            *_each("few_labels_100", "{}", "noise augmentation", "corrupted", WORSENED),
            *_each("train_on_synthetic", "real + {}", "noise augmentation", "corrupted", WORSENED),
        ),
    ),
)

NOT_TESTED = {
    "3.4, 6.2: sentiment": "no labelled texts are embedded, and a made-up set would prove nothing",
    "3.4, 6.2: translation": "a word-level task between two languages; out of scope",
    "3.4, 6.1: object detection": "boxes are augmented in step, but no detector is trained",
    "3.4, 6.3: medical images, drug discovery": "no such data are embedded; tables stand for 6.3",
    "3.4: speech": "no audio in this project",
    "8.1: future trends": "forecasts, which nothing can be measured against",
}
