"""What could close the gap between a GAN's digits and real ones as training data?

    python -m benchmarks.studies.gan_utility_gap RUN [RUN ...] [--made 60000] [--seed 0]

RUN is a conditional GAN trained on MNIST. An MLP learns from its samples, changed in one way at a
time, and a CNN where labels are changed: a CNN that learnt from real images says which samples show
the digit that was asked for. If wrong labels were the cause, leaving those samples out or giving
them the label that they show would help. If there were too few samples, more would help; if pixels
flicker that are calm in real images, leaving out directions in which these hardly vary; if kinds of
digits were missing, the images that only the MLP of real images recognises would lie farther from
the samples than from real images. Of several runs the first one's samples are changed, and a
mixture of all is another way. Judged on the validation images: to see what is worth trying, not to
report.
"""

import argparse
import itertools
from collections.abc import Mapping

import numpy as np

from baselines.parts.pca import Pca
from baselines.parts.pixels import to_images, to_rows
from data.images.dataset import ImageDataset, ImageSplit
from data.images.load import load_images
from evaluation.judges.images import CLASSIFIERS, Classifier, train_classifier
from evaluation.metrics.classes.bias import group_recall
from evaluation.metrics.distances import squared_distance_chunks
from foundation.purposes import BENCHMARK, rng
from gan.trained import CHUNK, TrainedGenerator
from training.stored import load_run

DIGITS = 10
WIDER = 1.15  # times the standard deviation of the noise in training
DARK = 8  # of 255
DIRECTIONS = 100  # principal components of the real images, of 784
MORE = 8  # times as many samples
BANDS = (0, 50, 100, 200, 400, 600)  # principal components


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="+", metavar="RUN")
    parser.add_argument("--made", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    mnist = load_images("mnist")
    generators = [load_run(run, "gan").generator for run in options.runs]
    generator = generators[0]
    made = drawn(generator, options.made, options.seed)
    images, asked = made.images, made.labels
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
        "another draw": drawn(generator, options.made, options.seed + 1),
        f"{MORE} times as many": drawn(generator, MORE * options.made, options.seed),
        "wider noise": ImageSplit(wider(generator, asked, options.seed), asked),
        "no dark pixels": ImageSplit(np.where(images < DARK, 0, images), asked),
        f"{DIRECTIONS} directions": ImageSplit(projected(images, mnist.train.images), asked),
    }
    if len(generators) > 1:
        parts = [drawn(each, options.made // len(generators), options.seed) for each in generators]
        changed[f"{len(generators)} GANs"] = ImageSplit(
            np.concatenate([part.images for part in parts]),
            np.concatenate([part.labels for part in parts]),
        )
    found = {}
    for name, sets in {"MLP": labelled | changed, "CNN": labelled}.items():
        for what, split in sets.items():
            classifier = trained(name, split, options.seed)
            found[f"{name}, {what}"] = report(f"{name}, {what}", classifier, mnist.validation)
    where_lost(found["MLP, real"], found["MLP, as asked for"], labelled, mnist.validation)
    variances(images, mnist)
    for choice in CLASSIFIERS["MLP"].candidates[1:]:
        for what in ("real", "as asked for"):
            classifier = trained("MLP", labelled[what], options.seed, choice)
            report(f"MLP, {what}, {choice}", classifier, mnist.validation)


def drawn(generator: TrainedGenerator, count: int, seed: int) -> ImageSplit:
    """Samples with the digits in turn."""
    labels = np.arange(count) % DIGITS
    return ImageSplit(generator.sample(seed, 0, count, labels), labels)


def projected(images: np.ndarray, real: np.ndarray) -> np.ndarray:
    """The images with nothing but the DIRECTIONS in which real ones vary most: uint8, as given."""
    pca = Pca.fit(to_rows(real), DIRECTIONS)
    return to_images(pca.decode(pca.encode(to_rows(images))), images.shape[1:])


def wider(generator: TrainedGenerator, labels: np.ndarray, seed: int) -> np.ndarray:
    """An image for each label, from noise WIDER times as wide: uint8 (count, h, w, c)."""
    random = rng(seed, BENCHMARK)
    size = generator.latent_dim
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


def report(what: str, classifier: Classifier, split: ImageSplit) -> np.ndarray:
    """Print how good it is; return what it says of each image."""
    found = classifier.predict(split.images)
    accuracy = 100 * float((found == split.labels).mean())
    print(f"{what}: {accuracy:.2f}; {by_digit(split.labels, found)}", flush=True)
    return found


def where_lost(
    by_real: np.ndarray, by_made: np.ndarray, sets: Mapping[str, ImageSplit], split: ImageSplit
) -> None:
    """How far the nearest training image of an image's digit is, where only one MLP is right."""
    groups = {
        "both right": (by_real == split.labels) & (by_made == split.labels),
        "lost": (by_real == split.labels) & (by_made != split.labels),
    }
    count = min(len(sets["real"]), len(sets["as asked for"]))
    of_real, of_made = (
        nearest(split, sets[name].take(np.arange(count))) for name in ("real", "as asked for")
    )
    for name, of in groups.items():
        real, made = np.median(of_real[of]), np.median(of_made[of])
        print(
            f"{name}: {of.sum()} images, nearest of its digit at {real:.2f} among {count} real "
            f"images and {made:.2f} among samples, {np.median(of_made[of] / of_real[of]):.3f} "
            "times as far (medians)",
            flush=True,
        )


def nearest(images: ImageSplit, among: ImageSplit) -> np.ndarray:
    """Distance from each image to the nearest one of its digit, pixels in [0, 1]: (count,)."""
    found = np.empty(len(images))
    for label in range(DIGITS):
        asked = np.flatnonzero(images.labels == label)
        others = to_rows(among.images[among.labels == label])
        for piece, squares in squared_distance_chunks(to_rows(images.images[asked]), others):
            found[asked[piece]] = np.sqrt(squares.min(axis=1).clip(min=0))
    return found


def variances(images: np.ndarray, mnist: ImageDataset) -> None:
    """How much samples vary along the directions of real images, beside other real images."""
    pca = Pca.fit(to_rows(mnist.train.images), BANDS[-1])
    made, real = (
        pca.encode(to_rows(each)).var(axis=0) for each in (images, mnist.validation.images)
    )
    for first, last in itertools.pairwise(BANDS):
        ratio = made[first:last].sum() / real[first:last].sum()
        print(f"variance in directions {first} to {last}: {ratio:.2f} times that of real images")


def by_digit(labels: np.ndarray, found: np.ndarray) -> str:
    """How many of each digit were found, in percent: labels and found int (count,)."""
    rows = group_recall(labels, found)["groups"]
    return "of 0 to 9: " + " ".join(f"{100 * row['recall']:.1f}" for row in rows)


if __name__ == "__main__":
    main()
