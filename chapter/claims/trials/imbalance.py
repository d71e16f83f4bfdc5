"""Rare classes: three digits with few images each, seven with many. What helps the three?

    none                             the images alone
    class weights                    each class counts the same in the loss
    oversampling                     the rare ones repeated until all classes are as frequent
    augmentation                     the images, each bent anew each time it is seen
    oversampling + augmentation      both
    gmm, vae, gan, ...               the rare classes filled up with repeats and samples
    oversampling + augmentation + X  the same, all bent anew
    adaptive gmm                     as many samples, more of the classes that are found less often
    fresh real images                filled up with other real images: what is possible
    oversampling, drawn again        the repeats drawn anew: what chance is worth

Class weights and repeated images cost nothing, so generators must be better than these to be worth
anything here. Every arm has as many steps, and the frequent classes are the same in all.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from chapter.claims.experiment import Measured
from chapter.claims.parts.arms import (
    AUGMENTATION,
    CNN,
    NONE,
    RECIPE,
    arm_of,
    augmentation,
    classifiers_of,
    log10_seconds,
    measure_of,
    recalls,
    right,
    trainer_of,
)
from chapter.claims.parts.choices import Build, choice_of, chosen
from chapter.claims.parts.generators import GMM, FittedGenerator, fit_each
from chapter.claims.parts.images import TrialImages, trial_images
from data.images.dataset import ImageSplit
from data.synthetic.balancing import adaptive_counts, added_counts, balanced_weights
from evaluation.judges.arms import Arm
from evaluation.judges.few_labels import class_draw
from evaluation.judges.images import Classifier
from foundation.purposes import FRESH_IMAGES, REPEATED_IMAGES, UNBALANCED_IMAGES, rng

RARE = (1, 4, 8)
CLASS_WEIGHTS, OVERSAMPLING = "class weights", "oversampling"
BOTH = f"{OVERSAMPLING} + {AUGMENTATION}"
BESIDE_BOTH = ("interpolation", "gmm", "gan")
FRESH, AGAIN, ADAPTIVE = "fresh real images", "oversampling, drawn again", f"adaptive {GMM}"


class Prepared(NamedTuple):
    """What one seed trains and judges with; see few_labels.Prepared."""

    images: TrialImages
    real: ImageSplit
    fitted: dict[str, FittedGenerator | None]
    lacking: np.ndarray
    build: dict[str, Build | None]
    has_samples: frozenset[str]


def imbalance_trial(seed: int, sizes: Mapping) -> Measured:
    """Recall of the rare digits 1, 4 and 8 with nothing done, and with what can be done.

    Args:
      seed: of the real images, the generators, their samples, the classifiers.
      sizes: "data"; "recipe" of the augmentation; "rare" and "frequent": training images of each
        class; "generators", their "preset", "vae_updates" and "gan_updates"; "classifiers", as
        `classifiers_of` takes them; "updates" and "batch_size" of a network; "validated" and
        "tested" images (None: all); "choices", of `imbalance_choice`: without it, half of what
        fills up a rare class is samples.

    Returns: arm -> measure -> value, of real test images and the CNN: "accuracy";
      "minority_recall" and "other_recall", means over the classes; "recall_gap" between the best
      and the worst class; "log10_seconds", None where no images are made; of other classifiers
      "mlp_minority_recall", .... None throughout where a generator cannot be fitted.
      Rows of "minority_recall" and its like: a test image of the rare classes each.
    """
    ready = prepared(seed, sizes)
    trainer, test = trainer_of(ready.images, sizes), ready.images.dataset.test
    judges, choices = classifiers_of(sizes["classifiers"]), sizes.get("choices")
    # What could not be made when the arms chose has chosen nothing, and is not trained either.
    build = {
        name: each if choices is None or name in choices else None
        for name, each in ready.build.items()
    }
    cnns: dict[str, Classifier] = {}
    measures: dict = {}
    rows: dict = {}

    def judge(name: str, choices: Mapping | None = choices) -> None:
        measures[name], rows[name] = {}, {}
        for classifier in judges if build[name] else ():
            choice = choice_of(choices, name, classifier)
            arm = build[name](choice["share"])
            trainer.check(name, arm)
            found = trainer.train(arm, classifier, seed, choice["hyperparameters"])
            hits = right(found, test)
            prefix = "" if classifier == CNN else f"{measure_of(classifier)}_"
            rare = np.isin(test.labels, RARE)
            rows[name][f"{prefix}minority_recall"] = balanced(hits[rare], test.labels[rare])
            of_classes = recalls(hits, test.labels)
            measures[name][f"{prefix}minority_recall"] = float(of_classes[list(RARE)].mean())
            if classifier == CNN:
                cnns[name] = found
                measures[name] |= {
                    "accuracy": float(hits.mean()),
                    "other_recall": float(np.delete(of_classes, RARE).mean()),
                    "recall_gap": float(np.ptp(of_classes)),
                    "log10_seconds": log10_seconds(arm, found),
                }

    for name in ready.build:
        judge(name)
    if GMM in ready.fitted and cnns:
        # More of the classes that a classifier trained on the real images finds less often.
        build[ADAPTIVE] = ready.fitted[GMM] and adaptive(ready, cnns[NONE], seed)
        judge(ADAPTIVE, None)  # it has no share to choose
    every = dict.fromkeys(measures[NONE])
    return Measured({name: values or every for name, values in measures.items()}, rows)


def imbalance_choice(seed: int, sizes: Mapping) -> dict:
    """What each arm chooses: hyperparameters, and the share of its samples; see `chosen`.

    Args:
      sizes: as `imbalance_trial`, and "candidates", "shares".
    """
    ready = prepared(seed, sizes)
    arms = {
        name: build and (build, sizes["shares"] if name in ready.has_samples else (None,))
        for name, build in ready.build.items()
    }
    parts = {"all": ready.images.dataset.validation}
    judges, trainer = classifiers_of(sizes["classifiers"]), trainer_of(ready.images, sizes)
    return chosen(arms, trainer, judges, seed, sizes["candidates"], parts, minority_recall)


def minority_recall(classifier: Classifier, split: ImageSplit) -> float:
    """The mean recall of the rare classes."""
    return float(recalls(right(classifier, split), split.labels)[list(RARE)].mean())


def prepared(seed: int, sizes: Mapping) -> Prepared:
    """Draw the images, fit the generators, and say how each arm is built."""
    images = trial_images(sizes["validated"], sizes["tested"], sizes["data"])
    classes = images.dataset.num_classes
    real, others = unbalanced(images.dataset.train, sizes["rare"], sizes["frequent"], classes, seed)
    lacking = added_counts(sizes["frequent"], np.bincount(real.labels, minlength=classes))
    fitted = fit_each(dataclasses.replace(images.dataset, train=real), seed, sizes)
    augment = augmentation(seed, sizes.get("recipe", RECIPE))
    plain = arm_of(real)
    repeated = filled_up(real, [repeats(real, lacking, seed, 0)])

    def with_samples(generator: FittedGenerator | None, **given) -> Build | None:
        if generator is None:
            return None

        def build(share: float) -> Arm:
            made = np.round(share * lacking).astype(np.int64)
            source = generator.made(seed, np.repeat(np.arange(classes), made))
            samples = ImageSplit(source.source.samples, source.source.labels)
            parts = [repeats(real, lacking - made, seed, 0), samples]
            return filled_up(real, parts)._replace(seconds=source.seconds, **given)

        return build

    def with_fresh(share: float) -> Arm:
        made = np.round(share * lacking).astype(np.int64)
        random = rng(seed, FRESH_IMAGES)
        fresh = others.take(class_draw(others.labels, made, random))
        return filled_up(real, [repeats(real, lacking - made, seed, 0), fresh])

    fixed: dict[str, Callable] = {
        NONE: lambda share: plain,
        CLASS_WEIGHTS: lambda share: plain._replace(sample_weight=balanced_weights(real.labels)),
        OVERSAMPLING: lambda share: repeated,
        AGAIN: lambda share: filled_up(real, [repeats(real, lacking, seed, 1)]),
        AUGMENTATION: lambda share: plain._replace(augment=augment),
        BOTH: lambda share: repeated._replace(augment=augment),
    }
    with_share: dict[str, Callable | None] = {
        **{name: with_samples(generator) for name, generator in fitted.items()},
        **{
            f"{BOTH} + {name}": with_samples(fitted[name], augment=augment)
            for name in BESIDE_BOTH
            if name in fitted
        },
        FRESH: with_fresh,
    }
    return Prepared(images, real, fitted, lacking, fixed | with_share, frozenset(with_share))


def unbalanced(
    train: ImageSplit, rare: int, frequent: int, classes: int, seed: int
) -> tuple[ImageSplit, ImageSplit]:
    """`rare` training images of each class in RARE, `frequent` of the others; and the rest."""
    counts = np.full(classes, frequent)
    counts[list(RARE)] = rare
    chosen_ones = class_draw(train.labels, counts, rng(seed, UNBALANCED_IMAGES))
    rest = np.setdiff1d(np.arange(len(train)), chosen_ones)
    return train.take(chosen_ones), train.take(rest)


def repeats(real: ImageSplit, counts: np.ndarray, seed: int, draw: int) -> ImageSplit:
    """counts[c] images of each class c once more or several times, drawn at random."""
    random = rng(seed, REPEATED_IMAGES, draw)
    again = [
        random.choice(np.flatnonzero(real.labels == label), count)
        for label, count in enumerate(counts)
    ]
    return real.take(np.concatenate(again))


def filled_up(real: ImageSplit, parts: list[ImageSplit]) -> Arm:
    """All images, and those of the parts."""
    return Arm(
        np.concatenate([real.images, *(part.images for part in parts)]),
        np.concatenate([real.labels, *(part.labels for part in parts)]),
    )


def adaptive(ready: Prepared, judge: Classifier, seed: int) -> Build:
    """The mixture's samples where the recall of a classifier on validation images is low."""
    validation = ready.images.dataset.validation
    of_classes = recalls(right(judge, validation), validation.labels)
    counts = adaptive_counts(of_classes, int(ready.lacking.sum()))

    def build(share: float | None) -> Arm:
        source = ready.fitted[GMM].made(seed, np.repeat(np.arange(len(counts)), counts))
        samples = ImageSplit(source.source.samples, source.source.labels)
        return filled_up(ready.real, [samples])._replace(seconds=source.seconds)

    return build


def balanced(hits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Each image's part of the mean recall of the classes: their mean is that mean."""
    counts = np.bincount(labels)
    return hits * len(labels) / (np.count_nonzero(counts) * counts[labels])
