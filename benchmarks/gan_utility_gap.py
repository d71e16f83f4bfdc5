"""What could close the gap between a GAN's digits and real ones as training data?

    python -m benchmarks.gan_utility_gap RUN [--made 60000] [--seed 0]

RUN is a conditional GAN trained on MNIST. An MLP learns from its samples, changed in one way at a
time, and a CNN where labels are changed: a CNN that learnt from real images says which samples show
the digit that was asked for. If wrong labels were the cause, leaving those samples out or giving
them the label that they show would help. Judged on the validation images: to see what is worth
trying, not to report.
"""

import argparse
from collections.abc import Mapping

import numpy as np

from data.image_dataset import ImageSplit
from data.images import load_images
from evaluation.bias import group_recall
from evaluation.classifiers import CLASSIFIERS, Classifier, train_classifier
from gan.generate import CHUNK, TrainedGenerator, load_generator

DIGITS = 10
WIDER = 1.15  # times the standard deviation of the noise in training
DARK = 8  # of 255


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run")
    parser.add_argument("--made", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    mnist, generator = load_images("mnist"), load_generator(options.run)
    asked = np.arange(options.made) % DIGITS
    images, again = (
        generator.images(draw, 0, options.made, asked) for draw in (options.seed, options.seed + 1)
    )
    shown = trained("CNN", mnist.train, options.seed).predict(images)
    print(f"the digit asked for is shown: {by_digit(asked, shown)}", flush=True)
    confirmed = shown == asked
    labelled = {
        "real": mnist.train,
        "as asked for": ImageSplit(images, asked),
        "confirmed": ImageSplit(images[confirmed], asked[confirmed]),
        "relabelled": ImageSplit(images, shown),
    }
    changed = {
        "another draw": ImageSplit(again, asked),
        "wider noise": ImageSplit(wider(generator, asked, options.seed), asked),
        "no dark pixels": ImageSplit(np.where(images < DARK, 0, images), asked),
    }
    for name, sets in {"MLP": labelled | changed, "CNN": labelled}.items():
        for what, split in sets.items():
            report(f"{name}, {what}", trained(name, split, options.seed), mnist.validation)
    for choice in CLASSIFIERS["MLP"].candidates[1:]:
        for what in ("real", "as asked for"):
            classifier = trained("MLP", labelled[what], options.seed, choice)
            report(f"MLP, {what}, {choice}", classifier, mnist.validation)


def wider(generator: TrainedGenerator, labels: np.ndarray, seed: int) -> np.ndarray:
    """An image for each label, from noise WIDER times as wide: uint8 (count, h, w, c)."""
    random = np.random.default_rng(seed)
    size = generator.settings["latent_dim"]
    images = np.empty((len(labels), *generator.image_shape), np.uint8)
    for label in range(DIGITS):
        wanted = np.flatnonzero(labels == label)
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            noise = WIDER * random.standard_normal((len(some), size))
            images[some] = generator.decode(noise.astype(np.float32), label)
    return images


def trained(name: str, split: ImageSplit, seed: int, choice: Mapping | None = None) -> Classifier:
    """A classifier with these hyperparameters, by default the first candidate's."""
    return train_classifier(
        name, split.images, split.labels, seed, num_classes=DIGITS, choice=choice
    )


def report(what: str, classifier: Classifier, split: ImageSplit) -> None:
    found = classifier.predict(split.images)
    accuracy = 100 * float((found == split.labels).mean())
    print(f"{what}: {accuracy:.2f}; {by_digit(split.labels, found)}", flush=True)


def by_digit(labels: np.ndarray, found: np.ndarray) -> str:
    """How many of each digit were found, in percent: labels and found int (count,)."""
    rows = group_recall(labels, found)["groups"]
    return "of 0 to 9: " + " ".join(f"{100 * row['recall']:.1f}" for row in rows)


if __name__ == "__main__":
    main()
