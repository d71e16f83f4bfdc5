"""scikit-learn's digits as an image data set."""

import numpy as np
from sklearn.datasets import load_digits

from data.images.load import load_images


def test_digits_are_scikit_learns_in_splits_that_never_change():
    dataset = load_images("digits")
    assert dataset.name == "digits" and dataset.changes == ()
    assert dataset.image_shape == (8, 8, 1) and dataset.class_names == tuple("0123456789")
    assert [len(split) for split in dataset.splits.values()] == [1437, 180, 180]
    published = load_digits()
    of_pixels = {
        image.tobytes(): label
        for image, label in zip(published.images, published.target, strict=True)
    }
    for split in dataset.splits.values():
        for image, label in zip(split.images[..., 0], split.labels, strict=True):
            assert of_pixels.pop(np.rint(image / 255 * 16).tobytes()) == label
        shares = np.bincount(split.labels) / len(split)
        np.testing.assert_allclose(shares, np.bincount(published.target) / 1797, atol=0.008)
    assert of_pixels == {}
    assert dataset.train.images.max() == 255 and dataset.train.images.min() == 0
    # written down once: another split makes other figures
    assert dataset.sha256.startswith("33575939da874e61")
    larger = load_images("digits", image_size=12)
    assert larger.image_shape == (12, 12, 1) and len(larger.changes) == 1797
    assert larger.changes[0].reason == "resized to 12 x 12"
