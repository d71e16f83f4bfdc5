"""E9. Generated images without labels: see docs/errata.md."""

import numpy as np
from matplotlib.figure import Figure
from sklearn.neighbors import KNeighborsClassifier

from chapter.errata.exhibit import Exhibit, Measures
from chapter.errata.gan.small_mnist import draw, new_gan, small_mnist, train_epoch
from foundation.pictures import image_grid
from gan.step import Gan

EPOCHS, LEARNING_RATE = 8, 2e-3


def exhibit(seed: int) -> Exhibit:
    """E9: what a classifier can learn from 1,000 generated images."""
    without = new_gan("corrected", seed)
    conditional = new_gan("conditional", seed, learning_rate=LEARNING_RATE)
    for epoch in range(EPOCHS):
        train_epoch(conditional, epoch)
    asked = np.arange(1000) % 10
    drawn = draw(conditional, len(asked), asked)
    real = small_mnist().train.take(np.arange(len(asked)))

    def measures(gan: Gan, images: np.ndarray, labels: np.ndarray | None) -> Measures:
        return {
            "inputs of the generator": [each.name for each in gan.generator.inputs],
            "generated images": len(images),
            "of these with a label": 0 if labels is None else len(labels),
            "accuracy on real digits, learned from them": accuracy_after(images, labels),
            "the same, learned from as many real images": accuracy_after(real.images, real.labels),
        }

    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.imshow(image_grid(drawn[:50], columns=10), cmap="gray")
    axes.set(xticks=[], yticks=[], title="a column for each label asked for, 0 to 9")
    return Exhibit(
        measures(without, draw(without, len(asked)), None),
        measures(conditional, drawn, asked),
        figure,
    )


def accuracy_after(images: np.ndarray, labels: np.ndarray | None) -> float | None:
    """Accuracy on the validation digits of the simplest classifier, the nearest class mean."""
    if labels is None:
        return None
    new, flat = small_mnist().validation, images.reshape(len(images), -1)
    means = [flat[labels == label].mean(axis=0) for label in range(10)]
    model = KNeighborsClassifier(n_neighbors=1).fit(means, range(10))
    return float(model.score(new.images.reshape(len(new), -1), new.labels))
