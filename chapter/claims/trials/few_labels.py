"""What do generators add where labelled images are few? They have seen those few and no others.

    none                  the labelled images alone
    augmentation          the same, each bent anew each time it is seen
    noise augmentation    the same, noise added anew
    gmm, vae, gan, ...    beside them samples of a generator that was fitted to them
    augmentation + vae    the same, real images and samples bent anew
    fresh real images     beside them other real images, in the samples' place: what is possible
    same images again     beside them themselves: what a larger step alone is worth

Every arm sees the labelled images equally often: as many steps with as many of them, and what is
added makes the step larger.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from chapter.claims.experiment import Measured
from chapter.claims.parts.arms import (
    AUGMENTATION,
    CNN,
    NOISE_AUGMENTATION,
    NONE,
    RECIPE,
    Trained,
    arm_of,
    augmentation,
    beside_samples,
    classifiers_of,
    corrupted,
    log10_seconds,
    measure_of,
    noise_augmentation,
    right,
    trainer_of,
)
from chapter.claims.parts.choices import Build, accuracy, choice_of, chosen
from chapter.claims.parts.generators import Made, fit_each
from chapter.claims.parts.images import TrialImages, at_most, trial_images
from data.images.dataset import ImageSplit
from evaluation.judges.arms import Arm
from evaluation.judges.few_labels import class_draw, labelled_indices
from evaluation.judges.images import Classifier
from evaluation.judges.networks import Augment
from evaluation.metrics.privacy.membership import attack
from foundation.purposes import CONTROL_IMAGES, rng

FRESH, AGAIN = "fresh real images", "same images again"
BESIDE_AUGMENTATION = ("gmm", "vae", "gan")


class RealImages(NamedTuple):
    """The real training images of a seed; no two parts share one.

    few: labelled, as many of each class: what the arms and the generators have.
    controls: as many of each class as `few`; nobody has seen them.
    fresh: as many as synthetic images are made, in place of these.
    """

    few: ImageSplit
    controls: ImageSplit
    fresh: ImageSplit


class Prepared(NamedTuple):
    """What one seed trains and judges with.

    build: name of an arm -> from the share of samples to the training set; None if it cannot be
    made. has_samples: the arms with a share to choose.
    """

    images: TrialImages
    real: RealImages
    made: dict[str, Made | None]
    augment: Augment
    build: dict[str, Build | None]
    has_samples: frozenset[str]


def few_labels_trial(seed: int, sizes: Mapping) -> Measured:
    """Accuracy with nothing added to a few labelled images, with augmentation, and with samples.

    Args:
      seed: of the labelled images, the generators, their samples, the classifiers.
      sizes: "data"; "recipe" of the augmentation; "labelled" images, "made" synthetic ones;
        "generators", their "preset", "vae_updates" and "gan_updates"; "classifiers", as
        `classifiers_of` takes them; "updates" and "batch_size" of a network; "validated", "tested"
        and "corrupted" images (None: all; none are corrupted: 0); "arms": which, default all;
        "choices", of `few_labels_choice`: without it, half of each step is samples.

    Returns: arm -> measure -> value:
      "accuracy": of the CNN on real test images, "logistic_regression", "mlp": of these;
      "accuracy_chosen_by_few": of the CNN, had the arm chosen by as many validation images as it
      has labelled ones (where it did choose); "nats_gap": the CNN's mean loss on test images less
      that on the labelled ones; "corrupted" and each kind: accuracy on worsened test images;
      "attack_auc": how well the synthetic images betray the labelled ones among others, 0.5 if not
      at all (of "none": fresh real images, which betray nothing); "log10_seconds".
      None throughout where the generator cannot be fitted to so few images.
      Rows of the accuracies and of "corrupted": a test image each.
    """
    ready = prepared(seed, sizes)
    trainer, test = trainer_of(ready.images, sizes), ready.images.dataset.test
    judges, choices = classifiers_of(sizes["classifiers"]), sizes.get("choices")
    # What could not be made when the arms chose has chosen nothing, and is not trained either.
    builds = {
        name: build if choices is None or name in choices else None
        for name, build in ready.build.items()
    }
    measures: dict = {name: {} for name in builds}
    rows: dict = {name: {} for name in builds}
    networks: dict[str, Trained | None] = {}

    def trained(name: str, classifier: str, part: str) -> tuple[Arm, Trained]:
        choice = choice_of(choices, name, classifier, part)
        arm = builds[name](choice["share"])
        trainer.check(name, arm)
        return arm, {classifier: trainer.train(arm, classifier, seed, choice["hyperparameters"])}

    for name, build in builds.items():
        networks[name] = None
        if build is None:
            continue
        for judge in judges:
            arm, found = trained(name, judge, "all")
            measure = "accuracy" if judge == CNN else measure_of(judge)
            rows[name][measure] = right(found[judge], test)
            if judge != CNN:
                continue
            networks[name] = found
            measures[name]["nats_gap"] = nats_gap(found[CNN], ready.real.few, test)
            if name != NONE:
                measures[name]["log10_seconds"] = log10_seconds(arm, found[CNN])
            if choices is not None:
                by_few = choice_of(choices, name, CNN, "few")
                same = by_few == {**choice_of(choices, name, CNN), "score": by_few["score"]}
                again = found if same else trained(name, CNN, "few")[1]
                rows[name]["accuracy_chosen_by_few"] = right(again[CNN], test)
    if sizes["corrupted"] != 0:
        worse, of_images = corrupted(networks, at_most(test, sizes["corrupted"]), seed)
        for name, values in worse.items():
            measures[name] |= values
            rows[name] |= of_images[name]
    for name, samples in attacking_samples(ready, sizes).items():
        if name in measures:
            measures[name]["attack_auc"] = attack_auc(ready.real, samples)
    for name, each in rows.items():
        measures[name] |= {measure: float(values.mean()) for measure, values in each.items()}
    every = dict.fromkeys(key for values in measures.values() for key in values)
    for name, build in builds.items():
        if build is None:
            measures[name] = every
    return Measured(measures, rows)


def few_labels_choice(seed: int, sizes: Mapping) -> dict:
    """What each arm chooses: hyperparameters, and the share of its samples; see `chosen`.

    Args:
      sizes: as `few_labels_trial`, and "candidates", "shares".
    """
    ready = prepared(seed, sizes)
    validation = ready.images.dataset.validation
    arms = {
        name: build and (build, sizes["shares"] if name in ready.has_samples else (None,))
        for name, build in ready.build.items()
    }
    parts = {"all": validation, "few": at_most(validation, sizes["labelled"])}
    judges, trainer = classifiers_of(sizes["classifiers"]), trainer_of(ready.images, sizes)
    return chosen(arms, trainer, judges, seed, sizes["candidates"], parts, accuracy)


def prepared(seed: int, sizes: Mapping) -> Prepared:
    """Draw the images, fit the generators, and say how each arm is built."""
    images = trial_images(sizes["validated"], sizes["tested"], sizes["data"])
    real = real_images(images.dataset.train, sizes["labelled"], sizes["made"], seed)
    dataset = dataclasses.replace(images.dataset, train=real.few)
    made = {
        name: generator and generator.balanced(seed, sizes["made"])
        for name, generator in fit_each(dataset, seed, sizes).items()
    }
    augment, batch = augmentation(seed, sizes.get("recipe", RECIPE)), sizes["batch_size"]

    def with_samples(source: Made | None, augment: Augment | None = None) -> Build | None:
        if source is None:
            return None
        return lambda share: beside_samples(
            real.few, source.source, share, batch, seconds=source.seconds, augment=augment
        )

    def with_real(images: ImageSplit) -> Build:
        return lambda share: beside_samples(real.few, images, share, batch)

    plain = arm_of(real.few)
    again = real.few.take(np.arange(sizes["made"]) % len(real.few))
    build: dict[str, Callable | None] = {
        NONE: lambda share: plain,
        AUGMENTATION: lambda share: plain._replace(augment=augment),
        NOISE_AUGMENTATION: lambda share: plain._replace(augment=noise_augmentation(seed)),
    }
    with_share: dict[str, Callable | None] = {
        **{name: with_samples(each) for name, each in made.items()},
        **{
            f"{AUGMENTATION} + {name}": with_samples(made[name], augment)
            for name in BESIDE_AUGMENTATION
            if name in made
        },
        FRESH: with_real(real.fresh),
        AGAIN: with_real(again),
    }
    build |= with_share
    build = {name: build[name] for name in sizes.get("arms", build)}
    return Prepared(images, real, made, augment, build, frozenset(with_share))


def real_images(train: ImageSplit, labelled: int, made: int, seed: int) -> RealImages:
    """Draw them. Raises: ValueError if a class has too few."""
    classes = int(train.labels.max()) + 1
    few = labelled_indices(train.labels, labelled, classes, seed)
    random = rng(seed, CONTROL_IMAGES)
    rest = np.setdiff1d(np.arange(len(train)), few)
    controls = rest[class_draw(train.labels[rest], np.full(classes, labelled // classes), random)]
    rest = np.setdiff1d(rest, controls)
    each = np.bincount(np.arange(made) % classes, minlength=classes)
    fresh = rest[class_draw(train.labels[rest], each, random)]
    return RealImages(train.take(few), train.take(controls), train.take(fresh))


def attacking_samples(ready: Prepared, sizes: Mapping) -> dict[str, np.ndarray | None]:
    """What an attacker is given, of the arms that have anything to give."""
    batch = min(sizes["batch_size"], len(ready.real.few))
    return {
        NONE: ready.real.fresh.images,
        AUGMENTATION: augmented_copies(ready.real.few, ready.augment, sizes["made"], batch),
        **{name: each and each.source.samples for name, each in ready.made.items()},
    }


def augmented_copies(few: ImageSplit, augment: Augment, count: int, batch: int) -> np.ndarray:
    """So many different copies, of each image in turn; uint8 (count, h, w, c).

    Made in batches of the size that the classifier is trained with: for another one the graph of
    the recipe would be built again.
    """
    made = []
    for start in range(0, count, batch):
        numbers = np.arange(start, start + batch)
        made.append(augment(few.images[numbers % len(few)], numbers, 0))
    return np.concatenate(made)[:count]


def nats_gap(classifier: Classifier, few: ImageSplit, test: ImageSplit) -> float:
    """The mean cross-entropy on test images less that on the training images, in nats."""
    losses = []
    for split in (test, few):
        own = classifier.probabilities(split.images)[np.arange(len(split)), split.labels]
        losses.append(float(-np.log(np.maximum(own, np.finfo(np.float32).tiny)).mean()))
    return losses[0] - losses[1]


def attack_auc(real: RealImages, samples: np.ndarray | None) -> float | None:
    """Of the attack by distance: are the labelled images nearer to the samples than others are?"""
    if samples is None:
        return None
    found = attack(real.few.images, real.controls.images, samples)
    return found["distance"]["auc"]
