"""Do wrong labels explain what classifiers lose that learn from a GAN's digits?

    python -m benchmarks.gan_label_noise RUN [--made 60000] [--seed 0]

RUN is a conditional GAN trained on MNIST. A CNN that learnt from real images reads its samples;
then an MLP and a CNN learn from the samples with the labels asked for, from those alone whose label
the reader confirms, from all with the labels that the reader gives them, and from the real images.
If labels were the cause, the second and the third would be better than the first. Everything is
judged on real test images.
"""

import argparse

import numpy as np

from data.image_dataset import ImageSplit
from data.images import load_images
from evaluation.bias import group_recall
from evaluation.classifiers import Classifier, train_classifier
from gan.generate import load_generator

DIGITS = 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run")
    parser.add_argument("--made", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    mnist = load_images("mnist")
    asked = np.arange(options.made) % DIGITS
    images = load_generator(options.run).images(options.seed, 0, options.made, asked)
    seen = trained("CNN", mnist.train, options.seed).predict(images)
    confirmed = seen == asked
    sets = {
        "as asked for": ImageSplit(images, asked),
        "confirmed": ImageSplit(images[confirmed], asked[confirmed]),
        "relabelled": ImageSplit(images, seen),
        "real": mnist.train,
    }
    print(f"confirmed: {by_digit(asked, seen)}")
    for name in ("MLP", "CNN"):
        for what, split in sets.items():
            found = trained(name, split, options.seed).predict(mnist.test.images)
            accuracy = 100 * float((found == mnist.test.labels).mean())
            recalls = by_digit(mnist.test.labels, found)
            print(f"{name}, {what}: {accuracy:.2f}; {recalls}", flush=True)


def trained(name: str, split: ImageSplit, seed: int) -> Classifier:
    """A classifier with its first candidate of hyperparameters: nothing is chosen."""
    return train_classifier(name, split.images, split.labels, seed, num_classes=DIGITS)


def by_digit(labels: np.ndarray, found: np.ndarray) -> str:
    """How many of each digit were found, in percent: labels and found int (count,)."""
    rows = group_recall(labels, found)["groups"]
    return "of 0 to 9: " + " ".join(f"{100 * row['recall']:.1f}" for row in rows)


if __name__ == "__main__":
    main()
