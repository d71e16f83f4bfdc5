"""Rare classes: three digits with few images each, seven with many. What helps the three?

Class weights and repeated images cost nothing, so generators must be better than these to be worth
anything here. Every arm has the same real images, the same candidates and the same number of
updates.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from chapter.claims.experiment import Measures
from chapter.claims.parts.arms import (
    CNN,
    NONE,
    Trained,
    arm_of,
    augmentation,
    log10_seconds,
    trainer_of,
)
from chapter.claims.parts.generators import GMM, VAE, FittedGenerator, fit_each
from chapter.claims.parts.images import TrialImages, trial_images
from data.images.dataset import ImageSplit
from data.synthetic.balancing import adaptive_counts, added_counts
from data.synthetic.fusion import fuse
from data.synthetic.provenance import Samples
from data.synthetic.weights import balanced_weights
from evaluation.judges.arms import Arm
from evaluation.judges.few_labels import class_draw
from evaluation.metrics.classes.bias import group_recall
from foundation.purposes import REPEATED_IMAGES, UNBALANCED_IMAGES, rng

RARE = (1, 4, 8)
CLASS_WEIGHTS, OVERSAMPLING, AUGMENTATION = "class weights", "oversampling", "augmentation"
ADAPTIVE = f"adaptive {GMM}"


def imbalance_trial(seed: int, sizes: Mapping) -> Measures:
    """Recall of the rare digits 1, 4 and 8 with nothing done, and with what can be done.

    Args:
      seed: of the real images, the generators, their samples, the classifiers.
      sizes: "rare" and "frequent": training images of each class; "generators", their "preset",
        "vae_updates" and "gan_updates"; "candidates", "updates" and "batch_size" of the
        classifier; "validated" and "tested" images (None: all).

    Returns: arm -> measure -> value, of real test images: "accuracy"; "minority_recall" and
      "other_recall", means over the classes; "recall_gap" between the best and the worst class;
      "log10_seconds", None where no images are made. None throughout where a generator cannot be
      fitted.
    """
    images = trial_images(sizes["validated"], sizes["tested"])
    classes = images.dataset.num_classes
    real = unbalanced(images.dataset.train, sizes["rare"], sizes["frequent"], classes, seed)
    dataset = dataclasses.replace(images.dataset, train=real)
    lacking = added_counts(sizes["frequent"], np.bincount(real.labels, minlength=classes))
    fitted = fit_each(dataset, seed, sizes)
    augment = augmentation(seed)
    plain, repeated = arm_of(real), oversampled(real, lacking, seed)
    arms = {
        NONE: plain,
        CLASS_WEIGHTS: plain._replace(sample_weight=balanced_weights(real.labels)),
        OVERSAMPLING: repeated,
        AUGMENTATION: plain._replace(augment=augment),
        f"{OVERSAMPLING} + {AUGMENTATION}": repeated._replace(augment=augment),
        **{
            name: generator and filled_up(real, generator, lacking, images, seed)
            for name, generator in fitted.items()
        },
    }
    if VAE in fitted:
        arms[f"{AUGMENTATION} + {VAE}"] = arms[VAE] and arms[VAE]._replace(augment=augment)
    trainer = trainer_of(images, sizes)
    trained = trainer.train_all(arms, [CNN], seed)
    if GMM in fitted:
        # More of the classes that a classifier trained on the real images finds less often.
        recalls = class_recalls(trained[NONE], dataset.validation)
        counts = adaptive_counts(recalls, int(lacking.sum()))
        arms[ADAPTIVE] = fitted[GMM] and filled_up(real, fitted[GMM], counts, images, seed)
        trained |= trainer.train_all({ADAPTIVE: arms[ADAPTIVE]}, [CNN], seed)
    return {name: recalls_of(arm, trained[name], dataset.test) for name, arm in arms.items()}


def unbalanced(train: ImageSplit, rare: int, frequent: int, classes: int, seed: int) -> ImageSplit:
    """`rare` training images of each of the classes RARE, `frequent` of the others."""
    counts = np.full(classes, frequent)
    counts[list(RARE)] = rare
    random = rng(seed, UNBALANCED_IMAGES)
    return train.take(class_draw(train.labels, counts, random))


def oversampled(real: ImageSplit, lacking: np.ndarray, seed: int) -> Arm:
    """All images, and lacking[c] of each class c once more or several times, drawn at random."""
    random = rng(seed, REPEATED_IMAGES)
    again = [
        random.choice(np.flatnonzero(real.labels == label), count)
        for label, count in enumerate(lacking)
    ]
    chosen = np.concatenate([np.arange(len(real)), *again])
    return Arm(real.images[chosen], real.labels[chosen])


def filled_up(
    real: ImageSplit,
    generator: FittedGenerator,
    counts: np.ndarray,
    images: TrialImages,
    seed: int,
) -> Arm:
    """All images, and counts[c] synthetic ones of each class c."""
    made = generator.made(seed, np.repeat(np.arange(len(counts)), counts))
    fused = fuse(
        Samples("real", real.images, real.labels),
        [made.source],
        held_out=images.held_out,
        num_classes=len(counts),
    )
    return Arm(fused.images, fused.labels, seconds=made.seconds)


def class_recalls(trained: Trained, split: ImageSplit) -> np.ndarray:
    """Recall of each class: float64 (classes,)."""
    report = group_recall(split.labels, trained[CNN].predict(split.images))
    return np.array([row["recall"] for row in report["groups"]])


def recalls_of(
    arm: Arm | None, trained: Trained | None, test: ImageSplit
) -> dict[str, float | None]:
    """The measures of an arm."""
    names = ("accuracy", "minority_recall", "other_recall", "recall_gap", "log10_seconds")
    if trained is None:
        return dict.fromkeys(names)
    predictions = trained[CNN].predict(test.images)
    report = group_recall(test.labels, predictions)
    recalls = {row["group"]: row["recall"] for row in report["groups"]}
    return {
        "accuracy": float((predictions == test.labels).mean()),
        "minority_recall": float(np.mean([recalls[label] for label in RARE])),
        "other_recall": float(np.mean([recalls[c] for c in recalls if c not in RARE])),
        "recall_gap": report["value"],
        "log10_seconds": log10_seconds(arm, trained[CNN]),
    }
