"""Train on synthetic images, alone and beside real ones, and test on real ones (MNIST).

    real                       the real training images of the trial
    augmentation               the same, each bent anew each time it is seen
    noise augmentation         the same, noise added anew
    gmm, vae, gan, ...         samples of one generator, and nothing else
    union                      as many, in equal parts of all generators
    gmm, noise removed, ...    samples of one generator, post-processed or filtered
    real + gmm, ...            the real images and as many samples
    real + same images again   the real images and themselves: what a larger step alone is worth

Every set trains the same classifiers for as many updates. An arm with real images sees them as
often as "real" does: what is added makes the step larger.
"""

import dataclasses
import itertools
import math
import time
from collections.abc import Mapping, Sequence

import numpy as np

from chapter.claims.experiment import Measured, Measures
from chapter.claims.parts.arms import (
    AUGMENTATION,
    CNN,
    NOISE_AUGMENTATION,
    arm_of,
    augmentation,
    beside_samples,
    classifiers_of,
    corrupted,
    decades,
    error_ratio,
    mean_right,
    measure_of,
    noise_augmentation,
    recalls,
    trainer_of,
)
from chapter.claims.parts.filter import filtered_samples
from chapter.claims.parts.generators import FittedGenerator, Made, fit_each
from chapter.claims.parts.images import at_most, trial_images
from chapter.claims.parts.sample_sets import RealImages, feature_network, split_of
from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.balancing import apportioned
from data.synthetic.postprocessing import postprocess
from evaluation.answers import answer
from evaluation.judges.arms import Arm, ArmTrainer
from evaluation.judges.few_labels import labelled_images
from evaluation.judges.images import Classifier
from evaluation.judges.networks import BATCH_SIZE, batches

REAL, UNION = "real", "union"
AGAIN = "real + same images again"  # the control of a larger step
IMPROVED = "gmm"  # whose samples are post-processed and filtered
FILTERED = f"{IMPROVED}, filtered"
NEXT_TRAINING = 10_000  # from one training of an arm to the next, in seeds
POSTPROCESSED = {f"{IMPROVED}, noise removed": "denoise", f"{IMPROVED}, smoothed": "smooth"}


def train_on_synthetic_trial(seed: int, sizes: Mapping) -> Measured:
    """What synthetic images are worth as training data, and how like real ones they are.

    Args:
      seed: of the real images (where they are not all), the generators, their samples, the
        classifiers.
      sizes: "real" images (None: all), "made" synthetic ones; "generators", their "preset",
        "vae_updates" and "gan_updates"; "beside_real": whose samples join the real images, of the
        generators and "union"; "classifiers" of real images, of each generator's and of the
        union's, the rest is judged by the CNN; "trainings" of each that are averaged; "updates" and
        "batch_size"; "validated", "tested" and "corrupted" images (None: all); "compared" images on
        each side, and "told_apart": how many of them a classifier learns to tell apart;
        "feature_images" (None: all) and "feature_epochs" (None: the recipe's) of the features.

    Returns: arm -> measure -> value:
      of every arm "cnn", ...: accuracy, "cnn_recall_0", ...: of each class, "worst_recall",
      "recall_gap" and "error_ratio" of the CNN's classes; of those with real images "corrupted" and
      each kind: accuracy on worsened test images;
      of every set of samples, and of "real" for other real images, `RealImages.measures`, and
      "label_confirmed": share whose label the CNN confirms that was trained on the real images;
      of the generators and of augmenting as many images, "log10_seconds" of the CPU.
      None throughout where the generator cannot be fitted, or too few samples pass the filter.
      Rows of the accuracies and of "corrupted": a test image each.
    """
    images = trial_images(sizes["validated"], sizes["tested"])
    train = real_images(images.dataset, sizes["real"], seed)
    dataset = dataclasses.replace(images.dataset, train=train)
    trainer, plain = trainer_of(images, sizes), arm_of(train)
    judges, again = classifiers_of(sizes["classifiers"]), sizes["trainings"]
    trained = {REAL: train_often(plain, trainer, judges, seed, again)}
    cnn = trained[REAL][CNN][0]

    fitted = fit_each(dataset, seed, sizes)
    made = {name: each and each.balanced(seed, sizes["made"]) for name, each in fitted.items()}
    samples = {name: each and split_of(each.source) for name, each in made.items()}
    samples[UNION] = union(list(samples.values()), sizes["made"])
    changed = {}
    if IMPROVED in made:
        changed = improved(fitted[IMPROVED], samples[IMPROVED], dataset, cnn, seed)
    batch = sizes["batch_size"]
    again_images = train.take(np.arange(sizes["made"]) % len(train))
    others = {
        AUGMENTATION: plain._replace(augment=augmentation(seed)),
        NOISE_AUGMENTATION: plain._replace(augment=noise_augmentation(seed)),
        AGAIN: beside_samples(train, again_images, 0.5, batch),
        **{name: arm_of(split) for name, split in changed.items()},
        **{
            f"{REAL} + {name}": samples[name] and beside_samples(train, samples[name], 0.5, batch)
            for name in sizes["beside_real"]
        },
    }
    for name, split in samples.items():
        trained[name] = split and train_often(arm_of(split), trainer, judges, seed, again)
    for name, arm in others.items():
        trained[name] = arm and train_often(arm, trainer, [CNN], seed, again)

    side = RealImages.of(
        dataset, feature_network(sizes), sizes["compared"], sizes["told_apart"], seed
    )
    measures, rows = accuracies(trained, dataset.test)
    worse, of_images = corrupted(
        {name: each and {CNN: each[CNN][0]} for name, each in with_real_images(trained).items()},
        at_most(dataset.test, sizes["corrupted"]),
        seed,
    )
    found = merged(
        measures,
        worse,
        side.measures({REAL: side.stand_in, **samples, **changed}, cnn),
        seconds(made, train, sizes["made"], seed),
    )
    return Measured(found, {name: each | of_images.get(name, {}) for name, each in rows.items()})


# One arm: key of CLASSIFIERS -> what several trainings have made of it.
Trainings = dict[str, list[Classifier]]


def train_often(
    arm: Arm, trainer: ArmTrainer, classifiers: Sequence[str], seed: int, times: int
) -> Trainings:
    """Each classifier trained several times, each with first weights and an order of its own (what
    augmentation draws for an image in an epoch is the same).

    Raises: InputError if the arm holds held-out images.
    """
    trainer.check("of the trial", arm)
    return {
        name: [trainer.train(arm, name, seed + NEXT_TRAINING * time) for time in range(times)]
        for name in classifiers
    }


def accuracies(
    trained: Mapping[str, Trainings | None], test: ImageSplit
) -> tuple[Measures, dict[str, dict[str, np.ndarray]]]:
    """How often real test images are recognised, those of each class, and each image's part."""
    measures, rows = {}, {}
    for name, classifiers in trained.items():
        measures[name], rows[name] = {}, {}
        for classifier, each in (classifiers or {}).items():
            found, measure = mean_right(each, test), measure_of(classifier)
            of_classes = recalls(found, test.labels)
            rows[name][measure] = found
            measures[name][measure] = float(found.mean())
            measures[name] |= {
                f"{measure}_recall_{label}": float(recall)
                for label, recall in enumerate(of_classes)
            }
            if classifier == CNN:
                measures[name] |= {
                    "worst_recall": float(of_classes.min()),
                    "recall_gap": float(np.ptp(of_classes)),
                    "error_ratio": error_ratio(of_classes),
                }
    return measures, rows


def real_images(dataset: ImageDataset, count: int | None, seed: int) -> ImageSplit:
    """The real training images of the trial, as many of each class; None: all there are."""
    if count is None:
        return dataset.train
    return labelled_images(dataset.train, count, dataset.num_classes, seed)


def with_real_images(trained: Mapping[str, Trainings | None]) -> dict[str, Trainings | None]:
    """What was trained on the real images, changed or not, alone or with others."""
    return {
        name: each
        for name, each in trained.items()
        if name in (REAL, AUGMENTATION, NOISE_AUGMENTATION) or name.startswith(f"{REAL} + ")
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
