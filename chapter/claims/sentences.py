"""The chapter's claims that can be tested here, each with the differences that would show it.

What is compared with what was written down before anything was measured; a claim that names no
condition is asked under several, and then "depends" is an answer, too.
"""

import dataclasses

from chapter.claims.experiment import IMAGE_GENERATORS, TABLE_GENERATORS
from chapter.claims.verdict import Effect

FEW = ("few_labels_10", "few_labels_100", "few_labels_1000")


@dataclasses.dataclass(frozen=True)
class Claim:
    """A sentence of the chapter as a question that has an answer.

    Args:
      identifier: "C1", ...
      places: sections and questions of the chapter.
      meaning: the sentence in our words.
      effects: all of them have to be as claimed for "supported", some of them for "depends".
    """

    identifier: str
    places: tuple[str, ...]
    meaning: str
    effects: tuple[Effect, ...]


def _each(trial: str, better: str, worse: str, measure: str, **given) -> tuple[Effect, ...]:
    """An effect for each image generator; {} stands for its name."""
    return tuple(
        Effect(trial, better.format(name), worse.format(name), measure, **given)
        for name in IMAGE_GENERATORS
    )


CLAIMS = (
    Claim(
        "C1",
        ("1",),
        "Too few, noisy, unbalanced or missing data make a model worse.",
        (
            Effect("source_data", "clean", "tenth", "trained_on_it"),
            Effect("source_data", "clean", "noisy labels", "trained_on_it"),
            Effect("source_data", "clean", "noisy pixels", "trained_on_it"),
            Effect("source_data", "clean", "unbalanced", "trained_on_it"),
            Effect("table_all", "real", "real, cells missing", "logistic_regression"),
        ),
    ),
    Claim(
        "C2",
        ("1", "3.3.1", "Q3"),
        "Where labelled images are few, samples of a generator that saw no others improve a model.",
        tuple(effect for trial in FEW for effect in _each(trial, "{}", "none", "accuracy")),
    ),
    Claim(
        "C3",
        ("2.1.3", "3.3.1", "6.1"),
        "Where labelled images are few, transformed copies of them improve a model.",
        tuple(Effect(trial, "augmentation", "none", "accuracy") for trial in FEW),
    ),
    Claim(
        "C4",
        ("3.3.1", "Q3"),
        "Synthetic samples reduce overfitting: training and test accuracy come closer.",
        (
            Effect("few_labels_100", "augmentation", "none", "overfitting", lower=True),
            *_each("few_labels_100", "{}", "none", "overfitting", lower=True),
        ),
    ),
    Claim(
        "C5",
        ("1", "3.3.1", "6.1", "Q3"),
        "Where real images are plenty, adding as many synthetic ones still improves a model.",
        _each("train_on_synthetic", "real + {}", "real", "cnn"),
    ),
    Claim(
        "C6",
        ("2.1.3", "Q6"),
        "Generators add something that transformed copies do not: both together beat the copies.",
        (
            *(Effect(trial, "augmentation + vae", "augmentation", "accuracy") for trial in FEW),
            Effect(
                "imbalance", "augmentation + vae", "oversampling + augmentation", "minority_recall"
            ),
        ),
    ),
    Claim(
        "C7",
        ("3.3.1", "Q3"),
        "Filling up rare classes with synthetic samples makes a model recognise them better.",
        _each("imbalance", "{}", "none", "minority_recall"),
    ),
    Claim(
        "C8",
        ("3.3.1", "Q3"),
        "It does so better than class weights, which cost nothing.",
        _each("imbalance", "{}", "class weights", "minority_recall"),
    ),
    Claim(
        "C9",
        ("3.3.1", "6.1", "Q3"),
        "Synthetic samples make a model robust against noise, blur, shift and rotation.",
        (
            Effect("few_labels_100", "augmentation", "none", "corrupted"),
            *_each("few_labels_100", "{}", "none", "corrupted"),
            Effect("train_on_synthetic", "augmentation", "real", "corrupted"),
            *_each("train_on_synthetic", "real + {}", "real", "corrupted"),
        ),
    ),
    Claim(
        "C10",
        ("3.3.2", "Q3"),
        "Synthetic samples can differ from real ones: a classifier tells them apart.",
        _each("train_on_synthetic", "{}", "real", "detection_auc", unit="AUC"),
    ),
    Claim(
        "C11",
        ("3.3.2", "8.2", "Q6"),
        "Their quality depends on the model: trained on its samples, one model is worth more than "
        "another.",
        (
            Effect("train_on_synthetic", "gan", "inverse_transform", "cnn"),
            Effect("train_on_synthetic", "gan", "gmm", "cnn"),
            Effect("train_on_synthetic", "gan", "vae", "cnn"),
        ),
    ),
    Claim(
        "C12",
        ("3.3.2", "8.2"),
        "Their quality depends on the original data: on fewer or worse images the same model makes "
        "worse samples.",
        (
            Effect("source_data", "clean", "tenth", "trained_on_samples"),
            Effect("source_data", "clean", "noisy labels", "trained_on_samples"),
            Effect("source_data", "clean", "noisy pixels", "trained_on_samples"),
            Effect("source_data", "clean", "unbalanced", "trained_on_samples"),
        ),
    ),
    Claim(
        "C13",
        ("3.3.2", "8.2", "Q3"),
        "Generating is costly, above all with complex models.",
        (
            Effect("train_on_synthetic", "vae", "augmentation", "log10_seconds", "decades"),
            Effect("train_on_synthetic", "gan", "augmentation", "log10_seconds", "decades"),
            Effect("train_on_synthetic", "gan", "gmm", "log10_seconds", "decades"),
        ),
    ),
    Claim(
        "C14",
        ("3.3.2", "8.2", "Q3"),
        "Synthetic samples bring a bias: trained on them, a model treats the classes less equally "
        "than trained on as many real ones.",
        _each("train_on_synthetic", "{}", "real", "recall_gap"),
    ),
    Claim(
        "C15",
        ("8.2",),
        "Generators overfit: their samples betray which images they were trained on.",
        (
            *_each("few_labels_1000", "{}", "none", "attack_auc", unit="AUC"),
            *(Effect("table_all", name, "real", "attack_auc", "AUC") for name in TABLE_GENERATORS),
        ),
    ),
    Claim(
        "C16",
        ("Q5", "3.2.4"),
        "Synthetic samples belong together with the real ones: both beat synthetic ones alone.",
        _each("train_on_synthetic", "real + {}", "{}", "cnn"),
    ),
    Claim(
        "C17",
        ("Q6",),
        "Post-processing (noise removal, smoothing, leaving out bad samples) improves them.",
        tuple(
            Effect("train_on_synthetic", f"gmm, {step}", "gmm", measure, unit, lower)
            for step in ("noise removed", "smoothed", "filtered")
            for measure, unit, lower in (("cnn", "points", False), ("frechet", "distance", True))
        ),
    ),
    Claim(
        "C18",
        ("Q6",),
        "Several methods together give more diverse samples than the best of them.",
        tuple(
            Effect("train_on_synthetic", "union", name, measure)
            for name in ("gan", "vae")
            for measure in ("coverage", "cnn")
        ),
    ),
    Claim(
        "C19",
        ("4.3.2", "6.2"),
        "Text that a model wrote, added to the text it learnt from, improves a language model.",
        (
            Effect("text", "real + lstm", "real", "nats", "nats a character", lower=True),
            Effect("text", "real + hmm", "real", "nats", "nats a character", lower=True),
        ),
    ),
    Claim(
        "C20",
        ("6.3",),
        "With few patients, synthetic ones improve the prediction of a disease.",
        tuple(
            Effect("table_few", f"real + {name}", "real", measure)
            for name in TABLE_GENERATORS
            for measure in ("lda", "logistic_regression", "svm")
        ),
    ),
    Claim(
        "C21",
        ("6.3",),
        "The same where there are many patients.",
        tuple(
            Effect("table_all", f"real + {name}", "real", measure)
            for name in TABLE_GENERATORS
            for measure in ("lda", "logistic_regression", "svm")
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
