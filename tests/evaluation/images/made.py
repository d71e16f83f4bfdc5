"""What tests of images share: bars at three heights, and a feature network that knows them."""

import numpy as np

from data.images.dataset import ImageDataset, ImageSplit
from data.synthetic.provenance import Samples
from evaluation.images.evidence import Sides

NAMES = ("low", "middle", "high")


def bars(count, seed, labels=None):
    """A bright bar at one of three heights (the class), drawn from five kinds in each."""
    generator = np.random.default_rng([9, seed])
    labels = np.arange(count) % 3 if labels is None else np.asarray(labels)
    images = generator.integers(0, 70, (count, 9, 9, 1))
    starts = generator.integers(0, 5, count)
    for image, label, start in zip(images, labels, starts, strict=True):
        image[3 * label : 3 * label + 3, start : start + 5] += 170
    return ImageSplit(images.astype(np.uint8), labels.astype(np.int64))


def made_dataset(labelled=True):
    parts = [bars(count, seed) for count, seed in ((360, 0), (150, 1), (180, 2))]
    if labelled:
        return ImageDataset("made", *parts, NAMES)
    return ImageDataset("made", *(ImageSplit(part.images, None) for part in parts), ())


DATASET = made_dataset()


def sides(network, split, dataset=DATASET):
    source = Samples("made", split.images, split.labels)
    return Sides.of(dataset, source, network, count=200, seed=0)
