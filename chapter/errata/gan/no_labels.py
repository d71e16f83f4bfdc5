"""E9. Generated images without labels

- **Place:** 4.3.1, step 3 (mix generated and real images into a larger data set).
- **Wrong:** The listing's generator takes noise only. What it draws has no label, and a data set
  for classification cannot be enlarged by images of which nobody knows what they show.
- **Shows:** `python run.py errata --only E9`: of 1,000 generated images 0 have a label, so no
  classifier can learn from them. With a conditional generator, trained for 12 short epochs at a
  rate of 5e-4, all 1,000 have one, and the simplest classifier (the nearest class mean) that sees
  nothing else is right about 78.4 % of real validation digits; 1,000 real images teach it 80.2 %.
- **Here:** `python run.py gan train --variant conditional`: the label enters both networks
  (`gan/conditional.py:build_generator`, `gan/conditional.py:build_discriminator`) and the files
  of `python run.py gan generate RUN --balanced`.
- **Test:** `tests/chapter/errata/gan/test_exhibits.py::test_e9_no_labels`
"""

import numpy as np
from matplotlib.figure import Figure

from chapter.errata.exhibit import Exhibit, Measures
from chapter.errata.gan.small_mnist import draw, new_gan, small_mnist, train_epoch
from gan.step import Gan


def exhibit(seed: int) -> Exhibit:
    """E9: what a classifier can learn from 1,000 generated images."""
    train, validation = small_mnist().train, small_mnist().validation
    without = new_gan("corrected", seed)
    # 2.5 times the chapter's rate: digits in 12 short epochs
    conditional = new_gan("conditional", seed, learning_rate=5e-4)
    for epoch in range(12):
        train_epoch(conditional, epoch)
    asked = np.arange(1000) % 10
    drawn = draw(conditional, len(asked), asked)

    def measures(gan: Gan, images: np.ndarray, labels: np.ndarray | None) -> Measures:
        real = validation.images, validation.labels
        learned = None if labels is None else nearest_mean_accuracy(images, labels, *real)
        return {
            "inputs of the generator": [each.name for each in gan.generator.inputs],
            "generated images": len(images),
            "of these with a label": 0 if labels is None else len(labels),
            "accuracy on real digits, learned from them": learned,
            "the same, learned from as many real images": nearest_mean_accuracy(
                train.images[: len(asked)], train.labels[: len(asked)], *real
            ),
        }

    return Exhibit(
        measures(without, draw(without, len(asked)), None),
        measures(conditional, drawn, asked),
        sample_rows(drawn[:50]),
    )


def nearest_mean_accuracy(
    images: np.ndarray, labels: np.ndarray, new_images: np.ndarray, new_labels: np.ndarray
) -> float:
    """Accuracy on new images of the simplest classifier: the class whose mean image is nearest."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    means = np.stack([flat[labels == label].mean(axis=0) for label in range(10)])  # (10, pixels)
    new = new_images.reshape(len(new_images), -1).astype(np.float32)
    squared = (means**2).sum(axis=1) - 2 * new @ means.T  # (count, 10), up to a constant a row
    return float((squared.argmin(axis=1) == new_labels).mean())


def sample_rows(images: np.ndarray) -> Figure:
    """E9: generated digits, column k asked for as the digit k.

    Args:
      images: uint8 (10 rows x 10, height, width, 1), labels 0 to 9 in turn.
    """
    rows = [
        np.concatenate(images[start : start + 10, ..., 0], axis=1) for start in range(0, 50, 10)
    ]
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.imshow(np.concatenate(rows), cmap="gray", vmin=0, vmax=255)
    width = images.shape[2]
    axes.set_xticks(np.arange(10) * width + width / 2, [str(label) for label in range(10)])
    axes.set(yticks=[], xlabel="label asked for", title="each synthetic image has a true label")
    return figure
