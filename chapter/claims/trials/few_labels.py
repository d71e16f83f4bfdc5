"""What do generators add where labelled images are few? They have seen those few and no others.

Every arm has the same real images, the same candidates and the same number of updates. Real images
and synthetic ones weigh the same in all, however many of them there are.
"""

import dataclasses
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from chapter.claims.experiment import Measures
from chapter.claims.parts.arms import (
    CNN,
    NONE,
    Trained,
    augmentation,
    corrupted,
    log10_seconds,
    trainer_of,
)
from chapter.claims.parts.generators import VAE, Made, fit_each
from chapter.claims.parts.images import at_most, trial_images
from data.images.dataset import ImageSplit
from data.synthetic.fusion import fuse
from data.synthetic.guard import HeldOut
from data.synthetic.provenance import Samples
from data.synthetic.weights import balanced_weights
from evaluation.judges.arms import Arm
from evaluation.judges.few_labels import class_draw, labelled_indices
from evaluation.judges.networks import Augment
from evaluation.metrics.privacy.membership import attack
from foundation.purposes import CONTROL_IMAGES, rng

AUGMENTATION = "augmentation"
BOTH = f"{AUGMENTATION} + {VAE}"


def few_labels_trial(seed: int, sizes: Mapping) -> Measures:
    """Accuracy with nothing added to a few labelled images, with augmentation, and with samples.

    Args:
      seed: of the labelled images, the generators, their samples, the classifiers.
      sizes: "labelled" images, "made" synthetic ones; "generators", their "preset",
        "vae_updates" and "gan_updates"; "candidates", "updates" and "batch_size" of the
        classifier; "validated", "tested" and "corrupted" images (None: all; none are corrupted: 0).

    Returns: arm -> measure -> value:
      "accuracy": of the CNN on real test images; "train_accuracy": on the labelled images;
      "overfitting": the second less the first; "corrupted": mean accuracy on worsened test images;
      "attack_auc": how well the synthetic images betray the labelled ones among others, 0.5 if not
      at all (of "none": fresh real images, which betray nothing); "log10_seconds".
      None throughout where the generator cannot be fitted to so few images.
    """
    images = trial_images(sizes["validated"], sizes["tested"])
    real = real_images(images.dataset.train, sizes["labelled"], sizes["made"], seed)
    dataset = dataclasses.replace(images.dataset, train=real.few)
    made = {
        name: generator and generator.balanced(seed, sizes["made"])
        for name, generator in fit_each(dataset, seed, sizes).items()
    }
    augment = augmentation(seed)
    arms = {
        NONE: Arm(real.few.images, real.few.labels),
        AUGMENTATION: Arm(real.few.images, real.few.labels, augment=augment),
        **{name: with_samples(real.few, each, images.held_out) for name, each in made.items()},
    }
    if VAE in made:
        arms[BOTH] = arms[VAE] and arms[VAE]._replace(augment=augment)
    trained = trainer_of(images, sizes).train_all(arms, [CNN], seed)
    samples = {
        NONE: real.fresh.images,
        AUGMENTATION: augmented_copies(real.few, augment, sizes["made"], sizes["batch_size"]),
        **{name: each and each.source.samples for name, each in made.items()},
    }
    measures = {
        name: measures_of(name, arm, trained[name], real.few, dataset.test)
        for name, arm in arms.items()
    }
    if sizes["corrupted"] != 0:
        worse = corrupted(trained, at_most(dataset.test, sizes["corrupted"]), seed)
        for name, values in measures.items():
            values |= worse.get(name, {"corrupted": None})
    for name, values in measures.items():
        if name in samples:
            values["attack_auc"] = attack_auc(real, samples[name])
    return measures


class RealImages(NamedTuple):
    """The real training images of a seed; no two parts share one.

    few: labelled, as many of each class: what the arms and the generators have.
    controls: as many of each class as `few`; nobody has seen them.
    fresh: as many as synthetic images are made, in place of these for an arm that has none.
    """

    few: ImageSplit
    controls: ImageSplit
    fresh: ImageSplit


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


def with_samples(few: ImageSplit, made: Made | None, held_out: HeldOut) -> Arm | None:
    """The real images and the synthetic ones, each half of the weight."""
    if made is None:
        return None
    real = Samples("real", few.images, few.labels)
    fused = fuse(real, [made.source], held_out=held_out)
    weights = balanced_weights(fused.provenance.source)
    return Arm(fused.images, fused.labels, weights, seconds=made.seconds)


def augmented_copies(few: ImageSplit, augment: Augment, count: int, batch_size: int) -> np.ndarray:
    """So many different copies, of each image in turn; uint8 (count, h, w, c).

    Made in batches of the size that the classifier is trained with: for another one the graph of
    the recipe would be built again.
    """
    batch = min(batch_size, len(few))
    made = []
    for start in range(0, count, batch):
        numbers = np.arange(start, start + batch)
        made.append(augment(few.images[numbers % len(few)], numbers, 0))
    return np.concatenate(made)[:count]


def measures_of(
    name: str, arm: Arm | None, trained: Trained | None, few: ImageSplit, test: ImageSplit
) -> dict[str, float | None]:
    """What the CNN of an arm reaches on both, and the seconds of the arm."""
    values = dict.fromkeys(("accuracy", "train_accuracy", "overfitting"))
    if name != NONE:
        values["log10_seconds"] = arm and log10_seconds(arm, trained[CNN])
    if trained is not None:
        tested, seen = trained[CNN].accuracy(test), trained[CNN].accuracy(few)
        values |= {"accuracy": tested, "train_accuracy": seen, "overfitting": seen - tested}
    return values


def attack_auc(real: RealImages, samples: np.ndarray | None) -> float | None:
    """Of the attack by distance: are the labelled images nearer to the samples than others are?"""
    if samples is None:
        return None
    found = attack(real.few.images, real.controls.images, samples)
    return found["distance"]["auc"]
