"""Linear discriminant analysis as it reduces dimensions: real and synthetic samples in one plane.

The plane is fitted to real training samples only, as the one in which their classes lie farthest
apart; held-out real and synthetic samples are both new to it. What the picture shows is only what
tells the classes apart: samples that differ from real ones in anything else fall together.
"""

import numpy as np
from matplotlib.figure import Figure
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.pipeline import Pipeline, make_pipeline
from threadpoolctl import threadpool_limits

from data.images.dataset import ImageSplit
from evaluation.metrics.arrays import drawn, image_rows
from foundation.errors import InputError
from foundation.purposes import PLANE_ROWS

MOST_FITTED = 10_000  # training images that the plane is fitted to
MOST_DRAWN = 2_000  # points of each side: more hide each other
COMPONENTS = 100  # principal components that the analysis starts from
MOST_COLOURS = 10  # classes with a colour of their own


def fit_plane(training: ImageSplit) -> Pipeline:
    """Principal components, then the analysis, of training images with at least three classes.

    Raises: InputError without labels, or with fewer classes (two span a line only).
    """
    classes = 0 if training.labels is None else len(np.unique(training.labels))
    if classes < 3:
        raise InputError(
            f"training images of {classes} classes", "at least 3", "a plane needs three points"
        )
    training = training.take(drawn(len(training), MOST_FITTED, 0, PLANE_ROWS))
    rows = image_rows("training images", training.images)
    # Constant pixels have no variance to be divided by, and 3,072 of them are slow: principal
    # components leave the former out and keep 91 % of MNIST's variance.
    pipeline = make_pipeline(
        PCA(min(COMPONENTS, *rows.shape), svd_solver="randomized", random_state=0),
        LinearDiscriminantAnalysis(n_components=2),
    )
    with threadpool_limits(1):  # more threads wait for each other on busy cores: 6 s, not 0.4
        return pipeline.fit(rows, training.labels)


def plane_accuracy(plane: Pipeline, split: ImageSplit) -> float:
    """Share whose label the whole analysis finds (all its directions, not only two)."""
    return float(plane.score(image_rows("images", split.images), split.labels))


def plane_figure(
    plane: Pipeline, real: ImageSplit, synthetic: ImageSplit, class_names: tuple[str, ...]
) -> Figure:
    """Held-out real images, synthetic images, and both clouds over each other.

    Args:
      plane: from `fit_plane`.
      real: held out, with labels.
      synthetic: with labels, or without: then they are grey.
      class_names: of the labels.
    """
    figure = Figure(figsize=(10.8, 3.9), layout="constrained")
    panels = figure.subplots(1, 3, sharex=True, sharey=True)
    sides = {
        f"real, held out ({min(len(real), MOST_DRAWN):,})": real,
        f"synthetic ({min(len(synthetic), MOST_DRAWN):,})": synthetic,
    }
    for axes, (title, split), colour, marker in zip(
        panels, sides.items(), ("black", "tab:red"), "ox", strict=False
    ):
        thinned = np.linspace(0, len(split) - 1, min(len(split), MOST_DRAWN)).round().astype(int)
        some = split.take(np.unique(thinned))
        points = plane.transform(image_rows("images", some.images))  # (points, 2)
        colours = {"c": "grey"}
        if some.labels is not None:
            colours = {"c": some.labels % MOST_COLOURS, "cmap": "tab10", "vmin": 0, "vmax": 9}
        axes.scatter(*points.T, s=4, alpha=0.6, **colours)
        axes.set_title(title)
        panels[2].scatter(*points.T, c=colour, marker=marker, s=4, alpha=0.35, label=title)
    panels[2].set_title("both")
    panels[2].legend(fontsize="small", markerscale=3)
    for label in range(min(len(class_names), MOST_COLOURS)):
        own = image_rows("images", real.images[real.labels == label])
        place, name = plane.transform(own).mean(axis=0), class_names[label][:12]
        for axes in panels[:2]:
            axes.text(*place, name, ha="center", va="center", fontsize="small", parse_math=False)
    figure.supxlabel(
        "the two directions in which the classes of the real training images lie farthest apart "
        "(linear discriminant analysis)",
        fontsize="small",
    )
    return figure
