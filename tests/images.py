"""What tests of images share: two classes that anybody tells apart."""

import numpy as np

from data.images.dataset import ImageSplit


def halves(count: int, seed: int, labels=None) -> ImageSplit:
    """Grey 8 x 8 images: a bright left (class 0) or right (1) half, in turn; no two are equal."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 2 if labels is None else labels
    images = generator.integers(0, 60, (count, 8, 8, 1), dtype=np.uint8)
    images[labels == 0, :, :4] += 180
    images[labels == 1, :, 4:] += 180
    return ImageSplit(images, labels)
