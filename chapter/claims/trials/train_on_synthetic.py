"""Train on synthetic images, alone and beside real ones, and test on real ones (MNIST).

    real                       the real training images of the trial
    augmentation               the same, each changed anew each time it is seen
    gmm, vae, gan, ...         samples of one generator, and nothing else
    union                      as many, in equal parts of all generators
    gmm, noise removed, ...    samples of one generator, post-processed or filtered
    real + gmm, ...            the real images and as many samples

Every set trains the same classifiers, for as many updates, with as many candidates of
hyperparameters to choose from on real validation images.
"""

import dataclasses
import itertools
import math
import time
from collections.abc import Mapping, Sequence

import numpy as np

from chapter.claims.experiment import Measures
from chapter.claims.parts.arms import (
    CNN,
    Trained,
    accuracies,
    arm_of,
    augmentation,
    classifiers_of,
    corrupted,
    decades,
    trainer_of,
)
from chapter.claims.parts.filter import filtered_samples
from chapter.claims.parts.generators import FittedGenerator, Made, fit_each
from chapter.claims.parts.images import at_most, trial_images
from chapter.claims.parts.sample_sets import RealImages, feature_network, split_of
from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.balancing import apportioned
from data.synthetic.fusion import fuse
from data.synthetic.guard import HeldOut
from data.synthetic.postprocessing import postprocess
from data.synthetic.provenance import Samples
from evaluation.answers import answer
from evaluation.judges.arms import Arm
from evaluation.judges.few_labels import labelled_images
from evaluation.judges.images import Classifier
from evaluation.judges.networks import BATCH_SIZE, batches

REAL, AUGMENTATION, UNION = "real", "augmentation", "union"
IMPROVED = "gmm"  # whose samples are post-processed and filtered
FILTERED = f"{IMPROVED}, filtered"
POSTPROCESSED = {f"{IMPROVED}, noise removed": "denoise", f"{IMPROVED}, smoothed": "smooth"}


def train_on_synthetic_trial(seed: int, sizes: Mapping) -> Measures:
    """What synthetic images are worth as training data, and how like real ones they are.

    Args:
      seed: of the real images (where they are not all), the generators, their samples, the
        classifiers.
      sizes: "real" images (None: all), "made" synthetic ones; "generators", their "preset",
        "vae_updates" and "gan_updates"; "beside_real": whose samples join the real images, of the
        generators and "union"; "classifiers" of real images, of each generator's and of the
        union's, "classifiers_of_others" of the rest; their "candidates", "updates" and
        "batch_size"; "validated", "tested" and "corrupted" images (None: all); "compared" images on
        each side, and "told_apart": how many of them a classifier learns to tell apart;
        "feature_images" (None: all) and "feature_epochs" (None: the recipe's) of the features.

    Returns: arm -> measure -> value:
      of every arm `accuracies`, of those with real images also "corrupted": mean accuracy on
      worsened test images;
      of every set of samples, and of "real" for other real images, `RealImages.measures`, and
      "label_confirmed": share whose label the CNN confirms that was trained on the real images;
      of the generators and of augmenting as many images, "log10_seconds" of the CPU.
      None throughout where the generator cannot be fitted, or too few samples pass the filter.
    """
    images = trial_images(sizes["validated"], sizes["tested"])
    train = real_images(images.dataset, sizes["real"], seed)
    dataset = dataclasses.replace(images.dataset, train=train)
    trainer, plain = trainer_of(images, sizes), arm_of(train)
    judges = classifiers_of(sizes["classifiers"])
    trained = trainer.train_all({REAL: plain}, judges, seed)
    cnn = trained[REAL][CNN]

    fitted = fit_each(dataset, seed, sizes)
    made = {name: each and each.balanced(seed, sizes["made"]) for name, each in fitted.items()}
    samples = {name: each and split_of(each.source) for name, each in made.items()}
    samples[UNION] = union(list(samples.values()), sizes["made"])
    changed = {}
    if IMPROVED in made:
        changed = improved(fitted[IMPROVED], samples[IMPROVED], dataset, cnn, seed)
    others = {
        AUGMENTATION: plain._replace(augment=augmentation(seed)),
        **{name: arm_of(split) for name, split in changed.items()},
        **{
            f"{REAL} + {name}": real_and(samples[name], train, images.held_out, seed)
            for name in sizes["beside_real"]
        },
    }
    alone = {name: arm_of(split) for name, split in samples.items()}
    trained |= trainer.train_all(alone, judges, seed)
    trained |= trainer.train_all(others, classifiers_of(sizes["classifiers_of_others"]), seed)

    side = RealImages.of(
        dataset, feature_network(sizes), sizes["compared"], sizes["told_apart"], seed
    )
    return merged(
        accuracies(trained, dataset.test),
        corrupted(with_real_images(trained), at_most(dataset.test, sizes["corrupted"]), seed),
        side.measures({REAL: side.stand_in, **samples, **changed}, cnn),
        seconds(made, train, sizes["made"], seed),
    )


def real_images(dataset: ImageDataset, count: int | None, seed: int) -> ImageSplit:
    """The real training images of the trial, as many of each class; None: all there are."""
    if count is None:
        return dataset.train
    return labelled_images(dataset.train, count, dataset.num_classes, seed)


def with_real_images(trained: Mapping[str, Trained | None]) -> dict[str, Trained | None]:
    """What was trained on the real images, changed or not, alone or with others."""
    return {
        name: each
        for name, each in trained.items()
        if name in (REAL, AUGMENTATION) or name.startswith(f"{REAL} + ")
    }


def union(samples: Sequence[ImageSplit | None], count: int) -> ImageSplit | None:
    """The first samples of every generator that there is, in equal parts, `count` in all."""
    present = [split for split in samples if split is not None]
    if not present:
        return None
    counts = apportioned(count, np.ones(len(present)))
    parts = [split.take(np.arange(n)) for split, n in zip(present, counts, strict=True)]
    return ImageSplit(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def improved(
    generator: FittedGenerator | None,
    samples: ImageSplit | None,
    dataset: ImageDataset,
    judge: Classifier,
    seed: int,
) -> dict[str, ImageSplit | None]:
    """The samples post-processed, and as many that have passed the quality filter."""
    if generator is None:
        return dict.fromkeys((*POSTPROCESSED, FILTERED))
    count, splits = len(samples), (dataset.train, dataset.validation)

    def kept() -> dict:
        return {"value": split_of(filtered_samples(generator, seed, count, *splits, judge))}

    return {
        **{
            name: ImageSplit(postprocess(samples.images, [step]), samples.labels)
            for name, step in POSTPROCESSED.items()
        },
        FILTERED: answer(kept)["value"],
    }


def real_and(
    split: ImageSplit | None, train: ImageSplit, held_out: HeldOut, seed: int
) -> Arm | None:
    """Real images and as many samples, with the classes in the real shares."""
    if split is None:
        return None
    real, made = (
        Samples(name, part.images, part.labels) for name, part in (("real", train), ("made", split))
    )
    both = fuse(real, [made], ratio=1.0, held_out=held_out, seed=seed)
    return Arm(both.images, both.labels)


def seconds(made: Mapping[str, Made | None], train: ImageSplit, count: int, seed: int) -> Measures:
    """Of the CPU: what the generators took, and what augmenting as many images takes.

    The graph of the augmentation is there already: whether a seed is the first one is no matter.
    """
    augment, batch = augmentation(seed), min(BATCH_SIZE, len(train))
    stream = batches(len(train), batch, seed)
    number, indices = next(stream)
    augment(train.images[indices], indices, number)
    used = time.process_time()
    for number, indices in itertools.islice(stream, math.ceil(count / batch)):
        augment(train.images[indices], indices, number)
    taken = {AUGMENTATION: time.process_time() - used}
    taken |= {name: each.seconds for name, each in made.items() if each is not None}
    return {name: {"log10_seconds": decades(each)} for name, each in taken.items()}


def merged(*parts: Measures) -> Measures:
    """All measures of each arm; those of "real", without a value, for an arm without any."""
    found: Measures = {}
    for part in parts:
        for name, values in part.items():
            found[name] = found.get(name, {}) | values
    return {name: values or dict.fromkeys(found[REAL]) for name, values in found.items()}
