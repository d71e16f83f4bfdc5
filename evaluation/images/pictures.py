"""Pictures of a report of images: samples beside their nearest real ones, shares of classes."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from data.images.load import ImageDataset
from evaluation.metrics.distances import nearest_rows
from foundation.pictures import class_bars, image_grid, save_figure, save_image

FIRST_SAMPLES = 20  # drawn beside their nearest training images, chosen by nothing
MOST_CLASSES = 200  # of the class histogram


def draw(directory: Path, report: dict, images: np.ndarray, dataset: ImageDataset) -> None:
    """Write the pictures of a report.

    nearest_closest.png  the samples nearest to any training image, each left of that image
    nearest_first.png    the first samples, each left of its nearest training image
    class_histogram.png  share of each class, synthetic beside real (data with labels)
    """
    directory.mkdir(exist_ok=True)
    training, metrics = dataset.train.images, report["metrics"]
    first = images[:FIRST_SAMPLES]
    pairs = {"nearest_first": in_pairs(first, training, *nearest_rows(first, training))}
    if closest := metrics["nearest_training_pixels"].get("closest"):
        samples, neighbours, distances = (
            np.array([pair[key] for pair in closest]) for key in ("sample", "training", "distance")
        )
        pairs["nearest_closest"] = in_pairs(images[samples], training, neighbours, distances)
    for name, both in pairs.items():
        save_image(image_grid(both, columns=8, scale=2), directory / f"{name}.png")
    if metrics["class_shares"]["value"] is not None:
        figure = class_histogram(metrics["class_shares"], dataset.class_names)
        save_figure(figure, directory / "class_histogram.png")


def class_histogram(shares: dict, class_names: tuple[str, ...]) -> Figure:
    """Two bars for each class: its share among synthetic and among real images.

    Of more than 200 classes, the 200 whose shares differ most are drawn, in order.
    """
    synthetic, real = np.array(shares["value"]), np.array(shares["real"])
    most_different = np.argsort(-np.abs(synthetic - real), kind="stable")
    drawn = np.sort(most_different[:MOST_CLASSES])
    label = "class, as the feature network sees it"
    if len(drawn) < len(class_names):
        label += f": the {len(drawn)} of {len(class_names)} that differ most"
    bars = {"synthetic": synthetic[drawn], "real": real[drawn]}
    return class_bars(bars, [class_names[index] for index in drawn], "share", label)


def in_pairs(
    samples: np.ndarray, training: np.ndarray, indices: np.ndarray, distances: np.ndarray
) -> np.ndarray:
    """Samples beside their nearest training images, the nearest pair first.

    Args:
      samples, training: uint8 images; indices, distances: what `nearest_rows` returned.

    Returns: uint8 images (2 n, height, width, channels): sample, its neighbour, sample, ...
    """
    order = np.argsort(distances, kind="stable")
    pairs = np.stack([samples[order], training[indices[order]]], axis=1)  # (n, 2, h, w, c)
    return pairs.reshape(-1, *samples.shape[1:])
